// The fields of a work order. The clauses under an answer stay as they are: they are evidence.

import { clone, element, part } from "/static/js/dom.js";

const TEXTS = ["need", "region", "item", "open", "note"];

export class OrderForm {
  /** The categories to choose from. */
  categories = [];
  #root;
  #order = null;

  /** `touched()` is called when something was changed. */
  constructor(root, touched) {
    this.#root = root;
    root.addEventListener("input", touched);
    root.addEventListener("submit", (event) => event.preventDefault());
    part(root, "answered").addEventListener("click", (event) => {
      const drop = event.target.closest('[data-part="drop"]');
      if (!drop) return;
      const row = drop.closest("li");
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (next?.querySelector("textarea") ?? part(root, "open")).focus();
      this.#count();
      touched();
    });
  }

  /** Show a work order, to be read only where it is closed. */
  show(order, closed) {
    this.#order = order;
    for (const name of TEXTS) {
      part(this.#root, name).value = order[name];
      part(this.#root, name).readOnly = closed;
    }
    const rows = order.answered.map((answer, at) => renderAnswer(answer, at, closed));
    part(this.#root, "answered").replaceChildren(...rows);
    this.#categories(order, closed);
    this.#count();
  }

  /** Return the fields as they stand. */
  edits() {
    const texts = Object.fromEntries(TEXTS.map((name) => [name, part(this.#root, name).value]));
    const rows = [...part(this.#root, "answered").children];
    const answered = rows.map((row) => ({
      ...this.#order.answered[row.dataset.place], text: part(row, "text").value.trim(),
    })).filter(({ text }) => text);
    const chosen = this.#root.querySelector('input[name="category"]:checked');
    return { ...texts, category: chosen.value, answered };
  }

  #categories({ category }, closed) {
    const choices = this.categories.map((name) => {
      const label = element("label", "chip");
      const radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: "category", value: name });
      Object.assign(radio, { checked: name === category, disabled: closed });
      label.append(radio, element("span", "", name));
      return label;
    });
    part(this.#root, "categories").replaceChildren(...choices);
  }

  #count() {
    part(this.#root, "none").hidden = part(this.#root, "answered").children.length > 0;
  }
}

function renderAnswer({ text, citations }, place, closed) {
  const node = clone("t-order-answer");
  node.dataset.place = place;
  const field = part(node, "text");
  field.value = text;
  field.readOnly = closed;
  field.setAttribute("aria-label", `答复 ${place + 1}`);
  part(node, "drop").hidden = closed;
  part(node, "drop").setAttribute("aria-label", `去掉答复 ${place + 1}`);
  part(node, "clauses").append(...citations.map(({ heading, guide }) => {
    const line = element("li", "", heading);
    line.title = guide;
    return line;
  }));
  part(node, "guide").textContent = [...new Set(citations.map(({ guide }) => guide))]
    .filter(Boolean).map((guide) => `《${guide}》`).join("、");
  return node;
}
