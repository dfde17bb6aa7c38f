// The number a citizen left by consent to be called back: hidden until it is needed, and whoever
// has it shown is noted by the server.

import { part } from "/static/js/dom.js";

export class CallbackNumber {
  #root;
  #desk;
  #conversation = "";

  constructor(root, desk) {
    this.#root = root;
    this.#desk = desk;
    part(root, "show").addEventListener("click", () => this.#reveal());
  }

  show({ conversation, number }, anew) {
    this.#conversation = conversation;
    this.#root.hidden = !number;
    if (!number) {
      this.#hide("");
    } else if (anew || part(this.#root, "masked").textContent !== number) {
      this.#hide(number);
    }
  }

  #hide(text) {
    part(this.#root, "masked").textContent = text;
    part(this.#root, "masked").hidden = false;
    part(this.#root, "whole").hidden = true;
    part(this.#root, "whole").textContent = "";
    part(this.#root, "show").hidden = false;
    part(this.#root, "trouble").hidden = true;
  }

  async #reveal() {
    const conversation = this.#conversation;
    const trouble = part(this.#root, "trouble");
    trouble.hidden = true;
    try {
      const path = `/desk/api/number/${encodeURIComponent(conversation)}`;
      const { number } = await this.#desk.api("GET", path);
      if (conversation !== this.#conversation) return;
      const whole = part(this.#root, "whole");
      whole.textContent = number;
      whole.hidden = false;
      part(this.#root, "masked").hidden = true;
      part(this.#root, "show").hidden = true;
      whole.focus();
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    }
  }
}
