// Who serves the citizen: the assistant, a person, or the assistant while a person is waited for.

import { announce } from "./announcer.js";
import { part } from "./dom.js";

const NOBODY = { holder: "bot", agent: "", waiting: null };

export class Service {
  #strip = document.getElementById("service");
  #buttons = document.querySelectorAll("[data-person]");
  #control = NOBODY;

  /**
   * `ask(settled)` asks for a person, `stop(settled)` no longer waits for one; what is shown
   * afterwards is what the server says.
   */
  constructor(ask, stop) {
    part(this.#strip, "stop").addEventListener("click", () => {
      stop(() => this.show(this.#control));
    });
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.#ask(ask));
    }
  }

  /** Show what the server says of a conversation: { holder, agent, waiting }. */
  show(control) {
    this.#control = control;
    const { holder, agent, waiting } = control;
    if (holder === "person") this.#say("person", { agent });
    else if (waiting) this.#say(waiting.open ? "waiting" : "closed", waiting);
    else this.#hide();
  }

  /** Whether a person has the conversation. */
  get person() {
    return this.#control.holder === "person";
  }

  clear() {
    this.show(NOBODY);
  }

  #ask(ask) {
    if (!this.#strip.hidden) {
      this.#strip.focus();
      return;
    }
    this.#say("asked", {});
    ask(() => this.show(this.#control));
  }

  #say(state, { agent = "", place = 0, hours = "" }) {
    const before = this.#strip.hidden ? "" : this.#words();
    this.#strip.dataset.state = state;
    for (const line of this.#strip.querySelectorAll("[data-when]")) {
      line.hidden = !line.dataset.when.split(" ").includes(state);
    }
    this.#fill("agent", agent);
    this.#fill("ahead", place > 1 && String(place - 1));
    part(this.#strip, "first").hidden = place > 1;
    this.#fill("hours", hours);
    this.#strip.hidden = false;
    if (this.#words() !== before) announce(this.#words());
  }

  #fill(name, text) {
    const field = part(this.#strip, name);
    field.textContent = text || "";
    field.closest("[data-optional]").hidden = !text;
  }

  #hide() {
    const focused = this.#strip.contains(document.activeElement);
    this.#strip.hidden = true;
    // The focus would be lost with what held it.
    if (focused) document.getElementById("composer-text").focus({ preventScroll: true });
  }

  /** What the strip says, as a screen reader is to hear it. */
  #words() {
    return part(this.#strip, "words").innerText.replace(/\s+/g, " ").trim();
  }
}
