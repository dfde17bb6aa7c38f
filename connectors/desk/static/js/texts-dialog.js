// The dialog of canned replies: find, insert, write, share, delete.

import { announce } from "/static/js/announcer.js";
import { clone, element, part } from "/static/js/dom.js";
import { arrows } from "./hits.js";
import { matching } from "./text-picker.js";

const DROP = "删除";

export class TextsDialog {
  #dialog = document.getElementById("texts");
  #list = part(this.#dialog, "list");
  #filter = part(this.#dialog, "filter");
  #form = part(this.#dialog, "form");
  #source;
  #desk;
  #edited = null;

  constructor(source, desk) {
    this.#source = source;
    this.#desk = desk;
    part(this.#dialog, "close").addEventListener("click", () => this.#dialog.close());
    part(this.#dialog, "new").addEventListener("click", () => this.#edit({}));
    part(this.#form, "cancel").addEventListener("click", () => this.#show());
    part(this.#form, "drop").addEventListener("click", () => this.#confirmDrop());
    this.#filter.addEventListener("input", () => this.#fill());
    arrows(this.#filter, this.#list);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.#dialog.addEventListener("cancel", (event) => {
      if (this.#form.hidden) return;
      event.preventDefault();
      this.#show();
    });
  }

  open() {
    this.#filter.value = "";
    this.#dialog.showModal();
    this.#show();
  }

  get #mayShare() {
    return this.#desk.may("shared_texts");
  }

  async #show() {
    this.#form.hidden = true;
    part(this.#dialog, "browse").hidden = false;
    this.#filter.focus();
    await this.#fill();
  }

  async #fill() {
    const told = part(this.#dialog, "told");
    try {
      const { texts } = await this.#source.all();
      const found = matching(texts, this.#filter.value.trim());
      told.textContent = found.length ? "" : "没有这样的常用语。";
      this.#list.replaceChildren(...found.map((text) => this.#render(text)));
    } catch (error) {
      told.textContent = error.message;
    }
  }

  #render(text) {
    const node = clone("t-text");
    part(node, "title").textContent = text.title;
    if (text.shortcut) part(node, "shortcut").textContent = `/${text.shortcut}`;
    else part(node, "shortcut").remove();
    part(node, "owner").textContent = text.owner ? "自己的" : "共用";
    part(node, "text").textContent = this.#source.fill(text.text);
    part(node, "main").addEventListener("click", () => this.#insert(text));
    const edit = part(node, "edit");
    edit.hidden = !text.owner && !this.#mayShare;
    edit.addEventListener("click", () => this.#edit(text));
    return node;
  }

  #insert(text) {
    if (!this.#desk.mine) {
      part(this.#dialog, "told").textContent = "接入一个会话以后，才能放进输入框。";
      return;
    }
    this.#dialog.close();
    this.#source.insert(text);
  }

  async #edit(text) {
    this.#edited = text;
    for (const name of ["title", "shortcut", "text"]) part(this.#form, name).value = text[name] ?? "";
    const shared = part(this.#form, "shared");
    shared.checked = text.owner === "";
    shared.disabled = text.owner === "";
    part(this.#form, "shared-box").hidden = !this.#mayShare;
    part(this.#form, "drop").hidden = !text.id;
    part(this.#form, "drop").textContent = DROP;
    this.#tell("");
    part(this.#dialog, "browse").hidden = true;
    this.#form.hidden = false;
    part(this.#form, "title").focus();
    await this.#offerVariables();
  }

  async #offerVariables() {
    const { variables = {} } = await this.#source.all().catch(() => ({}));
    part(this.#form, "variables").replaceChildren(...Object.entries(variables).map(([name, what]) => {
      const button = element("button", "clause-link", `{${name}}`);
      button.type = "button";
      button.title = what;
      button.addEventListener("click", () => {
        const field = part(this.#form, "text");
        field.setRangeText(`{${name}}`, field.selectionStart, field.selectionEnd, "end");
        field.focus();
      });
      const line = element("li");
      line.append(button);
      return line;
    }));
  }

  async #save() {
    const field = (name) => part(this.#form, name);
    const text = {
      id: this.#edited.id, title: field("title").value.trim(), text: field("text").value.trim(),
      shortcut: field("shortcut").value.trim().replace(/^\//, ""), shared: field("shared").checked,
    };
    await this.#settle(() => this.#source.save(text), "已保存");
  }

  /** The first press asks, the second deletes. */
  async #confirmDrop() {
    const button = part(this.#form, "drop");
    if (button.textContent === DROP) button.textContent = "再按一次，确定删除";
    else await this.#settle(() => this.#source.drop(this.#edited), "已删除");
  }

  async #settle(act, told) {
    try {
      await act();
    } catch (error) {
      this.#tell(error.message);
      return;
    }
    announce(told);
    await this.#show();
  }

  #tell(text) {
    const line = part(this.#form, "trouble");
    line.textContent = text;
    line.hidden = !text;
  }
}
