// Passing a conversation on: to a colleague who is there, or back into the queue.

import { clone, part } from "/static/js/dom.js";

const STATUS = { online: "在线", busy: "忙碌", away: "离开" };

export class Transfer {
  #dialog = document.getElementById("transfer");
  #desk;
  #conversation = "";
  #says = "";

  constructor(desk) {
    this.#desk = desk;
    desk.on("lists", () => {
      if (this.#dialog.open) this.#fill(this.#dialog.querySelector("input:checked").value);
    });
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    part(this.#dialog, "cancel").addEventListener("click", () => this.#dialog.close());
    part(this.#dialog, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#pass();
    });
  }

  /** Ask to whom the open conversation goes. */
  open() {
    this.#conversation = this.#desk.conversation;
    if (!this.#conversation) return;
    part(this.#dialog, "note").value = "";
    part(this.#dialog, "trouble").textContent = "";
    this.#fill("");
    this.#dialog.showModal();
    this.#dialog.querySelector("input:checked").focus();
  }

  /** Offer the queue and whoever is there, the free ones first; `chosen` is one of them, or "". */
  #fill(chosen) {
    const agents = (this.#desk.lists?.agents ?? [])
      .filter(({ id, status }) => id !== this.#desk.account.id && STATUS[status])
      .sort((one, other) => rank(one) - rank(other) || one.holds - other.holds);
    const says = JSON.stringify(agents);
    if (this.#dialog.open && says === this.#says) return;
    this.#says = says;
    const focused = document.activeElement?.name === "colleague";
    part(this.#dialog, "agents").replaceChildren(queue(), ...agents.map(colleague));
    const same = [...this.#dialog.querySelectorAll("input")].find(({ value }) => value === chosen);
    if (same) same.checked = true;
    else part(this.#dialog, "trouble").textContent = `${chosen} 号已不在，请重新选择。`;
    if (focused) this.#dialog.querySelector("input:checked").focus();
  }

  async #pass() {
    const to = this.#dialog.querySelector("input:checked").value;
    const note = part(this.#dialog, "note").value.trim();
    try {
      await this.#desk.act("transfer", { to, note }, this.#conversation);
      this.#dialog.close();
    } catch (error) {
      part(this.#dialog, "trouble").textContent = error.message;
    }
  }
}

function rank({ status }) {
  return Object.keys(STATUS).indexOf(status);
}

function queue() {
  const node = choice("", "放回排队", "由下一位有空的坐席接入");
  node.querySelector("input").checked = true;
  return node;
}

function colleague({ id, status, holds }) {
  const node = choice(id, `${id} 号`, `${STATUS[status]}，手上 ${holds} 个会话`);
  node.dataset.status = status;
  return node;
}

function choice(value, name, more) {
  const node = clone("t-colleague");
  node.querySelector("input").value = value;
  part(node, "name").textContent = name;
  part(node, "more").textContent = more;
  return node;
}
