// How the line stands: the word in the header, the banner, and the page when nothing came yet.

import { announce } from "./announcer.js";
import { part } from "./dom.js";

const WORDS = { connecting: "正在连接", ready: "已连接", lost: "已断开" };
const LOST = "网络断开了，正在重新连接…";
const LOST_FROM_THE_START = "暂时连不上办事助手，正在自动重试";
const ATTEMPTS_BEFORE_TROUBLE = 2;

export class Status {
  #app = document.getElementById("app");
  #state = document.getElementById("state");
  #banner = document.getElementById("banner");
  #greeted = false;
  #countdown = 0;

  constructor(retry) {
    part(this.#banner, "retry").addEventListener("click", retry);
    document.getElementById("trouble-retry").addEventListener("click", retry);
  }

  connecting() {
    this.#word("connecting");
    this.#count(null);
    if (!this.#banner.hidden) this.#say("正在重新连接…");
  }

  ready(view) {
    if (!this.#banner.hidden) announce("已重新连接");
    this.#greeted = true;
    this.#word("ready");
    this.#count(null);
    this.#banner.hidden = true;
    part(this.#banner, "text").textContent = "";
    this.show(view);
  }

  /** `reason` is the server's own sentence where it gave one. */
  lost({ attempt, retryAt, reason }) {
    this.#word("lost");
    if (!this.#greeted) {
      if (attempt === ATTEMPTS_BEFORE_TROUBLE) announce(reason || LOST_FROM_THE_START);
      if (attempt >= ATTEMPTS_BEFORE_TROUBLE) this.show("trouble");
      return;
    }
    this.#banner.hidden = false;
    this.#say(reason || LOST);
    this.#count(retryAt);
  }

  /** Which of loading, trouble, welcome and conversation the page shows. */
  show(view) {
    this.#app.dataset.view = view;
  }

  #word(state) {
    this.#state.dataset.state = state;
    part(this.#state, "text").textContent = WORDS[state];
  }

  #say(text) {
    const line = part(this.#banner, "text");
    if (line.textContent !== text) line.textContent = text;
  }

  #count(retryAt) {
    clearInterval(this.#countdown);
    const line = part(this.#banner, "countdown");
    const tick = () => {
      const seconds = Math.ceil((retryAt - Date.now()) / 1000);
      line.textContent = retryAt && seconds > 0 ? `${seconds} 秒后再试` : "";
    };
    tick();
    if (retryAt) this.#countdown = setInterval(tick, 1000);
  }
}
