// Looking something up in any guide, and putting it into the answer with its clause named.

import { announce } from "/static/js/announcer.js";
import { clone, part } from "/static/js/dom.js";
import { arrows } from "./hits.js";
import { bound } from "./chords.js";

export const SHORTCUTS = [{ keys: "Alt + K", does: "查事项和条款（↓ 到结果，回车放进输入框）" }];
const KINDS = { item: "事项", clause: "条款" };
const SETTLE_MS = 200;

export class Search {
  #dialog = document.getElementById("search");
  #field = part(this.#dialog, "query");
  #guide = part(this.#dialog, "guide");
  #list = part(this.#dialog, "found");
  #desk;
  #timer = 0;
  #asked = 0;

  constructor(desk) {
    this.#desk = desk;
    bound("Alt+KeyK", () => this.open());
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    this.#field.addEventListener("input", () => this.#soon());
    this.#guide.addEventListener("change", () => this.#look());
    arrows(this.#field, this.#list);
  }

  /** Open the search in the guide of the open conversation; the last query stays. */
  async open() {
    this.#dialog.showModal();
    this.#field.select();
    await this.#fillGuides();
    this.#guide.value = this.#desk.panel?.region?.id ?? "";
    if (this.#guide.selectedIndex < 0) this.#guide.value = "";
    this.#look();
  }

  async #fillGuides() {
    if (this.#guide.options.length > 1) return;
    try {
      const { guides } = await this.#desk.api("GET", "/desk/api/matters");
      this.#guide.append(...guides.map(({ id, region }) => new Option(region, id)));
    } catch (error) {
      this.#tell(error.message);
    }
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), SETTLE_MS);
  }

  async #look() {
    this.#asked += 1;
    const asked = this.#asked;
    const query = this.#field.value.trim();
    if (!query) {
      this.#list.replaceChildren();
      this.#tell("输入要查的词，例如“急诊证明”“备案材料”“ydjy”。");
      return;
    }
    try {
      const terms = new URLSearchParams({ q: query, guide: this.#guide.value });
      const { found } = await this.#desk.api("GET", `/desk/api/search?${terms}`);
      if (asked === this.#asked) this.#show(found);
    } catch (error) {
      if (asked === this.#asked) this.#tell(error.message);
    }
  }

  #show(found) {
    this.#tell(found.length ? `找到 ${found.length} 条` : "没有找到，换个说法，或者不限指南再查。");
    this.#list.replaceChildren(...found.map((one) => this.#render(one)));
    this.#list.scrollTop = 0;
  }

  #tell(text) {
    part(this.#dialog, "told").textContent = text;
  }

  #render(one) {
    const node = clone("t-hit");
    part(node, "kind").textContent = KINDS[one.kind] ?? "";
    part(node, "title").textContent = one.title;
    part(node, "where").textContent = [named(one.guide_title), one.heading].filter(Boolean).join(" ");
    part(node, "text").textContent = one.text;
    part(node, "main").addEventListener("click", () => this.#insert(one));
    const clause = part(node, "clause");
    clause.hidden = !one.citation_id;
    clause.addEventListener("click", () =>
      this.#desk.openClause(one.knowledge_version, one.citation_id, one.heading));
    return node;
  }

  #insert(one) {
    if (!this.#desk.mine) {
      this.#tell("接入一个会话以后，才能放进输入框。");
      return;
    }
    this.#dialog.close();
    this.#desk.compose(quoted(one));
    announce("已放进输入框");
  }
}

function named(title) {
  return title ? `《${title.replace(/^《|》$/g, "")}》` : "";
}

/** Return what stands in the answer: the guide's words, and where they are. */
function quoted({ title, text, heading, guide_title: guide }) {
  const source = [named(guide), title, heading].filter(Boolean).join(" ");
  return `${text || title}〔${source}〕`;
}
