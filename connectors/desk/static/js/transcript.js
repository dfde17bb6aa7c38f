// The middle column: what was said in the open conversation, live.

import { announce } from "/static/js/announcer.js";
import { part } from "/static/js/dom.js";
import {
  renderMessage, showDelivered, showHeld, showRefused, showSending,
} from "/static/js/message.js";
import { renderContent } from "./content.js";
import { End } from "./end.js";

const AUTHORS = { citizen: "市民", bot: "助手", agent: "坐席", system: "" };

export class Transcript {
  #desk;
  #end;
  #list = document.getElementById("transcript");
  #log = document.getElementById("log");
  #openClause;
  #sent = new Map();

  constructor(desk, openClause) {
    this.#desk = desk;
    this.#openClause = openClause;
    this.#end = new End(() => this.#look());
    desk.on("opened", () => this.#open());
    desk.on("closed", () => this.#clear());
    desk.on("messages", (messages, first) => this.#arrived(messages, first));
    desk.on("sent", (entry) => {
      this.#add(entry);
      this.#end.go();
    });
    desk.on("delivered", (id) => this.#on(id, showDelivered));
    desk.on("held", (id, text) => this.#on(id, (node) => {
      if (showHeld(node, text, () => desk.hurry())) announce(`未送出。${text}`);
    }));
    desk.on("refused", (entry, text) => {
      this.#refuse(entry, text);
      announce(`未送达：${text}`);
    });
    desk.on("row", () => this.#look());
    desk.on("line", (up) => up && this.#look());
    for (const name of ["focus", "visibilitychange"]) {
      (name === "focus" ? window : document).addEventListener(name, () => this.#look());
    }
  }

  focus() {
    this.#log.focus();
  }

  #open() {
    this.#clear();
    this.#log.setAttribute("aria-busy", String(this.#desk.messages.length === 0));
    this.#show(this.#desk.messages);
    for (const entry of this.#desk.unsent) this.#add(entry);
    this.#end.go();
    this.#look();
  }

  #clear() {
    this.#list.replaceChildren();
    this.#sent.clear();
  }

  #arrived(messages, first) {
    this.#log.setAttribute("aria-busy", "false");
    this.#show(messages);
    if (first) {
      this.#end.go();
    } else if (messages.length) {
      for (const message of messages) this.#speak(message);
      this.#end.arrived();
    }
    this.#look();
  }

  #show(messages) {
    for (const message of messages) {
      this.#sent.get(message.client_id)?.remove();
      this.#sent.delete(message.client_id);
      // What is still on its way stays below what has arrived.
      this.#list.insertBefore(this.#render(message), this.#list.querySelector("[data-pending]"));
    }
  }

  /** Show what the agent said before the server has it. */
  #add(entry) {
    const { frame, at } = entry;
    if (this.#sent.has(frame.id)) return;
    const card = { type: "agent", agent: this.#desk.account.id };
    const node = this.#render({ author: "agent", at, text: frame.text, card });
    node.dataset.pending = "";
    showSending(node);
    this.#sent.set(frame.id, node);
    this.#list.append(node);
    if (entry.refused) this.#refuse(entry, entry.refused);
  }

  #refuse(entry, text) {
    this.#on(entry.frame.id, (node) => showRefused(node, text, () => {
      showSending(node);
      this.#desk.again(entry);
    }));
  }

  #on(id, act) {
    const node = this.#sent.get(id);
    if (node) act(node);
  }

  #render(message) {
    const node = renderMessage(message, renderContent(message, this.#openClause));
    const own = message.card?.type === "agent" && message.card.agent === this.#desk.account.id;
    part(node, "author").textContent = own ? "我" : this.#nameOf(message);
    node.dataset.own = String(own);
    return node;
  }

  #nameOf({ author, card }) {
    return card?.type === "agent" ? `${card.agent} 号` : AUTHORS[author] ?? "";
  }

  #speak(message) {
    const own = message.card?.type === "agent" && message.card.agent === this.#desk.account.id;
    if (!own) announce(`${this.#nameOf(message)}：${message.text}`);
  }

  /** The citizen's words at the end are read: it is in view, and somebody looks at it. */
  #look() {
    const last = this.#desk.messages.at(-1);
    const looking = document.visibilityState === "visible" && document.hasFocus();
    if (last && looking && this.#end.near) this.#desk.seen(last.seq);
  }
}
