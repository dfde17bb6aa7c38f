// What was labelled a moment ago is proposed for a sentence that is nearly the same: on a Monday the
// same is asked in many words, and the assistant has misread all of them.

import { whole } from "./label.js";

const NEAR = 0.5;

export class Memory {
  #known = new Map();

  /** Remember what sentences mean. */
  add(texts, label) {
    for (const text of texts) this.#known.set(text, { ...label, facts: [] });
  }

  /** Forget it: it was taken back. */
  drop(texts) {
    for (const text of texts) this.#known.delete(text);
  }

  /** Return the sentence nearest to a text and its label, { text, label }; null where none is near. */
  nearest(text) {
    const asked = pairs(text);
    const found = [...this.#known].map(([known, label]) => ({
      text: known, label: whole(label), share: common(asked, pairs(known)) }));
    return found.filter(({ share }) => share >= NEAR)
      .sort((one, other) => other.share - one.share)[0] ?? null;
  }
}

function pairs(text) {
  const characters = [...text.replace(/[\s\p{P}]/gu, "")];
  return new Set(characters.slice(1).map((character, at) => characters[at] + character));
}

/** Return how much two sets have in common, 0 to 1 (Dice's coefficient). */
function common(one, other) {
  const both = [...one].filter((pair) => other.has(pair)).length;
  return 2 * both / Math.max(1, one.size + other.size);
}
