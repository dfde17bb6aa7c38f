// What has been said, what is still on its way, and what arrived twice. No DOM in here.

import { randomId } from "./dom.js";
import { Outbox } from "./outbox.js";
import { recall, remember } from "./storage.js";

// What makes sense in a new conversation too; a button belongs to the one that offered it.
const CARRIED = new Set(["say", "person"]);

export class Conversation {
  #connection;
  #view;
  #outbox;
  #token = recall("conversation");
  #last = 0;
  #seen = new Set();
  #own = new Set();
  #restarting = "";

  /** True once the server has greeted and until the line is lost. */
  ready = false;

  /**
   * `view` has ready(restored), message(message, restored), sent(entry, carried),
   * delivered(id, message), held(id, text), refused(id, text, again), typing(on, agent)
   * (`agent`: "" for the assistant, left out where nobody types any more), control(frame), trouble(text) and clear().
   */
  constructor(connection, view) {
    this.#connection = connection;
    this.#view = view;
    this.#outbox = new Outbox(
      (frame) => this.ready && connection.send(frame), () => connection.abandon());
  }

  greet() {
    this.#connection.send({ type: "hello", conversation: this.#token, after: this.#last });
  }

  lost() {
    this.ready = false;
    this.#outbox.pause();
    for (const entry of this.#outbox.entries) this.#hold(entry, "");
    this.#view.typing(false);
    if (this.#restarting) this.#notRestarted();
  }

  /** Show the citizen's words at once and send the frame, now or when the line is up. */
  deliver(frame, text) {
    this.#say({ frame: { ...frame, id: randomId() }, text }, false);
  }

  /**
   * Send what is no message; `settled(taken, text)` hears whether the server took it, or its reason
   * why not, and returns true where it has told the citizen that reason.
   */
  request(frame, settled = () => {}) {
    this.#outbox.add({ frame: { ...frame, id: randomId() }, settled });
  }

  /** Try now instead of at the end of the waiting time. */
  hurry() {
    if (this.ready) this.#outbox.hurry();
    else this.#connection.hurry();
  }

  restart() {
    const id = randomId();
    this.#restarting = id;
    if (!this.ready || !this.#connection.send({ type: "restart", id })) this.#notRestarted();
  }

  receive(frame) {
    const handlers = {
      welcome: () => this.#welcome(frame),
      message: () => this.#take(frame.message, false),
      typing: () => this.#view.typing(Boolean(frame.on), frame.agent ?? ""),
      control: () => this.#view.control(frame),
      ack: () => this.#acknowledge(frame.id, frame),
      error: () => this.#fail(frame),
    };
    const known = Object.hasOwn(handlers, frame.type);
    if (known) handlers[frame.type]();
    else console.warn("unknown frame", frame.type);
  }

  #say(entry, carried) {
    this.#own.add(entry.frame.id);
    this.#view.sent(entry, carried);
    if (!this.#outbox.add(entry)) this.#hold(entry, "");
  }

  #hold(entry, text) {
    if (entry.text) this.#view.held(entry.frame.id, text);
    else if (text && !entry.told) this.#view.trouble(text);
    entry.told = Boolean(text);
  }

  #notRestarted() {
    this.#restarting = "";
    this.#view.trouble("没能重新开始，请稍后再试。");
  }

  #welcome(frame) {
    const carried = this.#token === frame.conversation ? [] : this.#begin(frame.conversation);
    const first = this.#last === 0;
    for (const message of frame.history) {
      this.#take({ ...message, rating: frame.ratings[message.seq] }, first);
    }
    this.ready = true;
    this.#connection.settle();
    this.#view.ready(first ? frame.history.length : 0);
    for (const entry of carried) entry.text ? this.#say(entry, true) : this.#outbox.add(entry);
    this.#outbox.hurry();
  }

  /** Begin anew; returns what was said before there was a conversation to say it in. */
  #begin(token) {
    const carried = this.#restarting ? []
      : this.#outbox.entries.filter(({ frame }) => CARRIED.has(frame.type));
    this.#restarting = "";
    this.#token = token;
    remember("conversation", token);
    this.#last = 0;
    this.#seen.clear();
    this.#own.clear();
    this.#outbox.clear();
    this.#view.clear();
    return carried;
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
    this.#outbox.settle(id)?.settled?.(true);
    // What is not shown has no number, and an ack from before says nothing about what began since.
    if (!this.#own.has(id)) return;
    this.#mark(stored.seq);
    this.#view.delivered(id, stored);
  }

  #fail({ id, text, again }) {
    const entry = this.#outbox.entries.find(({ frame }) => frame.id === id);
    if (entry && again) {
      this.#outbox.postpone();
      this.#hold(entry, text);
    } else if (entry) {
      this.#refuse(entry, text);
    } else if (again && !this.ready) {
      this.#connection.abandon(text);
    } else {
      if (id === this.#restarting) this.#restarting = "";
      this.#view.trouble(text);
    }
  }

  #refuse(entry, text) {
    this.#outbox.settle(entry.frame.id);
    const again = () => this.#outbox.add(entry) || this.#hold(entry, "");
    if (entry.text) this.#view.refused(entry.frame.id, text, again);
    else if (entry.settled?.(false, text) !== true) this.#view.trouble(text);
  }

  /** Note a number as seen; false where it was seen before. */
  #mark(seq) {
    if (this.#seen.has(seq)) return false;
    this.#seen.add(seq);
    this.#last = Math.max(this.#last, seq);
    return true;
  }
}
