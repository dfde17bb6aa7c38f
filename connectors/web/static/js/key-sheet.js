// The sheet that tells all keys of a page, and how keys are read.

import { clone, part } from "./dom.js";

export class KeySheet {
  #dialog = document.getElementById("keys");

  /** `shortcuts` are { keys, does }; what stands between two keys is + or –. */
  constructor(shortcuts) {
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
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}

/** Return the digit (1 to 9) of a key, or 0. It is told by the key's place (event.code): an input
 * method for Chinese changes what a key says. */
export function digitOf(event) {
  return Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? 0);
}

/** Tell whether keys write into an element. */
export function writes(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select,"
    + " [contenteditable]") !== null;
}
