// Changing a sentence before it is kept as an example; the original is kept beside it.

import { part } from "/static/js/dom.js";

export class Editor {
  #dialog = document.getElementById("edit");
  #field = part(this.#dialog, "text");
  #resolve = null;

  constructor() {
    part(this.#dialog, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#end(this.#field.value.replace(/\s+/g, " ").trim() || null);
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      part(this.#dialog, "form").requestSubmit();
    });
    for (const name of ["close", "back"]) {
      part(this.#dialog, name).addEventListener("click", () => this.#dialog.close());
    }
    this.#dialog.addEventListener("close", () => this.#end(null));
  }

  /** Resolve to the sentence as changed, or null. */
  ask(text) {
    this.#field.value = text;
    this.#dialog.showModal();
    this.#field.focus();
    this.#field.setSelectionRange(text.length, text.length);
    return new Promise((resolve) => { this.#resolve = resolve; });
  }

  #end(text) {
    const resolve = this.#resolve;
    this.#resolve = null;
    if (this.#dialog.open) this.#dialog.close();
    resolve?.(text);
  }
}
