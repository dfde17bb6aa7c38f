// The work order of a conversation: drafted by the server, looked through and closed here.

import { announce } from "/static/js/announcer.js";
import { part } from "/static/js/dom.js";
import { bound } from "./chords.js";
import { OrderForm } from "./order-form.js";
import { clock } from "/static/js/times.js";

export const SHORTCUTS = [{ keys: "Alt + O", does: "打开工单" }];
const CLOSED = "closed";

export class Order {
  #dialog = document.getElementById("order");
  #form = new OrderForm(part(this.#dialog, "form"), () => this.#touch());
  #desk;
  #conversation = "";
  #order = null;
  #changed = false;

  constructor(desk) {
    this.#desk = desk;
    bound("Alt+KeyO", () => this.open());
    document.getElementById("panel").addEventListener("click", (event) => {
      if (event.target.closest('[data-open="order"]')) this.open();
    });
    this.#press("close", () => this.#leave());
    this.#press("save", () => this.#try(() => this.#save(), "已保存"));
    this.#press("finish", () => this.#try(() => this.#finish(), "工单已办结"));
    this.#press("again", () => this.#try(() => this.#begin()));
    this.#press("print", () => this.#try(() => this.#print()));
    this.#press("export", () => this.#try(() => this.#export()));
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#leave();
    });
  }

  /** Open the last work order of the open conversation, or draft one. */
  async open() {
    const { conversation } = this.#desk;
    if (!conversation) return;
    this.#conversation = conversation;
    this.#order = null;
    this.#dialog.dataset.state = "loading";
    this.#tell("正在起草…");
    this.#dialog.showModal();
    await this.#try(async () => {
      const { order, categories } = await this.#desk.api("GET", this.#path("orders", conversation));
      this.#form.categories = categories;
      if (order) this.#show(order);
      else await this.#begin();
    });
  }

  #path(...steps) {
    return ["/desk/api", ...steps.map(encodeURIComponent)].join("/");
  }

  #press(name, act) {
    part(this.#dialog, name).addEventListener("click", act);
  }

  async #begin() {
    const path = this.#path("orders", this.#conversation);
    this.#show((await this.#desk.api("POST", path, {})).order);
  }

  #show(order) {
    this.#order = order;
    this.#changed = false;
    const closed = order.status === CLOSED;
    this.#dialog.dataset.state = order.status;
    part(this.#dialog, "number").textContent = order.number;
    part(this.#dialog, "state").textContent = closed ? `已办结 ${clock(order.closed_at)}` : "草稿";
    part(this.#dialog, "by").textContent = `${order.agent} 号坐席 ${clock(order.created_at)} 建单`;
    part(this.#dialog, "callback").textContent = order.callback
      ? "市民留了回电号码，号码不写进工单。" : "市民没有留回电号码。";
    this.#form.show(order, closed);
    for (const name of ["save", "finish"]) part(this.#dialog, name).hidden = closed;
    part(this.#dialog, "again").hidden = !closed;
    this.#tell("");
  }

  #touch() {
    this.#changed = true;
    this.#tell("有改动，还没保存");
  }

  async #save() {
    if (!this.#changed) return;
    const path = this.#path("orders", this.#order.id);
    this.#show((await this.#desk.api("PUT", path, this.#form.edits())).order);
  }

  async #finish() {
    await this.#save();
    const path = this.#path("orders", this.#order.id, "close");
    this.#show((await this.#desk.api("POST", path, {})).order);
  }

  async #print() {
    await this.#save();
    window.open(`/desk/orders/${encodeURIComponent(this.#order.id)}/print`, "_blank", "noopener");
  }

  async #export() {
    await this.#save();
    const link = document.createElement("a");
    link.href = this.#path("orders", this.#order.id, "json");
    link.download = `${this.#order.number}.json`;
    link.click();
  }

  async #leave() {
    if (await this.#try(() => this.#save())) this.#dialog.close();
  }

  /** Do something, and say how it went; resolves to whether it was done. */
  async #try(act, told = "") {
    this.#dialog.setAttribute("aria-busy", "true");
    part(this.#dialog, "trouble").textContent = "";
    try {
      await act();
      if (told) this.#tell(told);
      if (told) announce(told);
      return true;
    } catch (error) {
      this.#tell("");
      part(this.#dialog, "trouble").textContent = error.message;
      return !this.#order;
    } finally {
      this.#dialog.removeAttribute("aria-busy");
    }
  }

  #tell(text) {
    part(this.#dialog, "told").textContent = text;
  }
}
