// The guide's own words behind a line of an answer, in a dialog.

import { part } from "./dom.js";

const FIELDS = ["text", "item", "region"];
const GONE = "没有找到这一条，可能指南已经更新。请重新提问，看新的答复。";
const FAILED = "没能取到原文，请稍后重试。";

export class ClauseDialog {
  #dialog = document.getElementById("clause");
  #body = part(this.#dialog, "body");
  #cache = new Map();
  #request = null;
  #asked = null;

  constructor() {
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    part(this.#body, "retry").addEventListener("click", () => {
      part(this.#dialog, "heading").focus();
      this.#load();
    });
    this.#dialog.addEventListener("close", () => this.#request?.abort());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** Show the clause; `heading` is its place in the guide, known before the text is. */
  open(version, id, heading) {
    this.#asked = `/api/clause/${encodeURIComponent(version)}/${encodeURIComponent(id)}`;
    part(this.#dialog, "heading").textContent = heading || "办事指南原文";
    this.#dialog.showModal();
    this.#load();
  }

  async #load() {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#show("loading");
    try {
      this.#fill(await this.#fetch(this.#asked, request.signal));
      this.#show("clause");
    } catch (error) {
      if (request.signal.aborted) return;
      console.error("clause not loaded", error);
      part(this.#body, "reason").textContent = error.message === GONE ? GONE : FAILED;
      this.#show("error");
    }
  }

  async #fetch(url, signal) {
    if (!this.#cache.has(url)) {
      const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status === 404 ? GONE : FAILED);
      this.#cache.set(url, await response.json());
    }
    return this.#cache.get(url);
  }

  #fill(clause) {
    if (clause.heading) part(this.#dialog, "heading").textContent = clause.heading;
    for (const field of FIELDS) part(this.#body, field).textContent = clause[field] ?? "";
    const edition = clause.edition ? `（${clause.edition}）` : "";
    part(this.#body, "guide").textContent = `《${clause.guide}》${edition}`;
  }

  #show(state) {
    this.#body.setAttribute("aria-busy", String(state === "loading"));
    for (const name of ["loading", "error", "clause"]) {
      part(this.#body, name).hidden = name !== state;
    }
  }
}
