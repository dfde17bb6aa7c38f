// Quick replies: a list of buttons, or check boxes where several may be true.

import { clone, part } from "./dom.js";

const SEPARATOR = "、";

/** The replies offered under one message. `choose(frame, text)` sends the citizen's choice. */
export class Choices {
  element;
  #controls = [];
  #locked = false;
  #choose;

  constructor({ choices, multiple = false, others = [] }, choose) {
    this.#choose = choose;
    this.element = multiple ? this.#ticks(choices, others) : this.#buttons([...choices, ...others]);
  }

  /** Close the choices; the ones named in `answer` (the citizen's words) stay marked. */
  lock(answer = "") {
    if (this.#locked) return;
    this.#locked = true;
    this.element.classList.add("choices--locked");
    for (const { control, label, note } of this.#controls) {
      control.setAttribute("aria-disabled", "true");
      control.tabIndex = -1;
      if (names(answer, label)) mark(control, note, true);
    }
  }

  /** Open the choices again: the choice was refused. */
  unlock() {
    this.#locked = false;
    this.element.classList.remove("choices--locked");
    for (const { control, note } of this.#controls) {
      control.removeAttribute("aria-disabled");
      control.removeAttribute("tabindex");
      mark(control, note, false);
    }
    this.element.dispatchEvent(new Event("change"));
  }

  #buttons(choices) {
    const root = clone("t-choices");
    for (const { id, label } of choices) {
      const item = clone("t-choice");
      const control = item.querySelector("button");
      part(item, "label").textContent = label;
      const frame = { type: "choose", choice: id, label };
      control.addEventListener("click", () => this.#send(frame, label));
      this.#controls.push({ control, label, note: part(item, "note") });
      part(root, "list").append(item);
    }
    return root;
  }

  #ticks(choices, others) {
    const root = clone("t-ticks");
    const boxes = choices.map(({ id, label }) => {
      const item = clone("t-tick");
      const control = item.querySelector("input");
      part(item, "label").textContent = label;
      control.addEventListener("click", (event) => this.#locked && event.preventDefault());
      this.#controls.push({ control, label });
      part(root, "list").append(item);
      return { control, id, label };
    });
    this.#addActions(root, boxes);
    this.#addOthers(root, boxes, others);
    return root;
  }

  #addActions(root, boxes) {
    const done = part(root, "done");
    this.#controls.push({ control: done, label: null });
    const picked = () => boxes.filter(({ control }) => control.checked);
    const refresh = () => {
      if (!this.#locked) done.setAttribute("aria-disabled", String(picked().length === 0));
    };
    root.addEventListener("change", refresh);
    refresh();
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      if (picked().length) this.#sendMany(picked());
    });
  }

  /** Answers that stand for themselves beside the boxes: none of these, don't know. */
  #addOthers(root, boxes, others) {
    for (const { id, label } of others) {
      const control = clone("t-other");
      control.textContent = label;
      control.addEventListener("click", () => {
        if (this.#locked) return;
        for (const box of boxes) box.control.checked = false;
        this.#send({ type: "choose", choice: id, label }, label);
      });
      this.#controls.push({ control, label });
      part(root, "actions").append(control);
    }
  }

  #sendMany(picked) {
    const text = picked.map(({ label }) => label).join(SEPARATOR);
    this.#send({ type: "choose_many", choices: picked.map(({ id }) => id) }, text);
  }

  #send(frame, text) {
    if (!this.#locked) this.#choose(frame, text);
  }
}

function names(answer, label) {
  const framed = SEPARATOR + answer + SEPARATOR;
  return label !== null && framed.includes(SEPARATOR + label + SEPARATOR);
}

function mark(control, note, chosen) {
  const frame = control.closest(".choice") ?? control;
  frame.classList.toggle("choice--chosen", chosen);
  if (control.type === "checkbox" && chosen) control.checked = true;
  if (note) note.textContent = chosen ? "（已选）" : "";
}
