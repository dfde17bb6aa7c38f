// The number under which a citizen wants to be called back: given by consent, in a field of its own.
// It is neither remembered by the page nor shown in the transcript.

import { part } from "./dom.js";

const MISSING = "请填写号码。";
const NOT_AGREED = "请先勾选同意，再保存号码。";
const SENDING = "正在保存…断线时会在连上后自动送出。";

export class Callback {
  #strip = document.getElementById("callback");
  #sheet = document.getElementById("callback-sheet");
  #number = document.getElementById("callback-number");
  #consent = part(this.#sheet, "consent");
  #keep;
  #withdraw;
  #told = null;
  #sending = false;

  /**
   * `keep(number, settled)` and `withdraw(settled)` ask the server; what is shown afterwards is what
   * it says.
   */
  constructor(keep, withdraw) {
    this.#keep = keep;
    this.#withdraw = withdraw;
    part(this.#strip, "open").addEventListener("click", () => this.#open());
    part(this.#strip, "withdraw").addEventListener("click", () => this.#takeBack());
    part(this.#sheet, "cancel").addEventListener("click", () => this.#sheet.close());
    this.#sheet.addEventListener("close", () => this.#empty());
    this.#sheet.addEventListener("input", () => this.#trouble(""));
    part(this.#sheet, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Show what the server says: { until, consent }, or null where no number is wanted. */
  show(told) {
    this.#told = told;
    document.getElementById("confirm-number").hidden = !told?.until;
    if (!told) {
      this.#hide();
      return;
    }
    part(this.#sheet, "words").textContent = told.consent;
    part(this.#strip, "until").textContent = told.until ? day(told.until) : "";
    this.#say(told.until ? "kept" : "offered");
  }

  clear() {
    this.#sending = false;
    this.show(null);
  }

  #open() {
    this.#trouble("");
    this.#busy(this.#sending);
    this.#sheet.showModal();
  }

  #submit() {
    if (this.#sending) return;
    const number = this.#number.value.trim();
    if (!number) this.#trouble(MISSING, this.#number);
    else if (!this.#consent.checked) this.#trouble(NOT_AGREED, this.#consent);
    else this.#send(number);
  }

  #send(number) {
    this.#trouble("");
    this.#busy(true);
    this.#keep(number, (taken, text) => {
      this.#busy(false);
      if (!taken && this.#sheet.open) return this.#trouble(text, this.#number);
      this.#sheet.close();
      return taken;
    });
  }

  #takeBack() {
    this.#say("withdrawing");
    this.#withdraw(() => this.show(this.#told));
  }

  /** Say what is wrong, and with which field; returns true. */
  #trouble(text, field = null) {
    part(this.#sheet, "trouble").textContent = text;
    for (const each of [this.#number, this.#consent]) {
      each.setAttribute("aria-invalid", String(each === field));
    }
    field?.focus();
    return true;
  }

  #busy(on) {
    this.#sending = on;
    part(this.#sheet, "save").setAttribute("aria-disabled", String(on));
    part(this.#sheet, "state").textContent = on ? SENDING : "";
  }

  /** Nobody who uses the page later finds a number in it. */
  #empty() {
    this.#number.value = "";
    this.#consent.checked = false;
    // The button that opened the sheet has the focus back, unless it has left the page.
    if (part(this.#strip, "open").closest("p").hidden) this.#strip.focus({ preventScroll: true });
  }

  #say(state) {
    const focused = this.#strip.contains(document.activeElement);
    for (const line of this.#strip.querySelectorAll("[data-when]")) {
      line.hidden = line.dataset.when !== state;
    }
    this.#strip.hidden = false;
    // The button that had the focus left the page with its line.
    if (focused) this.#strip.focus({ preventScroll: true });
  }

  #hide() {
    const focused = this.#strip.contains(document.activeElement);
    this.#strip.hidden = true;
    if (this.#sheet.open) this.#sheet.close();
    if (focused) document.getElementById("composer-text").focus({ preventScroll: true });
  }
}

function day(at) {
  return new Date(at).toLocaleDateString("zh-CN", { month: "long", day: "numeric" });
}
