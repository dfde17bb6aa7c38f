// Sound and the page's title when somebody waits or writes.

import { icon } from "/static/js/dom.js";
import { recall, remember } from "/static/js/storage.js";
import { unreadOf } from "./rows.js";

const NAME = "坐席工作台";
const TONES = { message: [880], queue: [660, 990] };
const TONE_SECONDS = 0.16;
const LOUDNESS = 0.12;

export class Alerts {
  #button = document.getElementById("sound");
  #context = null;
  #desk;
  #last = new Map();
  #presence;
  #waiting = null;

  constructor(desk, presence) {
    this.#desk = desk;
    this.#presence = presence;
    this.#show(recall("desk.sound") !== "off");
    this.#button.addEventListener("click", () => this.toggle());
    // A browser lets a page make no sound before somebody has touched it.
    for (const gesture of ["pointerdown", "keydown"]) {
      document.addEventListener(gesture, () => this.#wake(), { once: true });
    }
    desk.on("lists", (lists) => this.#heard(lists));
  }

  toggle() {
    this.#show(!this.#on);
    remember("desk.sound", this.#on ? "on" : "off");
    if (this.#on) this.#play("message");
  }

  get #on() {
    return this.#button.getAttribute("aria-pressed") === "true";
  }

  #show(on) {
    this.#button.setAttribute("aria-pressed", String(on));
    icon(this.#button, "icon", on ? "sound" : "mute");
  }

  #heard({ waiting, mine }) {
    const unread = mine.reduce((sum, row) => sum + unreadOf(row), 0);
    const count = unread + waiting.length;
    document.title = count ? `（${count}）${NAME}` : NAME;
    const queued = this.#arrived(waiting);
    const written = this.#written(mine);
    if (queued && this.#presence.available) this.#play("queue");
    else if (written) this.#play("message");
  }

  /** Whether somebody waits who did not before. */
  #arrived(waiting) {
    const ids = new Set(waiting.map((row) => row.conversation));
    const fresh = this.#waiting !== null && [...ids].some((id) => !this.#waiting.has(id));
    this.#waiting = ids;
    return fresh;
  }

  /** Whether a citizen has written where the agent is not looking. */
  #written(mine) {
    let fresh = false;
    for (const { conversation, last } of mine) {
      const before = this.#last.get(conversation);
      this.#last.set(conversation, last?.seq ?? 0);
      const looking = conversation === this.#desk.conversation && document.hasFocus();
      const newer = before !== undefined && last?.seq > before;
      if (newer && last.author === "citizen" && !looking) fresh = true;
    }
    return fresh;
  }

  #wake() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  #play(kind) {
    if (!this.#on || this.#context?.state !== "running") return;
    TONES[kind].forEach((pitch, place) => this.#tone(pitch, place * TONE_SECONDS));
  }

  #tone(pitch, after) {
    const start = this.#context.currentTime + after;
    const volume = this.#context.createGain();
    volume.gain.setValueAtTime(LOUDNESS, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + TONE_SECONDS);
    const tone = this.#context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume).connect(this.#context.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  }
}
