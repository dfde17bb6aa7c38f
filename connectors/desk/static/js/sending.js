// What the agent has done and the server has not taken yet: in order, under its id, until the
// server takes or refuses it. Words outlive a reload of the page, too.

import { Outbox } from "/static/js/outbox.js";

export class Sending {
  #kept;
  #outbox;
  #settled = new Map();
  #tell;

  /**
   * `send(frame)` is false where the line is down, `overdue()` is called where nothing came;
   * `tell` hears delivered(id), held(id, text) and refused(entry, text).
   */
  constructor(kept, { send, overdue, tell }) {
    this.#kept = kept;
    this.#outbox = new Outbox(send, overdue);
    this.#tell = tell;
  }

  /** Send a frame; rejects with the server's sentence. */
  deliver(frame) {
    return new Promise((resolve, reject) => {
      this.#settled.set(frame.id, { resolve, reject });
      if (!this.#outbox.add({ frame })) this.#tell("held", frame.id, "");
    });
  }

  /** Send { frame, at }, words to a citizen; true once the server has them, false if it refuses. */
  async say(entry) {
    const { id } = entry.frame;
    this.#kept.keep(entry);
    try {
      await this.deliver(entry.frame);
      this.#kept.drop(id);
      this.#tell("delivered", id);
      return true;
    } catch (error) {
      this.#kept.refuse(id, error.message);
      this.#tell("refused", entry, error.message);
      return false;
    }
  }

  /** After a reload: what was on its way. */
  resume() {
    for (const entry of this.#kept.unsent()) {
      if (!entry.refused) this.say(entry);
    }
  }

  /** What is shown of one conversation: held, or refused with a reason. */
  of(conversation) {
    return this.#kept.unsent().filter(({ frame }) => frame.conversation === conversation);
  }

  hurry() {
    this.#outbox.hurry();
  }

  lost() {
    this.#outbox.pause();
    for (const { frame } of this.#outbox.entries) this.#tell("held", frame.id, "");
  }

  taken(id) {
    this.#outbox.settle(id);
    this.#settled.get(id)?.resolve();
    this.#settled.delete(id);
  }

  /** An error about what was sent; false where it is about something else. */
  failed({ id, text, again }) {
    if (!this.#outbox.entries.some(({ frame }) => frame.id === id)) return false;
    if (again) {
      this.#outbox.postpone();
      this.#tell("held", id, text);
    } else {
      this.#outbox.settle(id);
      this.#settled.get(id)?.reject(new Error(text));
      this.#settled.delete(id);
    }
    return true;
  }
}
