// What was done last, and whether it is saved.

import { clone, part } from "/static/js/dom.js";

const SHOWN = 6;
const STATES = { approved: "已保存", second: "已保存，等第二人复核", known: "样例里已经有了" };

export class Trail {
  #acts = [];
  #root = document.getElementById("trail");

  get last() {
    return this.#acts.at(-1) ?? null;
  }

  add(act) {
    this.#acts.push(act);
    this.show();
  }

  drop(act) {
    this.#acts = this.#acts.filter((one) => one !== act);
    this.show();
  }

  show() {
    this.#root.hidden = !this.#acts.length;
    const lines = this.#acts.slice(-SHOWN).reverse().map((act) => {
      const line = clone("t-trail");
      part(line, "what").textContent = act.says;
      part(line, "state").textContent = told(act);
      line.dataset.state = act.state;
      return line;
    });
    part(this.#root, "list").replaceChildren(...lines);
  }
}

/** Return how an act stands; where labels contradict others, why. */
function told({ state, saved }) {
  if (state !== "saved") return "正在保存…";
  const second = saved.find((label) => label.state === "second");
  if (second) return [STATES.second, second.why].filter(Boolean).join("：");
  return saved.every((label) => label.state === "known") ? STATES.known : STATES.approved;
}
