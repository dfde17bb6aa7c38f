// Canned replies while typing: "/" and the first letters, arrow keys, Enter. The focus stays in
// the composer.

import { announce } from "/static/js/announcer.js";
import { clone, element, identify, part } from "/static/js/dom.js";

const MOST = 8;

export class TextPicker {
  #field;
  #source;
  #box = clone("t-picker");
  #list = part(this.#box, "list");
  #found = [];
  #at = 0;

  /** `field` is the composer, `root` where the list hangs; `source` is of Texts. */
  constructor(field, root, source) {
    this.#field = field;
    this.#source = source;
    this.#box.hidden = true;
    root.append(this.#box);
    field.setAttribute("aria-controls", identify(this.#list));
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.#look());
    field.addEventListener("blur", () => this.#hide());
    field.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const place = [...this.#list.children].indexOf(event.target.closest("li"));
      if (place >= 0) this.#choose(place);
    });
  }

  async #look() {
    const filter = /^[/／、]([^\s]*)$/.exec(this.#field.value)?.[1];
    if (filter === undefined) return this.#hide();
    const shown = this.#box.hidden ? -1 : this.#found.length;
    try {
      this.#show(matching((await this.#source.all()).texts, filter).slice(0, MOST));
    } catch (error) {
      return this.#hide();
    }
    if (shown !== this.#found.length) announce(`${this.#found.length} 条常用语`);
    return undefined;
  }

  #show(found) {
    this.#found = found;
    part(this.#box, "none").hidden = found.length > 0;
    this.#list.replaceChildren(...found.map((text) => this.#render(text)));
    this.#box.hidden = false;
    this.#go(0);
  }

  #render({ title, shortcut, text }) {
    const line = element("li", "picker__one");
    line.setAttribute("role", "option");
    identify(line);
    line.append(element("b", "", title), element("kbd", "", shortcut),
      element("span", "picker__text", this.#source.fill(text)));
    if (!shortcut) line.querySelector("kbd").remove();
    return line;
  }

  #go(place) {
    this.#at = place;
    [...this.#list.children].forEach((line, at) => {
      line.setAttribute("aria-selected", String(at === place));
    });
    const line = this.#list.children[place];
    line?.scrollIntoView({ block: "nearest" });
    if (line) this.#field.setAttribute("aria-activedescendant", line.id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #hide() {
    this.#box.hidden = true;
    this.#field.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (this.#box.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const many = this.#found.length;
    if (step && many) this.#go((this.#at + step + many) % many);
    else if (["Enter", "Tab"].includes(event.key) && many) this.#choose(this.#at);
    else if (event.key === "Escape") this.#hide();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #choose(place) {
    this.#hide();
    this.#field.value = "";
    this.#source.insert(this.#found[place]);
  }
}

/** Return the texts that a filter means, those whose shortcut begins with it first. */
export function matching(texts, filter) {
  const wanted = filter.toLowerCase();
  const rank = ({ title, shortcut, text }) => {
    if ((shortcut ?? "").toLowerCase().startsWith(wanted)) return 0;
    if (title.toLowerCase().includes(wanted)) return 1;
    return text.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return texts.map((text) => [rank(text), text]).filter(([at]) => at < 3)
    .sort(([one], [other]) => one - other).map(([, text]) => text);
}
