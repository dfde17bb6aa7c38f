// Marking what a sentence tells of somebody's circumstances: its words, the fact, its value.

import { clone, part } from "/static/js/dom.js";
import { cut, length, meaning } from "./label.js";

export class Marker {
  #dialog = document.getElementById("mark");
  #field = part(this.#dialog, "text");
  #go = part(this.#dialog, "go");
  #picker;
  #vocabulary;
  #text = "";
  #facts = [];
  #resolve = null;

  constructor(picker, vocabulary) {
    [this.#picker, this.#vocabulary] = [picker, vocabulary];
    // The text can be walked through and selected, not changed.
    this.#field.addEventListener("beforeinput", (event) => event.preventDefault());
    document.addEventListener("selectionchange", () => this.#tell());
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.#enter();
    });
    this.#go.addEventListener("click", () => this.#enter());
    for (const name of ["close", "back"]) {
      part(this.#dialog, name).addEventListener("click", () => this.#dialog.close());
    }
    this.#dialog.addEventListener("close", () => this.#end(false));
  }

  /** Resolve to { facts, confirmed } once the reviewer is done. */
  ask(text, facts) {
    [this.#text, this.#facts] = [text, [...facts]];
    this.#field.value = text;
    this.#render();
    this.#dialog.showModal();
    this.#field.focus();
    this.#field.setSelectionRange(0, 0);
    this.#tell();
    return new Promise((resolve) => { this.#resolve = resolve; });
  }

  get #selected() {
    const { selectionStart, selectionEnd } = this.#field;
    const [start, end] = [selectionStart, selectionEnd].map((at) => (
      length(this.#text.slice(0, at))));
    return { start, end, words: cut(this.#text, start, end) };
  }

  #tell() {
    if (!this.#dialog.open) return;
    const { words } = this.#selected;
    const does = words ? `给“${words}”选情况` : "确认，到下一组";
    this.#go.replaceChildren(Object.assign(document.createElement("kbd"), { textContent: "Enter" }),
      ` ${does}`);
  }

  async #enter() {
    const { start, end, words } = this.#selected;
    if (!words.trim()) {
      this.#end(true);
      return;
    }
    const told = await this.#meant(words);
    if (told) {
      this.#facts = this.#facts.filter((one) => one.end <= start || one.start >= end);
      this.#facts.push({ start, end, ...told });
      this.#facts.sort((one, other) => one.start - other.start);
      this.#field.setSelectionRange(this.#field.selectionEnd, this.#field.selectionEnd);
    }
    this.#render();
    this.#field.focus();
  }

  /** Resolve to { fact, value }, or null. */
  async #meant(words) {
    const fact = await this.#picker.one(
      `“${words}”说的是哪一项情况`, this.#text, this.#vocabulary.facts());
    if (!fact) return null;
    const value = await this.#picker.one(this.#vocabulary.fact(fact.value).question, this.#text,
      this.#vocabulary.valuesOf(fact.value));
    return value && { fact: fact.value, value: value.value };
  }

  #render() {
    part(this.#dialog, "marks").replaceChildren(...this.#facts.map((fact) => {
      const line = clone("t-mark");
      const words = cut(this.#text, fact.start, fact.end);
      part(line, "words").textContent = `“${words}”`;
      part(line, "meaning").textContent = meaning(fact, this.#vocabulary);
      part(line, "drop").setAttribute("aria-label", `去掉“${words}”`);
      part(line, "drop").addEventListener("click", () => {
        this.#facts = this.#facts.filter((one) => one !== fact);
        this.#render();
        this.#field.focus();
      });
      return line;
    }));
    this.#tell();
  }

  #end(confirmed) {
    const resolve = this.#resolve;
    this.#resolve = null;
    if (this.#dialog.open) this.#dialog.close();
    resolve?.({ facts: this.#facts, confirmed });
  }
}
