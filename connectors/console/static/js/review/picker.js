// One or several of a list, by a digit, by arrow keys, or by typing: characters, or the first
// letters of their sounds. Asked in a dialog that shows the sentence.

import { clone, element, identify, part } from "/static/js/dom.js";
import { digitOf } from "/static/js/key-sheet.js";

const BY_DIGIT = 10;
const DIGITS = ["数字", "选"];
const TYPING = ["打字", "筛选（汉字或拼音首字母）"];
const BACK = ["Esc", "返回，不改"];
const ONE = [DIGITS, TYPING, ["Enter", "选标亮的"], ["按住 Shift 选", "再选询问方面"], BACK];
const MANY = [["数字", "重新选，可以选几个"], ["Enter", "选好了"],
  ["Shift+Enter", "选好了，还要改别的"], BACK];

export class Picker {
  #dialog = document.getElementById("pick");
  #query = part(this.#dialog, "query");
  #list = part(this.#dialog, "list");
  #options = [];
  #shown = [];
  #at = 0;
  #many = false;
  #most = 0;
  #untouched = true;
  #chosen = new Set();
  #resolve = null;

  constructor() {
    this.#query.addEventListener("input", () => this.#filter());
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    this.#dialog.addEventListener("close", () => {
      // It comes late: by then the dialog may ask the next question.
      if (!this.#dialog.open) this.#end(null);
    });
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    this.#list.addEventListener("click", ({ target }) => {
      const place = [...this.#list.children].indexOf(target.closest("li"));
      if (place >= 0) this.#take(place);
    });
  }

  /** Resolve to { value, stay } of one option { name, more, sounds, value }, or null; `stay`: there
   * is more to change. */
  one(title, text, options) {
    this.#begin(title, text, options, ONE);
    return this.#asked(false);
  }

  /** Resolve to { value: [value, …], stay } of 1 to `most` options, or null. */
  many(title, text, options, chosen, most) {
    this.#most = most;
    this.#chosen = new Set(chosen);
    this.#untouched = true;
    this.#many = true;
    this.#begin(title, text, options, MANY);
    return this.#asked(true);
  }

  #begin(title, text, options, keys) {
    this.#options = options;
    this.#dialog.querySelector("h2").textContent = title;
    part(this.#dialog, "text").textContent = text;
    part(this.#dialog, "keys").replaceChildren(...keys.flatMap(([key, does]) => (
      [element("kbd", "", key), element("span", "", does)])));
    this.#query.value = "";
    this.#filter();
  }

  #asked(many) {
    this.#many = many;
    this.#list.setAttribute("aria-multiselectable", String(many));
    this.#dialog.showModal();
    this.#query.focus();
    return new Promise((resolve) => { this.#resolve = resolve; });
  }

  #filter() {
    const asked = this.#query.value.trim().toLowerCase();
    this.#shown = asked ? matching(this.#options, asked) : this.#options;
    this.#render();
    this.#go(0);
    part(this.#dialog, "none").textContent = this.#shown.length ? "" : "没有这样的，换个词试试";
  }

  #render() {
    this.#list.replaceChildren(...this.#shown.map(({ name, more, value }, place) => {
      const line = clone("t-option");
      part(line, "key").textContent = place < BY_DIGIT ? (place + 1) % BY_DIGIT : "";
      part(line, "name").textContent = name;
      part(line, "more").textContent = more;
      if (this.#many) line.dataset.ticked = this.#chosen.has(value);
      return line;
    }));
  }

  #go(place) {
    this.#at = place;
    [...this.#list.children].forEach((line, at) => {
      const ticked = this.#many && this.#chosen.has(this.#shown[at].value);
      line.setAttribute("aria-selected", String(this.#many ? ticked : at === place));
      line.classList.toggle("option--here", at === place);
    });
    const line = this.#list.children[place];
    line?.scrollIntoView({ block: "nearest" });
    if (line) this.#query.setAttribute("aria-activedescendant", identify(line));
    else this.#query.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = digitOf(event) || (event.code.endsWith("0") && BY_DIGIT);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (digit) this.#take(digit - 1, event.shiftKey);
    else if (step && this.#shown.length) this.#go((this.#at + step + this.#shown.length) % this.#shown.length);
    else if (event.key === "Enter" && event.target === this.#query) this.#enter(event.shiftKey);
    else return;
    event.preventDefault();
  }

  #enter(stay) {
    if (!this.#many) this.#take(this.#at, stay);
    else if (this.#chosen.size) this.#end({ value: this.#inOrder(), stay });
  }

  #take(place, stay = false) {
    const option = this.#shown[place];
    if (!option) return;
    if (!this.#many) {
      this.#end({ value: option.value, stay });
      return;
    }
    // What was chosen before gives way to what is chosen now.
    if (this.#untouched) this.#chosen.clear();
    this.#untouched = false;
    const full = this.#chosen.size >= this.#most && !this.#chosen.has(option.value);
    part(this.#dialog, "none").textContent = full ? `最多选 ${this.#most} 个，先去掉一个` : "";
    if (full) return;
    if (!this.#chosen.delete(option.value)) this.#chosen.add(option.value);
    this.#render();
    this.#go(place);
  }

  #inOrder() {
    return this.#options.map(({ value }) => value).filter((value) => this.#chosen.has(value));
  }

  #end(value) {
    const resolve = this.#resolve;
    this.#resolve = null;
    this.#many = false;
    if (this.#dialog.open) this.#dialog.close();
    resolve?.(value);
  }
}

/** Return the options that something typed means; those that begin with it first. */
function matching(options, asked) {
  const rank = ({ name, more, sounds }) => {
    const [plain, heard] = [name.toLowerCase(), sounds.toLowerCase()];
    if (plain.startsWith(asked) || heard.startsWith(asked)) return 0;
    if (plain.includes(asked) || heard.includes(asked)) return 1;
    return more.includes(asked) ? 2 : 3;
  };
  return options.map((option) => [rank(option), option]).filter(([at]) => at < 3)
    .sort(([one], [other]) => one - other).map(([, option]) => option);
}
