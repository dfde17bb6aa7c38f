// A fact of several circumstances that may hold at once: check boxes behind its value.

import { clone, element, part } from "/static/js/dom.js";

const UNKNOWN = "不知道";

export class Ticks {
  element = clone("t-fact-ticks");
  #fact;
  #save;
  #boxes;

  /** `save(value)` takes { option: true | false | "不知道" } for every option, or null. */
  constructor(fact, save) {
    this.#fact = fact;
    this.#save = save;
    part(this.element, "value").textContent = fact.text || "还没说";
    part(this.element, "value").classList.toggle("fact__value--none", !fact.text);
    part(this.element, "legend").textContent = fact.label;
    const options = fact.options.filter(({ value }) => value !== UNKNOWN);
    this.#boxes = options.map((option) => this.#box(option));
    this.#rest.checked = fact.value !== null && options.some(({ value }) => !this.#told(value));
    this.#wire();
  }

  /** Whether somebody is at it just now. */
  get busy() {
    return this.element.open;
  }

  get #rest() {
    return part(this.element, "rest");
  }

  #told(option) {
    return typeof this.#fact.value?.[option] === "boolean";
  }

  #box({ value, label }) {
    const line = element("label", "tick");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = this.#fact.value?.[value] === true;
    line.append(box, element("span", "", label));
    part(this.element, "boxes").append(line);
    return { box, value };
  }

  #wire() {
    part(this.element, "apply").addEventListener("click", () => this.#close(this.#chosen()));
    part(this.element, "clear").addEventListener("click", () => this.#close(null));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.element.open) return;
      event.stopPropagation();
      this.element.open = false;
      this.element.querySelector("summary").focus();
    });
  }

  #chosen() {
    const unticked = this.#rest.checked ? UNKNOWN : false;
    return Object.fromEntries(
      this.#boxes.map(({ box, value }) => [value, box.checked || unticked]));
  }

  #close(value) {
    this.element.open = false;
    this.element.querySelector("summary").focus();
    this.#save(value);
  }
}
