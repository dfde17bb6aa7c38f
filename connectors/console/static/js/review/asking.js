// What a label still lacks, asked one after another until it is whole or the reviewer goes back.

import { Editor } from "./edit.js";
import { lacks, withIntent } from "./label.js";
import { Marker } from "./mark.js";
import { Picker } from "./picker.js";

const MOST_FACETS = 3;

export class Asking {
  #vocabulary;
  #picker = new Picker();
  #marker;
  #editor = new Editor();

  constructor(vocabulary) {
    this.#vocabulary = vocabulary;
    this.#marker = new Marker(this.#picker, vocabulary);
  }

  /** Resolve to the label with all that it needs, or null. */
  async complete(label, text) {
    const ask = {
      intent: () => this.intent(label, text),
      item: () => this.#item(label, text),
      category: () => this.#category(label, text),
      facets: () => this.facets(label, text),
    };
    let lacking = lacks(label, this.#vocabulary);
    while (lacking) {
      const answer = await ask[lacking]();
      if (!answer) return null;
      label = answer.label;
      lacking = lacks(label, this.#vocabulary);
    }
    return label;
  }

  // --- each resolves to { label, stay }, or null; `stay`: there is more to change -------------------

  /** Another intent and item; `likely` are those that stand first, [{ intent, item }]. */
  async intent(label, text, likely = []) {
    const answer = await this.#picker.one("是哪个事项", text, this.#vocabulary.matters(likely));
    return answer && this.#further(answer, withIntent(label, answer.value, this.#vocabulary), text);
  }

  /** What no guide holds. */
  async topic(label, text) {
    const answer = await this.#picker.one("指南没写的是什么", text, this.#vocabulary.topics());
    return answer && this.#further(answer, { ...label, usable: true, topic: answer.value }, text);
  }

  /** Ask for the facets where there is more to change. */
  #further({ stay }, label, text) {
    const matter = this.#vocabulary.kind(label.intent) === "matter";
    return stay && matter ? this.facets(label, text) : { label, stay };
  }

  async facets(label, text) {
    const answer = await this.#picker.many(
      "问的是哪些方面", text, this.#vocabulary.plain("facets"), label.facets, MOST_FACETS);
    return answer && { ...answer, label: { ...label, facets: answer.value } };
  }

  async #item(label, text) {
    const answer = await this.#picker.one(
      `${label.intent}里的哪一项`, text, this.#vocabulary.itemsOf(label.intent));
    return answer && { label: { ...label, item: answer.value } };
  }

  async #category(label, text) {
    const answer = await this.#picker.one(
      "范围外：是谁管的事", text, this.#vocabulary.plain("categories"));
    return answer && { label: { ...label, category: answer.value } };
  }

  // --------------------------------------------------------------------------------------------------

  /** Resolve to { facts, confirmed }. */
  facts(label, text) {
    return this.#marker.ask(text, label.facts);
  }

  /** Resolve to the sentence as changed, or null. */
  text(text) {
    return this.#editor.ask(text);
  }
}
