// What has been said in the conversations of this page: by number, each message once.

const HELD = 20;

export class Scripts {
  #all = new Map();

  has(conversation) {
    return this.#all.has(conversation);
  }

  of(conversation) {
    return this.#all.get(conversation)?.messages ?? [];
  }

  /** Number of the last message that is here. */
  last(conversation) {
    return this.of(conversation).at(-1)?.seq ?? 0;
  }

  /** Take messages in order of their numbers; returns those that were not here. */
  add(conversation, messages) {
    const fresh = messages.filter(({ seq }) => seq > this.last(conversation));
    const script = this.#all.get(conversation) ?? { messages: [], seen: 0 };
    // The one used last stands last: the first is the one to go.
    this.#all.delete(conversation);
    this.#all.set(conversation, script);
    script.messages.push(...fresh);
    if (this.#all.size > HELD) this.#all.delete(this.#all.keys().next().value);
    return fresh;
  }

  /** Note up to where it has been seen; false where that is known. */
  see(conversation, seq) {
    const script = this.#all.get(conversation);
    if (!script || seq <= script.seen) return false;
    script.seen = seq;
    return true;
  }

  /** It could not be told: it is to be told again. */
  unsee(conversation) {
    const script = this.#all.get(conversation);
    if (script) script.seen = 0;
  }
}
