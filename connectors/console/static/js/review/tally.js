// How much was reviewed today, and with how many keys. It stays in this browser.

import { recall, remember } from "/static/js/storage.js";

const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "CapsLock"];

export class Tally {
  #name;
  #line = document.getElementById("tally");

  constructor(account) {
    this.#name = `review-tally.${account}`;
    // Every key on the page counts, also those that do nothing; a chord counts once.
    document.addEventListener("keydown", ({ key, repeat }) => {
      if (!repeat && !MODIFIERS.includes(key)) this.#add("keys", 1);
    }, { capture: true });
    this.#show();
  }

  /** Count messages as reviewed; undone ones are negative. */
  reviewed(count) {
    this.#add("messages", count);
  }

  #add(name, count) {
    const today = this.#today;
    today[name] = Math.max(0, today[name] + count);
    remember(this.#name, JSON.stringify(today));
    this.#show();
  }

  get #today() {
    const day = new Date().toDateString();
    const kept = JSON.parse(recall(this.#name) ?? "{}");
    return kept.day === day ? kept : { day, messages: 0, keys: 0 };
  }

  #show() {
    const { messages, keys } = this.#today;
    this.#line.textContent = `今天已审 ${messages} 句，用键 ${keys} 次`;
  }
}
