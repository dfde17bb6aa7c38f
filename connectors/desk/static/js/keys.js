// The keys of the desk. Letters go with Alt, so that they also work while somebody types; none is
// one of the browsers' own.

import { clone, part } from "/static/js/dom.js";

export class Keys {
  #bound;
  #dialog = document.getElementById("keys");

  /**
   * `own` are { code, keys, does, run }; `others` are { keys, does } of modules that bind their
   * keys themselves.
   */
  constructor(own, others) {
    const sheet = { code: "", keys: "?", does: "打开这张表", run: () => this.open() };
    this.#bound = own;
    this.#fill([...own, ...others, sheet]);
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
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

  #fill(shortcuts) {
    for (const { keys, does } of shortcuts) {
      const row = clone("t-key");
      for (const key of keys.split(" ")) {
        const cap = document.createElement(/^[+–]$/.test(key) ? "span" : "kbd");
        cap.textContent = key;
        part(row, "keys").append(cap);
      }
      part(row, "does").textContent = does;
      part(this.#dialog, "list").append(row);
    }
  }
}

function writes(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}
