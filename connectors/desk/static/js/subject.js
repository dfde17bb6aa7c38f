// The head of the open conversation: what it is about, who has it, what can be done with it.

import { announce } from "/static/js/announcer.js";
import { ask } from "/static/js/dialogs.js";
import { topicOf } from "./row.js";

const BUTTONS = {
  queued: ["take"], bot: ["take"], mine: ["transfer", "give_back", "end"], other: ["take_over"],
};
const ASKED = {
  take_over: ({ agent }) => ({
    title: "接管这个会话？", yes: "接管",
    text: `现在由 ${agent} 号坐席接待。接管以后对方不能再回复，市民会看到换了人。`,
  }),
  give_back: () => ({
    title: "交还机器人？", yes: "交还",
    text: "您离开这个会话，助手带着已经了解的情况接着为市民办。",
  }),
  end: () => ({
    title: "结束这个会话？", yes: "结束",
    text: "市民会看到服务已结束，之后的话由助手回答。工单请在结束前后写好。",
  }),
};
const DONE = { give_back: "已交还机器人。", end: "会话已结束。" };
const CLOSED = {
  queued: "接入后可以回复。", bot: "现在由助手接待；接入后可以回复。",
  ended: "这个会话已结束。", gone: "这个会话不在您这里了：已由别人接入、交还机器人，或市民不再等待。",
};

export class Subject {
  #acts = document.getElementById("acts");
  #blank = document.getElementById("blank");
  #closed = document.getElementById("closed");
  #composer;
  #desk;
  #left = new Map();
  #root = document.getElementById("subject");
  #state = "";
  #talk = document.getElementById("talk");
  #transfer;

  /** `transfer()` asks to whom and hands the conversation on. */
  constructor(desk, composer, transfer) {
    this.#desk = desk;
    this.#composer = composer;
    this.#transfer = transfer;
    this.#acts.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-act]");
      if (button) this.do(button.dataset.act);
    });
    for (const name of ["opened", "row", "closed"]) desk.on(name, () => this.#show());
    desk.on("opened", () => this.#opened());
    desk.on("welcome", () => this.#show());
    desk.on("lost", () => this.#show());
    desk.on("unopened", (text) => {
      desk.close();
      desk.toast(text);
    });
  }

  /** Do what a button or a key stands for, where it can be done now. */
  async do(name) {
    const button = this.#acts.querySelector(`[data-act="${name}"]`);
    if (button.hidden || button.getAttribute("aria-disabled") === "true") return;
    if (name === "transfer") this.#transfer();
    else if (!ASKED[name] || await ask(ASKED[name](this.#desk.row))) await this.#act(button, name);
  }

  async #act(button, name) {
    const { conversation } = this.#desk;
    button.setAttribute("aria-disabled", "true");
    try {
      await this.#desk.act(name, {}, conversation);
      if (DONE[name]) {
        this.#left.set(conversation, DONE[name]);
        announce(DONE[name]);
      }
      this.#show();
    } catch (error) {
      // Somebody else was faster: that is what is to be read where one cannot answer.
      if (name === "take") this.#left.set(conversation, error.message);
      this.#desk.toast(error.message);
      this.#show();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  #opened() {
    if (this.#desk.mine) this.#composer.focus();
    else this.#root.focus({ preventScroll: true });
  }

  #show() {
    const { row, state } = this.#desk;
    const focused = this.#talk.contains(document.activeElement);
    const before = this.#state;
    this.#state = `${this.#desk.conversation} ${state}`;
    const changed = before !== this.#state;
    this.#talk.dataset.state = state;
    if (changed && state === "mine") this.#left.delete(this.#desk.conversation);
    this.#fill(row, state);
    for (const button of this.#acts.children) {
      button.hidden = !BUTTONS[state]?.includes(button.dataset.act);
    }
    this.#composer.show(state === "mine");
    const same = before.split(" ")[0] === this.#desk.conversation;
    if (changed && same) this.#changed(state, focused);
  }

  /** What had the focus may have gone with the change. */
  #changed(state, focused) {
    if (!focused && document.activeElement !== document.body) return;
    if (state === "mine") this.#composer.focus();
    else this.#root.focus({ preventScroll: true });
  }

  #fill(row, state) {
    const open = state !== "none";
    this.#root.hidden = !open;
    this.#blank.hidden = open;
    this.#closed.hidden = !open || state === "mine";
    if (!open) return;
    set("subject-title", row ? topicOf(row) : "会话");
    set("subject-line", row ? lineOf(row, state, this.#desk.account.id) : "");
    set("closed", this.#closing(row, state));
  }

  #closing(row, state) {
    if (state === "other") return `已由 ${row.agent} 号坐席接入。`;
    const left = state === "gone" && this.#left.get(this.#desk.conversation);
    return left || CLOSED[state] || "";
  }
}

function lineOf({ channel_text: channel, code, agent, gist, waiting }, state) {
  const who = {
    queued: waiting && `排队中：${waiting.reason_text}`, bot: "助手接待中", mine: "由我接待",
    other: `${agent} 号坐席接待中`, ended: "已结束",
  }[state];
  return [`${channel} ${code}`, who, gist].filter(Boolean).join(" · ");
}

function set(id, text) {
  const element = document.getElementById(id);
  if (element.textContent !== text) element.textContent = text;
}
