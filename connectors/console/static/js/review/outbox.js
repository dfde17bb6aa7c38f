// What was confirmed, on its way to the server: in order, kept over a reload, sent again where the
// line is bad, never sent again once it is saved.

import { recall, remember } from "/static/js/storage.js";
import { SIGNED_OUT, call } from "/static/js/api.js";

const LABELS = "/console/api/labels";
const TAB = "sessionStorage";
const WAITS_MS = [1000, 2000, 5000, 10000];
const TOO_MANY = 429;
const NOT_YET = "这一步还没有保存好，等连上以后再撤销。";

export class Outbox {
  /** Acts that the server has not taken yet, oldest first. */
  unsaved = [];
  #name;
  #csrf;
  #on;
  #busy = null;
  #failed = 0;
  #timer = 0;

  /** `on` has saved(act), refused(act, post, sentence), changed(), trouble(sentence), signedOut(). */
  constructor(account, csrf, on) {
    [this.#name, this.#csrf, this.#on] = [`review-unsaved.${account}`, csrf, on];
    this.unsaved = JSON.parse(recall(this.#name, TAB) ?? "[]");
  }

  /** Save an act { id, posts: [{ sources, label }], … } as soon as can be. */
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
    for (const { id } of act.posts.flatMap(({ saved }) => saved ?? [])) {
      await call("DELETE", `${LABELS}/${encodeURIComponent(id)}`, { csrf: this.#csrf });
    }
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
    const refused = [];
    for (const post of act.posts.filter(({ saved }) => !saved)) {
      const { sources, label } = post;
      act.tried = true;
      try {
        const answer = await call("POST", LABELS, { csrf: this.#csrf, body: { sources, label } });
        post.saved = answer.labels ?? answer;
        this.#keep();
      } catch (error) {
        if (error.status < 400 || error.status >= 500 || worthAnother(error.status)) throw error;
        refused.push([post, error.message]);
      }
    }
    this.unsaved.splice(this.unsaved.indexOf(act), 1);
    act.posts = act.posts.filter(({ saved }) => saved);
    this.#keep();
    if (act.posts.length) this.#on.saved(act);
    for (const [post, sentence] of refused) this.#on.refused(act, post, sentence);
  }

  #stop(error) {
    if (error.status === SIGNED_OUT) {
      this.#on.signedOut();
      return;
    }
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

function worthAnother(status) {
  return status === SIGNED_OUT || status === TOO_MANY;
}
