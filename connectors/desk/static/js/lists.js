// The left column: who waits, what is mine, what others have, what has ended.

import { part } from "/static/js/dom.js";
import { fillRow, makeRow } from "./row.js";

export class Lists {
  #desk;
  #groups = new Map();
  #queued = document.getElementById("queue-count");
  #next = document.getElementById("take-next");
  #take;

  /** `take()` takes the open conversation. */
  constructor(desk, take) {
    this.#desk = desk;
    this.#take = take;
    for (const name of ["queue", "mine", "others", "history"]) this.#groups.set(name, new Map());
    desk.on("welcome", () => this.#rights());
    desk.on("lists", (lists) => this.#show(lists));
    desk.on("opened", () => this.#mark());
    desk.on("closed", () => this.#mark());
    this.#next.addEventListener("click", () => this.takeNext());
    document.getElementById("lists").addEventListener("keydown", (event) => this.#move(event));
  }

  /** Open the conversation that has waited longest, and take it. */
  takeNext() {
    const [first] = this.#desk.lists.waiting;
    if (!first) return;
    this.#desk.open(first);
    this.#take();
  }

  focus() {
    const list = document.getElementById("lists");
    (list.querySelector("[aria-current='true']") ?? list.querySelector(".row__open") ?? list).focus();
  }

  /** Put rows into the list `name`, in this order; rows that stay keep their element and focus. */
  fill(name, rows) {
    const list = document.getElementById(name);
    const held = this.#groups.get(name);
    const gone = new Set(held.keys());
    rows.forEach((row, place) => {
      const node = held.get(row.conversation) ?? makeRow(() => this.#desk.open(row));
      held.set(row.conversation, node);
      gone.delete(row.conversation);
      fillRow(node, row, name);
      if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
    });
    for (const conversation of gone) {
      held.get(conversation).remove();
      held.delete(conversation);
    }
    this.#count(list, rows.length);
    this.#mark();
  }

  #rights() {
    document.getElementById("others-group").hidden = !this.#desk.may("all_conversations");
  }

  #show({ waiting, mine, others }) {
    this.fill("queue", waiting);
    this.fill("mine", mine);
    this.fill("others", others);
    this.#queued.hidden = false;
    part(this.#queued, "count").textContent = waiting.length;
    this.#queued.dataset.some = String(waiting.length > 0);
    this.#next.hidden = waiting.length === 0;
  }

  #count(list, length) {
    const group = list.closest(".group");
    const count = part(group, "count");
    if (count) count.textContent = length || "";
    part(group, "empty").hidden = length > 0;
  }

  #mark() {
    for (const held of this.#groups.values()) {
      for (const [conversation, node] of held) {
        const current = conversation === this.#desk.conversation;
        node.querySelector("button").setAttribute("aria-current", String(current));
      }
    }
  }

  /** Arrow keys go from row to row, over the borders of the lists. */
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...event.currentTarget.querySelectorAll(".row__open")];
    const at = all.indexOf(document.activeElement.closest(".row__open"));
    const next = all[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

/** The agent's own ended conversations, fetched when they are asked for. */
export class History {
  #desk;
  #lists;
  #rows = [];
  /** From when on the next page goes back; null at the end. */
  #before = null;
  #open = document.getElementById("history-open");
  #more = document.getElementById("history-more");

  constructor(desk, lists) {
    this.#desk = desk;
    this.#lists = lists;
    this.#open.addEventListener("click", () => this.#toggle());
    this.#more.addEventListener("click", () => this.#load());
  }

  async #toggle() {
    const open = this.#open.getAttribute("aria-expanded") !== "true";
    this.#open.setAttribute("aria-expanded", String(open));
    this.#open.textContent = open ? "收起" : "查看";
    this.#rows = [];
    this.#before = null;
    this.#lists.fill("history", []);
    this.#more.hidden = true;
    document.getElementById("history-empty").hidden = true;
    if (open) await this.#load();
  }

  async #load() {
    const query = this.#before === null ? "" : `?before=${encodeURIComponent(this.#before)}`;
    try {
      const { rows, before } = await this.#desk.api("GET", `/desk/api/history${query}`);
      this.#rows.push(...rows);
      this.#lists.fill("history", this.#rows);
      this.#before = before;
      this.#more.hidden = before === null;
    } catch (error) {
      this.#desk.toast(error.message);
    }
  }
}
