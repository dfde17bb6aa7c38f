// Where the agent writes to the citizen. Every conversation has a draft of its own.

import { part } from "/static/js/dom.js";

const LONGEST = 2000; // as in acts.py
const WARN_FROM = 1900;
const COMPOSING_KEY = 229;

export class Composer {
  #desk;
  #field;
  #form = document.getElementById("composer");
  #hint = document.getElementById("composer-hint");
  #input = document.getElementById("composer-text");
  #button = this.#form.querySelector("[type=submit]");
  /** The suggestion that the text began with: { used, text }, or null. */
  #from = null;

  constructor(desk) {
    this.#desk = desk;
    this.#field = part(this.#form, "field");
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    desk.on("opened", () => this.#restore());
    desk.on("compose", (text, used) => this.#insert(text, used));
    this.#refresh();
  }

  get element() {
    return this.#input;
  }

  focus() {
    if (!this.#form.hidden) this.#input.focus({ preventScroll: true });
  }

  /** Only who has the conversation may write. */
  show(open) {
    this.#form.hidden = !open;
    this.#refresh();
  }

  #restore() {
    const { text, used } = this.#desk.drafted;
    this.#from = used ? { used, text: used.text } : null;
    this.#write(text);
  }

  #insert(text, used) {
    if (used) {
      this.#from = { used, text };
      this.#write(text);
    } else {
      this.#input.setRangeText(text, this.#input.selectionStart, this.#input.selectionEnd, "end");
    }
    this.#keep();
    this.#refresh();
    this.focus();
    if (used) this.#input.setSelectionRange(text.length, text.length);
  }

  #typed() {
    if (!this.#input.value) this.#from = null;
    this.#keep();
    this.#refresh();
    if (this.#input.value.trim()) this.#desk.typing();
  }

  #keep() {
    const used = this.#from && { ...this.#from.used, text: this.#from.text };
    this.#desk.draft(this.#input.value, used);
  }

  #key(event) {
    // Safari ends a composition before it reports the key, with the old key code only.
    const composing = event.isComposing || event.keyCode === COMPOSING_KEY;
    const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key !== "Enter" || !plain || composing || event.defaultPrevented) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!text || this.#over(text)) {
      this.focus();
      return;
    }
    const used = this.#from && {
      ...this.#from.used, edited: text !== this.#from.text.trim(),
    };
    this.#from = null;
    this.#write("");
    this.#keep();
    this.#desk.send(text, used ?? undefined);
    this.focus();
  }

  #write(text) {
    this.#input.value = text;
    this.#refresh();
  }

  #over(text) {
    return Math.max(0, [...text].length - LONGEST);
  }

  #refresh() {
    const text = this.#input.value;
    const length = [...text.trim()].length;
    const over = this.#over(text.trim());
    // The field's ghost holds the same text and makes the row as high as it needs to be.
    this.#field.dataset.ghost = text || this.#input.placeholder;
    this.#form.classList.toggle("composer--over", over > 0);
    this.#button.setAttribute("aria-disabled", String(!length || over > 0));
    this.#hint.textContent = over ? `超出 ${over} 字，请分开发送`
      : length >= WARN_FROM ? `还可以输入 ${LONGEST - length} 字` : "";
  }
}
