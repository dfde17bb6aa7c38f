// Canned replies: "/" in the empty composer offers them, a dialog keeps them.

import { randomId } from "/static/js/dom.js";
import { bound } from "./chords.js";
import { TextPicker } from "./text-picker.js";
import { TextsDialog } from "./texts-dialog.js";

export const SHORTCUTS = [
  { keys: "/", does: "输入框为空时选常用语，接着输入缩写可以筛选" },
  { keys: "Alt + /", does: "管理常用语" },
];
const PARTS_OF_DAY = [[5, "夜里好"], [9, "早上好"], [12, "上午好"], [14, "中午好"], [18, "下午好"]];

export class Texts {
  #desk;
  #texts = null;
  #dialog;

  constructor(desk) {
    this.#desk = desk;
    const source = {
      all: () => this.all(),
      save: (text) => this.#save(text),
      drop: (text) => this.#drop(text),
      insert: (text) => this.insert(text),
      fill: (text) => this.fill(text),
    };
    this.#dialog = new TextsDialog(source, desk);
    new TextPicker(desk.composer, document.getElementById("canned"), source);
    bound("Alt+Slash", () => this.open());
  }

  open() {
    this.#dialog.open();
  }

  /** Resolve to { texts: [{ id, title, shortcut, text, owner }], variables: { name: meaning } }. */
  async all() {
    this.#texts ??= await this.#desk.api("GET", "/desk/api/texts");
    return this.#texts;
  }

  /** Put a text into the composer; what is not known yet is selected to be written over. */
  insert({ text }) {
    this.#desk.compose(this.fill(text));
    const field = this.#desk.composer;
    const gap = /〔[^〔〕]*〕/.exec(field.value);
    if (gap) field.setSelectionRange(gap.index, gap.index + gap[0].length);
  }

  /** Return a text with its variables filled in; one that is not known stays as 〔name〕. */
  fill(text) {
    const known = { 工号: this.#desk.account?.id, 时段: partOfDay(), ...this.#desk.panel?.variables };
    return text.replace(/\{([^{}]*)\}/g, (_, name) => known[name] || `〔${name}〕`);
  }

  async #save({ id = randomId(), title, shortcut, text, shared }) {
    const path = `/desk/api/texts/${encodeURIComponent(id)}`;
    await this.#desk.api("PUT", path, { title, shortcut, text, shared });
    this.#texts = null;
  }

  async #drop({ id }) {
    await this.#desk.api("DELETE", `/desk/api/texts/${encodeURIComponent(id)}`);
    this.#texts = null;
  }
}

function partOfDay() {
  const hour = new Date().getHours();
  return PARTS_OF_DAY.find(([end]) => hour < end)?.[1] ?? "晚上好";
}
