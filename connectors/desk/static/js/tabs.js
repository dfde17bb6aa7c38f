// Where there is room for one column only: which one is shown. Elsewhere all are.

import { part } from "/static/js/dom.js";
import { unreadOf } from "./rows.js";

export class Tabs {
  #app = document.getElementById("app");
  #tabs = document.getElementById("tabs");

  constructor(desk) {
    this.#tabs.addEventListener("click", ({ target }) => {
      const tab = target.closest("[data-tab]");
      if (tab) this.show(tab.dataset.tab);
    });
    desk.on("opened", () => this.show("talk"));
    desk.on("closed", () => this.show("lists"));
    desk.on("lists", ({ mine, waiting }) => {
      const count = waiting.length + mine.filter(unreadOf).length;
      const mark = part(this.#tabs, "lists-count");
      mark.textContent = count;
      mark.hidden = !count;
    });
  }

  show(name) {
    this.#app.dataset.tab = name;
    for (const tab of this.#tabs.children) {
      tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
    }
  }
}
