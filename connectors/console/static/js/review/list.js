// The groups at the left, and what they are filtered by.

import { clone, part } from "/static/js/dom.js";
import { writes } from "/static/js/key-sheet.js";
import { lead } from "./queue.js";

const SETTLE_MS = 350;

export class List {
  #root = document.getElementById("groups");
  #filter = document.getElementById("filter");
  #timer = 0;

  /** `open(place)` shows a group; `filtered()` is called when other ones are wanted. */
  constructor(open, filtered) {
    this.#root.addEventListener("click", ({ target }) => {
      const line = target.closest("li");
      if (line) open([...line.parentNode.children].indexOf(line));
    });
    this.#filter.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#settled(filtered);
    });
    this.#filter.addEventListener("input", ({ target }) => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(filtered, target.name === "q" ? SETTLE_MS : 0);
    });
  }

  show({ groups, at }) {
    part(this.#root, "list").replaceChildren(...groups.map((group, place) => {
      const line = clone("t-group");
      const [signal] = lead(group).signals;
      part(line, "text").textContent = lead(group).text;
      part(line, "signal").textContent = group.refused ? "没有保存" : signal?.text ?? "";
      part(line, "size").textContent = group.messages.length > 1 ? `${group.messages.length} 句` : "";
      line.dataset.refused = Boolean(group.refused);
      if (place === at) line.firstElementChild.setAttribute("aria-current", "true");
      return line;
    }));
    this.#root.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** What is wanted, as the server takes it. */
  get wanted() {
    const entries = [...new FormData(this.#filter)].filter(([, value]) => value);
    return new URLSearchParams(entries);
  }

  /** Whether some are kept out. */
  get filters() {
    return ["q", "signal", "region"].some((name) => this.wanted.has(name));
  }

  /** Offer what can be filtered by. */
  offer(vocabulary) {
    for (const [name, choices] of [["region", vocabulary.regions()], ["signal", vocabulary.signals()]]) {
      this.#filter.elements[name].append(...choices.map(([value, label]) => new Option(label, value)));
    }
  }

  search() {
    this.#filter.elements.q.select();
  }

  /** Whether somebody writes into the search or chooses in it. */
  owns(target) {
    return this.#filter.contains(target) && writes(target);
  }

  clear() {
    this.#filter.reset();
  }

  #settled(filtered) {
    clearTimeout(this.#timer);
    filtered();
    this.#filter.elements.q.blur();
  }
}
