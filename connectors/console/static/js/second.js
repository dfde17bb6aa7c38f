// Labels that contradict what is there: somebody else says which of the two is right.

import { part } from "/static/js/dom.js";
import { api } from "./api.js";
import { entry } from "./entry.js";
import { tellTrouble } from "./trouble.js";

export class Second {
  #box = document.getElementById("second");
  #settled;

  /** `settled` is called once a label is read. */
  constructor(settled) {
    this.#settled = settled;
  }

  async load() {
    const { labels } = await api("GET", "labels?state=second");
    part(this.#box, "list").replaceChildren(...labels.map((label) => this.#row(label)));
    const told = part(this.#box, "told");
    told.hidden = Boolean(labels.length);
    told.textContent = "没有要复核的。";
  }

  #row(found) {
    const label = { ...found, in_words: `标成：${found.in_words}` };
    if (label.by === this.#box.dataset.account) {
      const why = `${label.why}您自己标的，要请另一位同事复核。`;
      return entry({ ...label, why }, []);
    }
    const acts = [["这样标对", () => this.#settle(label, { agree: true })]];
    if (label.against) {
      acts.push(["原来的对", () =>
        this.#settle(label, { agree: false, label: label.against.label })]);
    }
    acts.push(["都不对，退回待审", () => this.#settle(label, { agree: false })]);
    return entry(label, acts);
  }

  async #settle({ id }, judgement) {
    try {
      await api("POST", `labels/${id}/second`, judgement);
      document.getElementById("told").textContent = "已经复核。";
      await this.#settled();
    } catch (error) {
      tellTrouble(error);
    }
  }
}
