// What is known of the open conversation, at its side: where it belongs, the facts, what the guide
// says with them, notes. Everything can be mended in place; the server answers with a new panel.

import { announce } from "/static/js/announcer.js";
import { clone, part } from "/static/js/dom.js";
import { CallbackNumber } from "./callback-number.js";
import { Facts } from "./facts.js";
import { bound } from "./chords.js";
import { Matter } from "./matter.js";
import { Notes } from "./notes.js";
import { Outcome } from "./outcome.js";

export const SHORTCUTS = [
  { keys: "Alt + R", does: "到已知情况的第一项" },
  { keys: "Alt + N", does: "写内部备注" },
];

export class Panel {
  #node = clone("t-panel");
  #desk;
  #sections;
  #shown = null;
  #editing = 0;

  /** `root` is an empty element; `desk` has act(), api(), openClause() and account. */
  constructor(root, desk) {
    this.#desk = desk;
    const edit = (edits) => this.#edit(edits);
    this.#sections = [
      new Matter(part(this.#node, "matter"), desk, edit),
      new Facts(part(this.#node, "facts"), edit),
      new Outcome(part(this.#node, "outcome"), desk),
      new CallbackNumber(part(this.#node, "number"), desk),
      new Notes(part(this.#node, "notes"), desk),
    ];
    this.#node.hidden = true;
    root.append(this.#node);
    bound("Alt+KeyR", () => this.#focus("facts", "select, summary"));
    bound("Alt+KeyN", () => this.#focus("notes", "textarea"));
  }

  /** Show a panel of the server; drafts and opened folds of the same conversation stay. */
  show(panel) {
    const before = this.#shown?.conversation === panel.conversation ? this.#shown : null;
    this.#shown = panel;
    this.#node.hidden = false;
    for (const section of this.#sections) section.show(panel, !before);
    const served = (panel.served_by).map((id) => `${id} 号`).join("、");
    part(this.#node, "served-box").hidden = !served;
    part(this.#node, "served").textContent = served;
    if (before && this.#editing && changed(before.outcome, panel.outcome)) {
      announce(`结论已更新：${panel.outcome.title} ${panel.outcome.status_text}`);
    }
  }

  clear() {
    this.#shown = null;
    this.#node.hidden = true;
  }

  async #edit(edits) {
    this.#editing += 1;
    try {
      await this.#desk.act("edit", { edits });
    } finally {
      this.#editing -= 1;
    }
  }

  #focus(name, selector) {
    if (!this.#node.hidden) part(this.#node, name).querySelector(selector)?.focus();
  }
}

function changed(before, after) {
  return JSON.stringify(before) !== JSON.stringify(after);
}
