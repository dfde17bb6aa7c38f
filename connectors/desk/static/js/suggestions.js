// Up to three answers to the citizen's last message, above the composer: one key takes one.

import { clone, element, identify, part } from "/static/js/dom.js";
import { digitOf } from "/static/js/key-sheet.js";
import { bound } from "./chords.js";
import { RejectDialog } from "./reject.js";

export const SHORTCUTS = [
  { keys: "Alt + 1 – 3", does: "把第几条建议放进输入框（回车发送，也可以先改）" },
  { keys: "Alt + Shift + 1 – 3", does: "不改，直接发送第几条建议" },
  { keys: "Alt + X", does: "建议不合适，说明原因" },
];
const SURE = [[0.75, "把握大"], [0.4, "把握中等"], [0, "把握小"]];
const MOST = 3;
const REFUSED = "suggestion--refused";

export class Suggestions {
  #root;
  #desk;
  #offered = null;
  #says = "";
  #items = [];
  #current = 1;
  #dialog;
  #reasons = new Map();

  /** `root` is the region above the composer; `desk` has act(), compose(), send(), openClause(). */
  constructor(root, desk) {
    this.#root = root;
    this.#desk = desk;
    this.#root.append(clone("t-suggestions"));
    this.#root.hidden = true;
    this.#dialog = new RejectDialog((rank, reason) => this.#refuse(rank, reason));
    this.#wire();
    desk.on("messages", (messages) => this.#answered(messages));
    desk.on("row", () => this.#conceal());
    desk.on("sent", () => this.#mark(0));
    desk.composer.addEventListener("input", () => desk.composer.value || this.#mark(0));
  }

  /** Show { seq, of, made } of a panel; null or a conversation that is not one's own hides them. */
  show(offered) {
    const says = JSON.stringify([this.#desk.conversation, offered ?? null]);
    const anew = says !== this.#says && offered?.seq !== this.#offered?.seq;
    this.#offered = offered ?? null;
    this.#conceal();
    if (says === this.#says) return;
    this.#says = says;
    this.#current = 1;
    if (anew) this.#fold(false);
    part(this.#root, "of").textContent = offered?.of ?? "";
    this.#items = (offered?.made ?? []).slice(0, MOST).map((one, at) => this.#render(one, at + 1));
    part(this.#root, "none").hidden = this.#items.length > 0;
    part(this.#root, "list").replaceChildren(...this.#items);
  }

  /** Put a suggestion into the composer: Enter sends it, any change makes it an edited one. */
  choose(rank) {
    const made = this.#made(rank);
    if (!made) return;
    this.#mark(rank);
    this.#desk.compose(made.text, this.#used(rank));
  }

  /** The same as choose(): what stands in the composer can be changed. */
  edit(rank) {
    this.choose(rank);
  }

  /** Send a suggestion as it is. */
  send(rank) {
    const made = this.#made(rank);
    if (made) this.#desk.send(made.text, this.#used(rank));
  }

  /** Ask why a suggestion does not fit, and tell the server. */
  reject(rank) {
    const made = this.#made(rank);
    if (made) this.#dialog.open(rank, this.#offered.made.slice(0, MOST));
  }

  /** Only who has the conversation can answer. */
  #conceal() {
    this.#root.hidden = !this.#offered?.of || !this.#desk.mine;
  }

  #made(rank) {
    return this.#root.hidden ? undefined : this.#offered?.made[rank - 1];
  }

  #used(rank) {
    return { seq: this.#offered.seq, rank, edited: false };
  }

  /** Show which one stands in the composer; 0 for none. */
  #mark(rank) {
    this.#current = rank || this.#current;
    this.#items.forEach((item, at) => item.classList.toggle("suggestion--taken", at + 1 === rank));
  }

  async #refuse(rank, reason) {
    const { seq } = this.#offered;
    try {
      await this.#desk.act("reject", { seq, rank, reason });
    } catch (error) {
      this.#desk.toast(error.message);
      return;
    }
    this.#reasons.set(`${this.#desk.conversation} ${seq} ${rank}`, reason);
    if (this.#offered?.seq !== seq) return;
    showRefused(this.#items[rank - 1], reason);
    const next = this.#items.findIndex((item) => !item.classList.contains(REFUSED));
    this.#current = next + 1 || rank;
  }

  #answered(messages) {
    const seq = this.#offered?.seq ?? Infinity;
    if (messages.some((message) => message.author === "agent" && message.seq > seq)) this.#fold(true);
  }

  #fold(done) {
    const fold = this.#root.querySelector("details");
    fold.open = !done;
    part(this.#root, "done").hidden = !done;
  }

  #render(made, rank) {
    const node = clone("t-suggestion");
    node.dataset.rank = rank;
    const { seq, rejected } = this.#offered;
    part(node, "rank").textContent = rank;
    part(node, "title").textContent = made.title || "不是医保经办的事";
    node.setAttribute("aria-labelledby", identify(part(node, "title")));
    place(node, made);
    sure(node, made.confidence);
    part(node, "preview").textContent = preview(made.text);
    part(node, "text").textContent = made.text;
    this.#clauses(node, made);
    for (const act of ["choose", "send", "reject"]) {
      part(node, act).addEventListener("click", () => this[act](rank));
    }
    node.addEventListener("focusin", () => { this.#current = rank; });
    const reason = this.#reasons.get(`${this.#desk.conversation} ${seq} ${rank}`) ?? "";
    if (reason || rejected.includes(rank)) showRefused(node, reason);
    return node;
  }

  #clauses(node, { citations }) {
    const { knowledge_version: version } = this.#offered;
    part(node, "count").textContent = citations.length ? `全文和条款（${citations.length}）` : "全文";
    for (const { id, heading } of citations) {
      const button = element("button", "clause-link", heading);
      button.type = "button";
      button.setAttribute("aria-haspopup", "dialog");
      button.addEventListener("click", () => this.#desk.openClause(version, id, heading));
      const line = element("li");
      line.append(button);
      part(node, "clauses").append(line);
    }
  }

  #wire() {
    for (let rank = 1; rank <= MOST; rank += 1) {
      bound(`Alt+Digit${rank}`, () => this.choose(rank));
      bound(`Alt+Shift+Digit${rank}`, () => this.send(rank));
    }
    bound("Alt+KeyX", () => this.reject(this.#current));
    this.#root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Within the suggestions bare keys will do: 1 2 3, E and X. */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const rank = digitOf(event);
    const letter = { KeyE: "edit", KeyX: "reject" }[event.code];
    if (!letter && !(rank >= 1 && rank <= MOST)) return;
    event.preventDefault();
    if (letter) this[letter](this.#current);
    else this.choose(rank);
  }
}

function place(node, { region, facet }) {
  const where = part(node, "region");
  if (region) where.textContent = region;
  else where.remove();
  part(node, "facet").textContent = facet ?? "";
}

function sure(node, confidence) {
  const words = SURE.find(([least]) => confidence >= least)[1];
  part(node, "sure").textContent = `${words} ${Math.round(100 * confidence)}%`;
  part(node, "bar").value = confidence;
}

/** Return the answer's first lines without its heading, which stands above them already. */
function preview(text) {
  return text.replace(/^【[^】]*】\n?/, "").replace(/\n+/g, " ");
}

function showRefused(node, reason) {
  node.classList.add(REFUSED);
  const told = part(node, "refused");
  told.textContent = reason ? `已记下不合适：${reason}` : "已记下不合适";
  told.hidden = false;
  part(node, "reject").hidden = true;
}
