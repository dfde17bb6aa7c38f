// Notes that agents leave one another; the citizen never sees them.

import { clone, element, part } from "/static/js/dom.js";
import { clock } from "/static/js/times.js";

export class Notes {
  #root;
  #desk;
  #field;
  #drafts = new Map();
  #conversation = "";

  constructor(root, desk) {
    this.#root = root;
    this.#desk = desk;
    this.#field = part(root, "text");
    part(root, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#add();
    });
  }

  show({ conversation, notes }, anew) {
    if (anew) this.#change(conversation);
    const list = part(this.#root, "list");
    list.hidden = !notes.length;
    list.replaceChildren(...notes.map(renderNote));
    part(this.#root, "count").textContent = notes.length || "";
  }

  #change(conversation) {
    if (this.#conversation) this.#drafts.set(this.#conversation, this.#field.value);
    this.#conversation = conversation;
    this.#field.value = this.#drafts.get(conversation) ?? "";
    part(this.#root, "trouble").hidden = true;
  }

  async #add() {
    const text = this.#field.value.trim();
    if (!text) return;
    const trouble = part(this.#root, "trouble");
    trouble.hidden = true;
    this.#field.value = "";
    try {
      await this.#desk.act("note", { text });
    } catch (error) {
      if (!this.#field.value) this.#field.value = text;
      trouble.textContent = error.message;
      trouble.hidden = false;
    }
  }
}

function renderNote({ at, agent, text }) {
  const node = clone("t-note");
  part(node, "agent").textContent = `${agent} 号`;
  part(node, "time").textContent = clock(at);
  part(node, "time").dateTime = typeof at === "string" ? at : new Date(at * 1000).toISOString();
  part(node, "text").replaceWith(element("p", "note__text", text));
  return node;
}
