// Passing a conversation on: to a colleague who is there, or back into the queue.

import { clone, part } from "/static/js/dom.js";

const STATUS = { online: "在线", busy: "忙碌", away: "离开" };

export class Transfer {
  #dialog = document.getElementById("transfer");
  #desk;
  #conversation = "";

  constructor(desk) {
    this.#desk = desk;
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
    const agents = (this.#desk.lists?.agents ?? [])
      .filter(({ id, status }) => id !== this.#desk.account.id && STATUS[status]);
    const free = agents.sort((one, other) => rank(one) - rank(other) || one.holds - other.holds);
    part(this.#dialog, "agents").replaceChildren(queue(), ...free.map(colleague));
    this.#dialog.showModal();
    this.#dialog.querySelector("input:checked").focus();
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
