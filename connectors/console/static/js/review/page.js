// What stands where on the page: the list, the card, and what is said when there is nothing to do.

import { announce } from "/static/js/announcer.js";
import { part } from "/static/js/dom.js";
import { lead, propose } from "./queue.js";

const NOTHING = ["都审完了", "等市民问了新的、助手没把握的话，这里会再出现。"];
const NOTHING_FOUND = ["没有符合的", "换个词，或者清除筛选再看。"];

export class Page {
  #root = document.getElementById("review");
  #card;
  #list;
  #queue;
  #memory;
  #keys = null;

  constructor(queue, list, memory) {
    [this.#queue, this.#list, this.#memory] = [queue, list, memory];
  }

  /** Parts that need the vocabulary, once it is there. */
  attach(card, keys) {
    [this.#card, this.#keys] = [card, keys];
  }

  /** Show where the reviewer is; the keys go there. */
  show() {
    const group = this.#queue.current;
    if (group) propose(group, this.#memory);
    this.#list.show(this.#queue);
    document.getElementById("left").textContent = group ? `待审 ${this.#queue.total} 组` : "";
    if (!group) {
      this.#empty();
      return;
    }
    this.#root.dataset.view = "ready";
    this.#card.show(group);
    this.#card.focus();
    announce(lead(group).text);
  }

  /** Show what has changed in the group that is shown. */
  refresh() {
    this.#card.refresh(this.#queue.current);
  }

  /** Show that something came back; the reviewer stays where they are. */
  refused() {
    if (this.#queue.groups.length === 1) this.show();
    else this.#list.show(this.#queue);
  }

  trouble(sentence) {
    this.#root.dataset.view = "trouble";
    part(this.#root, "trouble").textContent = sentence;
    document.getElementById("again").focus();
  }

  loading() {
    this.#root.dataset.view = "loading";
  }

  search() {
    this.#list.search();
  }

  keys() {
    this.#keys.open();
  }

  /** Go from a field back to the card. */
  back() {
    if (this.#queue.current) this.#card.focus();
    else document.activeElement?.blur();
  }

  /** Go to another of the group's messages. */
  move(step) {
    const ticks = this.#ticks;
    const at = ticks.indexOf(document.activeElement);
    const place = at < 0 ? 0 : at + step;
    if (place < 0) this.#card.focus();
    else ticks[Math.min(place, ticks.length - 1)]?.focus();
  }

  /** The message that the reviewer is at, or null. */
  member() {
    return this.#queue.current.messages[this.#ticks.indexOf(document.activeElement)] ?? null;
  }

  get #ticks() {
    return [...document.querySelectorAll("#card .member input")];
  }

  #empty() {
    this.#root.dataset.view = "empty";
    const [title, text] = this.#list.filters ? NOTHING_FOUND : NOTHING;
    document.getElementById("empty-title").textContent = title;
    document.getElementById("empty-text").textContent = text;
    document.getElementById("clear").hidden = !this.#list.filters;
    if (!this.#list.owns(document.activeElement)) document.getElementById("empty-title").focus();
  }
}
