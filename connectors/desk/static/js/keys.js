// The keys of the desk. Letters go with Alt, so that they also work while somebody types; none is
// one of the browsers' own.

import { KeySheet, writes } from "/static/js/key-sheet.js";

export class Keys {
  #bound;
  #sheet;

  /**
   * `own` are { code, keys, does, run }; `others` are { keys, does } of modules that bind their
   * keys themselves.
   */
  constructor(own, others) {
    this.#bound = own;
    this.#sheet = new KeySheet([...own, ...others, { keys: "?", does: "打开这张表" }]);
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  open() {
    this.#sheet.open();
  }

  #pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    // What lies under a dialog rests.
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" && !event.altKey && !writes(event.target)) {
      event.preventDefault();
      this.open();
    } else if (event.altKey && !event.shiftKey) {
      this.#run(event);
    }
  }

  #run(event) {
    const shortcut = this.#bound.find(({ code }) => code === event.code);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  }
}
