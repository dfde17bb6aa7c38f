// Why a suggested answer does not fit: one digit says it.

import { element, part } from "/static/js/dom.js";
import { digitOf } from "/static/js/key-sheet.js";

const REASONS = ["不是这个事项", "地区不对", "没答到点上", "内容不全", "说法不合适", "其他原因"];

export class RejectDialog {
  #dialog = document.getElementById("reject");
  #refuse;

  /** `refuse(rank, reason)` is called with what was chosen. */
  constructor(refuse) {
    this.#refuse = refuse;
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    part(this.#dialog, "reasons").append(...REASONS.map((reason, at) => this.#button(reason, at + 1)));
    this.#dialog.addEventListener("keydown", (event) => {
      const reason = REASONS[digitOf(event) - 1];
      if (!reason || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#choose(reason);
    });
  }

  /** Ask about one of the suggestions `made`; another can be picked in the dialog. */
  open(rank, made) {
    part(this.#dialog, "which").replaceChildren(...made.map(({ title }, at) => {
      const line = element("label", "which__one");
      const radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: "rejected", value: at + 1, checked: at + 1 === rank });
      line.append(radio, element("span", "", `第 ${at + 1} 条　${title || "不是医保经办的事"}`));
      return line;
    }));
    part(this.#dialog, "which-box").hidden = made.length < 2;
    this.#dialog.showModal();
    part(this.#dialog, "reasons").querySelector("button").focus();
  }

  #button(reason, digit) {
    const button = element("button", "reason");
    button.type = "button";
    button.append(element("kbd", "", String(digit)), element("span", "", reason));
    button.addEventListener("click", () => this.#choose(reason));
    const line = element("li");
    line.append(button);
    return line;
  }

  #choose(reason) {
    const rank = Number(this.#dialog.querySelector("input:checked").value);
    this.#dialog.close();
    this.#refuse(rank, reason);
  }
}
