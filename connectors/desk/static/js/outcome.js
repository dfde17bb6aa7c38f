// What the guide says with the facts so far, folded by kind; every line names its clause.

import { clone, part, put } from "/static/js/dom.js";
import { citeButton, renderLines } from "/static/js/lines.js";

const OPEN_AT_FIRST = new Set(["materials"]);

export class Outcome {
  #root;
  #desk;
  #says = "";

  constructor(root, desk) {
    this.#root = root;
    this.#desk = desk;
  }

  show({ outcome, open }, anew) {
    this.#asking(open);
    const says = JSON.stringify(outcome);
    if (!anew && says === this.#says) return;
    const opened = anew ? null : this.#opened();
    this.#says = says;
    part(this.#root, "card").replaceChildren(this.#render(outcome, opened));
  }

  #asking(open) {
    const box = part(this.#root, "asking");
    box.hidden = !open.asked && !open.then.length;
    part(box, "asked-box").hidden = !open.asked;
    part(box, "asked").textContent = open.asked;
    part(box, "then").hidden = !open.then.length;
    part(box, "then").textContent = `还要问：${open.then.join("、")}`;
  }

  #opened() {
    const folds = [...this.#root.querySelectorAll("details[data-kind]")];
    return folds.length ? new Set(folds.filter((f) => f.open).map((f) => f.dataset.kind)) : null;
  }

  #render(outcome, opened) {
    const node = clone("t-outcome");
    const { card } = outcome;
    node.dataset.status = outcome.status;
    put(node, "status", outcome.status_text);
    put(node, "title", outcome.title);
    put(node, "text", card ? "" : outcome.text);
    put(node, "lead", card?.lead);
    const cite = (line) => citeButton(line, (id, heading) =>
      this.#desk.openClause(card.knowledge_version, id, heading));
    const folds = sections(card).map((section) => fold(section, cite, opened));
    part(node, "sections").replaceWith(...folds);
    return node;
  }
}

/** Return what the guide says by kind, and at the end what of the person's case it follows from. */
function sections(card) {
  if (!card) return [];
  const reasons = card.reasons ?? [];
  const why = { kind: "reasons", title: "根据的情况", lines: reasons };
  return reasons.length ? [...card.sections, why] : card.sections;
}

function fold({ kind, title, lines }, cite, opened) {
  const node = clone("t-outcome-fold");
  node.dataset.kind = kind;
  node.open = opened ? opened.has(kind) : OPEN_AT_FIRST.has(kind);
  part(node, "title").textContent = title;
  part(node, "count").textContent = `${lines.length} 条`;
  part(node, "body").append(...renderLines(lines, { cite, ordered: kind === "steps" }));
  return node;
}
