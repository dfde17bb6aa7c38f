// The list of messages: order, quick replies that expire, and where the view stands.

import { announce } from "./announcer.js";
import { renderBody } from "./cards.js";
import { part } from "./dom.js";
import { renderMessage, showDelivered, showHeld, showRefused, showSending } from "./message.js";
import { Scroll } from "./scroll.js";

const LOOKING_UP = "正在查办事指南…";
const AGENT_TYPES_MS = 5000;
const SPOKEN_AUTHORS = { bot: "助手说：", agent: "工作人员说：", system: "" };

export class Transcript {
  #list = document.getElementById("transcript");
  #typingTimer = 0;
  #typing = document.getElementById("typing");
  #scroll = new Scroll();
  #actions;
  #sent = new Map();
  #open = null;

  /**
   * `actions` has choose(frame, text), openClause(version, id, heading), resend() and
   * rate(seq, rating, settled).
   */
  constructor(actions) {
    this.#actions = actions;
  }

  /** Show a message from the server. Restored messages are neither announced nor scrolled to. */
  add(message, restored) {
    const { node: content, choices, spoken } = renderBody(message, this.#actions);
    const node = renderMessage(message, content);
    if (message.author === "citizen") this.#close(message.text);
    if (choices) this.#offer(choices);
    this.#place(node);
    if (restored) return;
    if (message.author !== "citizen") announce(SPOKEN_AUTHORS[message.author] + spoken);
    this.#scroll.arrived(this.#anchor());
  }

  /** Show what the citizen said, before the server has it; `carried`: not just now. */
  addSent(entry, carried) {
    const message = { author: "citizen", at: new Date().toISOString(), text: entry.text };
    const { node: content } = renderBody(message, this.#actions);
    const node = renderMessage(message, content);
    this.#sent.set(entry.frame.id, { node, choices: this.#open });
    this.#close(entry.text);
    showSending(node);
    this.#place(node);
    if (!carried) node.focus({ preventScroll: true });
    this.#scroll.follow(node);
  }

  delivered(id, stored) {
    const sent = this.#sent.get(id);
    if (!sent) return;
    sent.node.dataset.seq = stored.seq;
    // The server stores a masked text; show what is stored.
    if (stored.text) sent.node.querySelector(".bubble").textContent = stored.text;
    showDelivered(sent.node);
    this.#place(sent.node);
  }

  /** Mark a message as not sent yet; `text` is the server's sentence about it, if any. */
  held(id, text) {
    const sent = this.#sent.get(id);
    // What is tried again and again is said once.
    if (sent && showHeld(sent.node, text, this.#actions.resend)) announce(`未送出。${text}`);
  }

  /** Mark a message that the server does not take; a refused choice is made anew. */
  refused(id, text, again) {
    const sent = this.#sent.get(id);
    if (!sent) return;
    const resend = () => {
      showSending(sent.node);
      again();
    };
    showRefused(sent.node, text, sent.choices ? null : resend);
    announce(`未送达：${text}`);
    this.#reopen(sent);
  }

  /** Show a notice of the page itself, which is no part of the conversation. */
  note(text) {
    const card = { type: "notice", text, tone: "warn" };
    const { node: content } = renderBody({ text, card }, this.#actions);
    this.#list.append(renderMessage({ author: "system", at: new Date() }, content));
    announce(text);
    this.#scroll.arrived(this.#anchor());
  }

  restored(count) {
    announce(`已恢复之前的 ${count} 条对话`);
    this.#scroll.follow(this.#anchor(), "instant");
  }

  /** Show that the assistant, or the person with the number `agent`, is about to answer. */
  typing(on, agent = "") {
    clearTimeout(this.#typingTimer);
    part(this.#typing, "words").textContent = agent ? `${agent} 号坐席正在输入…` : LOOKING_UP;
    this.#typing.hidden = !on;
    // Nobody tells that a person has stopped typing.
    if (agent) this.#typingTimer = setTimeout(() => this.typing(false), AGENT_TYPES_MS);
    if (on) this.#scroll.settle(this.#anchor());
  }

  clear() {
    this.#list.replaceChildren();
    this.#sent.clear();
    this.#open = null;
    this.typing(false);
  }

  get latest() {
    return this.#list.lastElementChild;
  }

  get empty() {
    return !this.latest;
  }

  #offer(choices) {
    this.#close();
    this.#open = choices;
  }

  #close(answer) {
    this.#open?.lock(answer);
    this.#open = null;
  }

  #reopen({ node, choices }) {
    const overtaken = this.#open || node !== this.latest;
    if (!choices || overtaken) return;
    choices.unlock();
    this.#open = choices;
  }

  /** What the citizen should see the top of: what is answered, or what answers nothing. */
  #anchor() {
    let node = this.latest;
    while (node?.dataset.replyTo && node.previousElementSibling) {
      node = node.previousElementSibling;
    }
    return node;
  }

  /** Put a message behind all with a smaller number; one without a number goes to the end. */
  #place(node) {
    const seq = Number(node.dataset.seq ?? Infinity);
    let before = null;
    for (const other of [...this.#list.children].reverse()) {
      const theirs = Number(other.dataset.seq ?? -Infinity);
      if (other === node) continue;
      if (theirs <= seq) break;
      before = other;
    }
    if (node.isConnected && node.nextElementSibling === before) return;
    this.#list.insertBefore(node, before);
  }
}
