// What the citizen has done and the server has not taken yet. It goes out in order, one at a time,
// and again under the same id until the server takes or refuses it: stored once, answered once.

const TAKEN_WITHIN_MS = 15000;
const FIRST_DELAY_MS = 2000;
const LONGEST_DELAY_MS = 20000;

export class Outbox {
  #send;
  #overdue;
  #entries = [];
  #timer = 0;
  #attempt = 0;

  /** `send(frame)` is false where the line is down; `overdue()` is called where nothing came. */
  constructor(send, overdue) {
    this.#send = send;
    this.#overdue = overdue;
  }

  /** What is still here, oldest first. */
  get entries() {
    return [...this.#entries];
  }

  /** Take { frame, … } along; false where it has to wait for the line or for those before it. */
  add(entry) {
    this.#entries.push(entry);
    return this.#entries.length === 1 ? this.hurry() : this.#attempt === 0 && this.#timer !== 0;
  }

  /** Send the oldest now: the line is up again, or the citizen asked for it. */
  hurry() {
    this.pause();
    const [first] = this.#entries;
    if (!first || !this.#send(first.frame)) return false;
    this.#timer = setTimeout(() => this.#overdue(), TAKEN_WITHIN_MS);
    return true;
  }

  /** The line is down: nothing is overdue until it is back. */
  pause() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** The server could not take the oldest just now: send it again after a while. */
  postpone() {
    this.pause();
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt);
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.hurry(), ceiling * (0.5 + Math.random() / 2));
  }

  /** The server has decided on the entry with this id; returns it, or undefined. */
  settle(id) {
    const place = this.#entries.findIndex(({ frame }) => frame.id === id);
    if (place < 0) return undefined;
    const [entry] = this.#entries.splice(place, 1);
    this.#attempt = 0;
    if (place === 0) this.hurry();
    return entry;
  }

  clear() {
    this.pause();
    this.#entries = [];
    this.#attempt = 0;
  }
}
