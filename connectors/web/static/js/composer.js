// The field the citizen writes in.

import { part } from "./dom.js";

const LONGEST = 500;
const WARN_FROM = 440;
const COMPOSING_KEY = 229;

export class Composer {
  #form = document.getElementById("composer");
  #field = part(this.#form, "field");
  #input = this.#form.querySelector("textarea");
  #button = this.#form.querySelector("[type=submit]");
  #hint = document.getElementById("composer-hint");
  #say;

  /** `say(text)` is called with a trimmed text of at most 500 characters. */
  constructor(say) {
    this.#say = say;
    this.#button.disabled = false;
    this.#input.addEventListener("input", () => this.#refresh());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#refresh();
  }

  /** Put a text into the empty field, to be looked at and sent by the citizen. */
  suggest(text) {
    if (this.#input.value || !text) return;
    this.#input.value = text;
    this.#refresh();
    this.#input.focus({ preventScroll: true });
  }

  #key(event) {
    // Safari ends a composition before it reports the key, with the old key code only.
    const composing = event.isComposing || event.keyCode === COMPOSING_KEY;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#input.value.trim();
    const problem = this.#problem(text);
    if (problem !== null) {
      this.#hint.textContent = problem;
      this.#input.focus();
      return;
    }
    this.#input.value = "";
    this.#refresh();
    this.#say(text);
    this.#input.focus({ preventScroll: true });
  }

  /** Why the text cannot be sent now; null where it can. */
  #problem(text) {
    const over = lengthOf(text) - LONGEST;
    if (over > 0) return `超出 ${over} 字，请分开发送`;
    return text ? null : "";
  }

  #refresh() {
    const text = this.#input.value;
    const length = lengthOf(text.trim());
    // The field's ghost holds the same text and makes the row as high as it needs to be.
    this.#field.dataset.ghost = text || this.#input.placeholder;
    this.#form.classList.toggle("composer--over", length > LONGEST);
    this.#button.setAttribute("aria-disabled", String(this.#problem(text.trim()) !== null));
    this.#hint.textContent = length > LONGEST ? this.#problem(text.trim())
      : length >= WARN_FROM ? `还可以输入 ${LONGEST - length} 字` : "";
  }
}

function lengthOf(text) {
  return [...text].length;
}
