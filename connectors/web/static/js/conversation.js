// What has been said, what is still on its way, and what arrived twice. No DOM in here.

import { randomId } from "./dom.js";
import { recall, remember } from "./storage.js";

const ACK_WITHIN_MS = 12000;
const LOST_TEXT = "网络不稳，没有送达";

export class Conversation {
  #connection;
  #view;
  #token = recall("conversation");
  #last = 0;
  #seen = new Set();
  #own = new Set();
  #pending = new Map();

  /** True once the server has greeted and until the line is lost. */
  ready = false;

  /**
   * `view` has ready(restored), message(message, restored), sent(entry), delivered(id, message),
   * undelivered(id, text, final), typing(on), trouble(text) and clear().
   */
  constructor(connection, view) {
    this.#connection = connection;
    this.#view = view;
  }

  greet() {
    this.#connection.send({ type: "hello", conversation: this.#token, after: this.#last });
  }

  lost() {
    this.ready = false;
    this.#view.typing(false);
  }

  /** Show the citizen's words at once and send the frame; the answer to it is an ack. */
  deliver(frame, text) {
    const entry = { frame: { ...frame, id: randomId() }, text };
    this.#own.add(entry.frame.id);
    this.#view.sent(entry);
    this.#transmit(entry);
  }

  /** Send the same message again under the same id, so that it can never be stored twice. */
  resend(entry) {
    this.#transmit(entry);
  }

  restart() {
    this.#transmit({ frame: { type: "restart", id: randomId() }, silent: true });
  }

  receive(frame) {
    const handlers = {
      welcome: () => this.#welcome(frame),
      message: () => this.#take(frame.message, false),
      typing: () => this.#view.typing(Boolean(frame.on)),
      ack: () => this.#acknowledge(frame.id, frame),
      error: () => this.#refuse(frame),
    };
    const known = Object.hasOwn(handlers, frame.type);
    if (known) handlers[frame.type]();
    else console.warn("unknown frame", frame.type);
  }

  #transmit(entry) {
    const { id } = entry.frame;
    if (!this.ready || !this.#connection.send(entry.frame)) {
      this.#miss(entry);
      return;
    }
    const timer = setTimeout(() => this.#overdue(entry), ACK_WITHIN_MS);
    this.#pending.set(id, { entry, timer });
  }

  #overdue(entry) {
    this.#forget(entry.frame.id);
    this.#miss(entry);
    // No answer in this time means a dead line that has not noticed it yet.
    this.#connection.abandon();
  }

  #miss(entry) {
    if (entry.silent) this.#view.trouble("没能重新开始，请稍后再试。");
    else this.#view.undelivered(entry.frame.id, LOST_TEXT, false);
  }

  #forget(id) {
    const waiting = this.#pending.get(id);
    clearTimeout(waiting?.timer);
    this.#pending.delete(id);
    return waiting?.entry;
  }

  #welcome(frame) {
    if (this.#token !== frame.conversation) this.#begin(frame.conversation);
    const first = this.#last === 0;
    for (const message of frame.history) this.#take(message, first);
    this.ready = true;
    this.#connection.settle();
    // Whatever the history does not hold was lost with the old line.
    for (const { entry } of [...this.#pending.values()]) {
      this.#forget(entry.frame.id);
      this.#miss(entry);
    }
    this.#view.ready(first ? frame.history.length : 0);
  }

  #begin(token) {
    this.#token = token;
    remember("conversation", token);
    this.#last = 0;
    this.#seen.clear();
    this.#own.clear();
    this.#pending.forEach((_, id) => this.#forget(id));
    this.#view.clear();
  }

  #take(message, restored) {
    if (message.client_id && this.#own.has(message.client_id)) {
      this.#acknowledge(message.client_id, message);
      return;
    }
    if (!this.#mark(message.seq)) return;
    if (message.author !== "citizen") this.#view.typing(false);
    this.#view.message(message, restored);
  }

  #acknowledge(id, stored) {
    this.#forget(id);
    // A restart is not shown, and an ack from before it says nothing about the new conversation.
    if (!this.#own.has(id)) return;
    this.#mark(stored.seq);
    this.#view.delivered(id, stored);
  }

  #refuse({ id, text }) {
    const entry = id ? this.#forget(id) : null;
    if (id && !entry?.silent) this.#view.undelivered(id, text, true);
    else this.#view.trouble(text);
  }

  /** Note a number as seen; false where it was seen before. */
  #mark(seq) {
    if (this.#seen.has(seq)) return false;
    this.#seen.add(seq);
    this.#last = Math.max(this.#last, seq);
    return true;
  }
}
