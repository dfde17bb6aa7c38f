// What outlives a reload of the page: drafts, what was not taken yet, and what was open. Only in
// this tab, and under the agent's number: at a desk that several people use nobody finds the words
// of another.

import { recall, remember } from "/static/js/storage.js";

const TAB = "sessionStorage";
const NOTHING = { open: "", drafts: {}, unsent: [] };

export class Kept {
  #name = "";
  #all = structuredClone(NOTHING);

  /** Recall what is kept of an agent. */
  of(agent) {
    if (this.#name === `desk.${agent}`) return;
    this.#name = `desk.${agent}`;
    try {
      this.#all = { ...structuredClone(NOTHING), ...JSON.parse(recall(this.#name, TAB) ?? "{}") };
    } catch {
      this.#all = structuredClone(NOTHING);
    }
  }

  get conversation() {
    return this.#all.open;
  }

  set conversation(id) {
    this.#all.open = id;
    this.#write();
  }

  /** What has been said and not taken, oldest first: { frame, at, refused? }. */
  unsent() {
    return [...this.#all.unsent];
  }

  keep({ frame, at }) {
    const found = this.#all.unsent.find((entry) => entry.frame.id === frame.id);
    if (found) delete found.refused;
    else this.#all.unsent.push({ frame, at });
    this.#write();
  }

  /** Note why the server did not take it: it stays until the agent has sent it again. */
  refuse(id, text) {
    const found = this.#all.unsent.find(({ frame }) => frame.id === id);
    if (found) found.refused = text;
    this.#write();
  }

  drop(id) {
    const left = this.#all.unsent.filter(({ frame }) => frame.id !== id);
    if (left.length === this.#all.unsent.length) return;
    this.#all.unsent = left;
    this.#write();
  }

  /** Keep what is written and not sent; `used` names the suggestion it began with. */
  draft(conversation, text, used) {
    if (text) this.#all.drafts[conversation] = used ? { text, used } : { text };
    else delete this.#all.drafts[conversation];
    this.#write();
  }

  /** { text, used? } */
  drafted(conversation) {
    return this.#all.drafts[conversation] ?? { text: "" };
  }

  clear() {
    this.#all = structuredClone(NOTHING);
    this.#write();
  }

  #write() {
    if (this.#name) remember(this.#name, JSON.stringify(this.#all), TAB);
  }
}
