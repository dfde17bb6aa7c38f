// What the agent's page knows and does: account, lists, the open conversation, what is on its way.
// No DOM in here; whoever shows something listens.

import { SIGNED_OUT, call } from "/static/js/api.js";
import { randomId } from "/static/js/dom.js";
import { Kept } from "./kept.js";
import { Rows } from "./rows.js";
import { Scripts } from "./scripts.js";
import { Sending } from "./sending.js";

const NOT_CONNECTED = "网络断开了，没有送出，请稍后再试。";
const TYPING_EVERY_MS = 3000;

export class Desk {
  /** { id, role, role_text, may: [permission] }, null before the server has greeted. */
  account = null;
  /** Id of the open conversation; "" where none is. */
  conversation = "";
  /** The last panel of the open conversation, or null. */
  panel = null;
  /** What the server wants to see with everything that changes something. */
  csrf = "";
  /** True once the server has greeted and until the line is lost. */
  ready = false;
  rows = new Rows();

  #connection;
  #kept = new Kept();
  /** Whether the server has closed what is open here. */
  #lost = false;
  #listeners = new Map();
  #opening = "";
  #scripts = new Scripts();
  #sending;
  #typed = 0;

  /** `connection` is set by attach(): the two know each other. */
  attach(connection) {
    this.#connection = connection;
    this.#sending = new Sending(this.#kept, {
      send: (frame) => this.ready && connection.send(frame),
      overdue: () => connection.abandon(),
      tell: (...what) => this.#tell(...what),
    });
  }

  /**
   * Hear of `name`: welcome(account), lists(frame), opened(conversation), closed(),
   * messages(messages, first), sent(entry), delivered(id), held(id, text), refused(entry, text),
   * panel(panel), row(row), lost(), line(up), unopened(text), trouble(text), signedOut(),
   * compose(text, used).
   */
  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, []);
    this.#listeners.get(name).push(listener);
  }

  /** The row of the open conversation, or null. */
  get row() {
    return this.rows.of(this.conversation);
  }

  /** none, queued, bot, mine, other, ended or gone: how the open conversation stands. */
  get state() {
    return this.conversation ? this.rows.state(this.conversation) : "none";
  }

  get mine() {
    return this.state === "mine";
  }

  get lists() {
    return this.rows.lists;
  }

  /** What has been shown of the open conversation. */
  get messages() {
    return this.#scripts.of(this.conversation);
  }

  /** What this agent has said in the open conversation and the server has not taken yet. */
  get unsent() {
    return this.#sending.of(this.conversation);
  }

  may(permission) {
    return this.account?.may.includes(permission) ?? false;
  }

  // --- what the agent does -----------------------------------------------------------------------

  /** Do something in a conversation; rejects with the server's sentence. */
  act(name, fields = {}, conversation = this.conversation) {
    if (!this.ready) return Promise.reject(new Error(NOT_CONNECTED));
    return this.#sending.deliver({ type: "do", id: randomId(), conversation, act: name, ...fields });
  }

  /** Say something to the citizen; true once the server has it, false where it refuses. */
  send(text, used) {
    const fields = used ? { text, used } : { text };
    const id = randomId();
    const frame = { type: "do", id, conversation: this.conversation, act: "say", ...fields };
    const entry = { frame, at: new Date().toISOString() };
    this.#tell("sent", entry);
    return this.#sending.say(entry);
  }

  /** Send words again that the server refused. */
  again(entry) {
    this.#sending.say(entry);
  }

  /** Put a text into the composer, to be edited; `used` names the suggestion it is. */
  compose(text, used) {
    this.#tell("compose", text, used);
  }

  /** Let the citizen see that the agent types. */
  typing() {
    if (!this.mine || Date.now() - this.#typed < TYPING_EVERY_MS) return;
    this.#typed = Date.now();
    this.#transmit({ type: "typing", conversation: this.conversation });
  }

  presence(status) {
    return this.#transmit({ type: "presence", status });
  }

  /** Tell the server that the citizen's words up to `seq` have been seen. */
  seen(seq) {
    if (!this.ready || !this.mine || !this.#scripts.see(this.conversation, seq)) return;
    this.act("seen", { seq }).catch(() => this.#scripts.unsee(this.conversation));
  }

  /** Open the conversation of a row. */
  open(row) {
    this.rows.add(row);
    if (row.conversation !== this.conversation) this.#open(row.conversation);
    else this.#tell("opened", row.conversation);
  }

  #open(conversation) {
    this.conversation = conversation;
    this.panel = null;
    this.#kept.conversation = conversation;
    this.#tell("opened", conversation);
    this.#ask();
  }

  close() {
    if (!this.conversation) return;
    this.conversation = "";
    this.panel = null;
    this.#kept.conversation = "";
    this.#transmit({ type: "close" });
    this.#tell("closed");
  }

  /** Ask the server's API; rejects with its sentence. */
  async api(method, path, body) {
    try {
      return await call(method, path, { csrf: this.csrf, body });
    } catch (error) {
      if (error.status === SIGNED_OUT) this.#tell("signedOut");
      throw error;
    }
  }

  draft(text, used) {
    this.#kept.draft(this.conversation, text, used);
  }

  get drafted() {
    return this.#kept.drafted(this.conversation);
  }

  /** Forget drafts and what was not sent: the agent leaves. */
  forget() {
    this.#kept.clear();
  }

  hurry() {
    if (this.ready) this.#sending.hurry();
    else this.#connection.hurry();
  }

  // --- what the line does ------------------------------------------------------------------------

  greet() {
    this.#connection.send({ type: "hello" });
  }

  lost() {
    this.ready = false;
    this.#sending.lost();
    this.#tell("line", false);
  }

  receive(frame) {
    const handlers = {
      welcome: () => this.#welcome(frame),
      lists: () => this.#list(frame),
      transcript: () => this.#read(frame),
      panel: () => this.#show(frame.panel),
      closed: () => this.#lose(frame),
      ack: () => this.#sending.taken(frame.id),
      error: () => this.#fail(frame),
      signed_out: () => this.#tell("signedOut"),
    };
    if (Object.hasOwn(handlers, frame.type)) handlers[frame.type]();
    else console.warn("unknown frame", frame.type);
  }

  #welcome({ account, csrf }) {
    const first = this.account === null;
    this.account = account;
    this.csrf = csrf;
    this.ready = true;
    this.#connection.settle();
    this.#kept.of(account.id);
    this.#tell("welcome", account);
    this.#tell("line", true);
    if (first) this.#restore();
    else this.#ask();
    this.#sending.hurry();
  }

  /** After a reload: the conversation that was open, and what had not been taken. */
  #restore() {
    if (this.#kept.conversation) this.#open(this.#kept.conversation);
    this.#sending.resume();
  }

  #list(frame) {
    this.rows.take(frame);
    this.#tell("lists", frame);
    if (!this.conversation) return;
    this.#tell("row", this.row);
    if (this.#lost && this.state !== "gone") this.#ask();
  }

  /** The open conversation is no longer for this agent's eyes. */
  #lose({ conversation }) {
    if (conversation !== this.conversation) return;
    this.#lost = true;
    this.#tell("lost");
  }

  #ask() {
    if (!this.conversation) return;
    this.#lost = false;
    this.#opening = randomId();
    const after = this.#scripts.last(this.conversation);
    this.#transmit({ type: "open", id: this.#opening, conversation: this.conversation, after });
  }

  #read({ conversation, messages }) {
    const first = !this.#scripts.has(conversation);
    const fresh = this.#scripts.add(conversation, messages);
    for (const { client_id: id } of fresh) this.#kept.drop(id);
    if (conversation === this.conversation) this.#tell("messages", fresh, first);
  }

  #show(panel) {
    if (panel.conversation !== this.conversation) return;
    this.panel = panel;
    this.#tell("panel", panel);
  }

  #fail({ id, text, again }) {
    if (this.#sending.failed({ id, text, again })) return;
    if (id && id === this.#opening) this.#tell("unopened", text);
    else if (again && !this.ready) this.#connection.abandon(text);
    else this.#tell("trouble", text);
  }

  #transmit(frame) {
    return this.ready && this.#connection.send(frame);
  }

  #tell(name, ...details) {
    for (const listener of this.#listeners.get(name) ?? []) listener(...details);
  }
}
