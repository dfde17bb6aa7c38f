// What was confirmed, on its way to the server: in order, kept over a reload, sent again where the
// line is bad, never sent again once it is saved.

import { api } from "/console/static/js/api.js";
import { SIGNED_OUT } from "/static/js/api.js";
import { recall, remember } from "/static/js/storage.js";

const TAB = "sessionStorage";
const WAITS_MS = [1000, 2000, 5000, 10000];
const TOO_MANY = 429;
const NOT_YET = "这一步还没有保存好，等连上以后再撤销。";

export class Outbox {
  /** Acts that the server has not taken yet, oldest first. */
  unsaved = [];
  #name;
  #on;
  #busy = null;
  #failed = 0;
  #timer = 0;

  /** `on` has saved(act), refused(act, sentence), changed(), trouble(sentence). */
  constructor(account, on) {
    [this.#name, this.#on] = [`review-unsaved.${account}`, on];
    this.unsaved = JSON.parse(recall(this.#name, TAB) ?? "[]");
  }

  /** Save an act { sources, label, … } as soon as can be. */
  add(act) {
    this.unsaved.push(act);
    this.#keep();
    this.hurry();
  }

  /** Try at once. */
  hurry() {
    clearTimeout(this.#timer);
    this.#busy ??= this.#work().finally(() => { this.#busy = null; });
  }

  /** Take an act back; resolves once the server has forgotten it, rejects where it does not. */
  async undo(act) {
    if (this.unsaved[0] === act) await this.#busy;
    const waiting = this.unsaved.indexOf(act);
    // It may be saved although the answer never came.
    if (waiting >= 0 && act.tried) throw new Error(NOT_YET);
    if (waiting >= 0) {
      this.unsaved.splice(waiting, 1);
      this.#keep();
    }
    for (const { id } of act.saved ?? []) await api("DELETE", `labels/${encodeURIComponent(id)}`);
  }

  async #work() {
    while (this.unsaved.length) {
      const [act] = this.unsaved;
      try {
        await this.#save(act);
      } catch (error) {
        this.#stop(error);
        return;
      }
      if (this.#failed) this.#on.trouble("");
      this.#failed = 0;
    }
  }

  async #save(act) {
    const { sources, label } = act;
    act.tried = true;
    try {
      const answer = await api("POST", "labels", { sources, label });
      act.saved = answer.labels ?? answer;
    } catch (error) {
      if (worthAnother(error.status)) throw error;
      this.#taken(act);
      this.#on.refused(act, error.message);
      return;
    }
    this.#taken(act);
    this.#on.saved(act);
  }

  #taken(act) {
    this.unsaved.splice(this.unsaved.indexOf(act), 1);
    this.#keep();
  }

  #stop(error) {
    if (error.status === SIGNED_OUT) return;
    const wait = WAITS_MS[Math.min(this.#failed, WAITS_MS.length - 1)];
    this.#failed += 1;
    this.#on.trouble(error.message);
    this.#timer = setTimeout(() => this.hurry(), wait);
  }

  #keep() {
    remember(this.#name, JSON.stringify(this.unsaved), TAB);
    this.#on.changed();
  }
}

/** Whether the server may take it later: it was not reached, is in trouble, or wants a pause. */
function worthAnother(status) {
  return status < 400 || status >= 500 || status === SIGNED_OUT || status === TOO_MANY;
}
