// Where the transcript stands. A long answer is read from its top, so new messages bring the
// citizen's own words to the upper edge, and never pull away somebody who reads further up.

const NEAR_END_PX = 80;
const GESTURES = ["wheel", "touchmove", "keydown", "pointerdown"];

export class Scroll {
  #box = document.getElementById("log");
  #fresh = document.getElementById("fresh");
  #anchor = null;
  // Only a scroll after a gesture is the reader's own; the page scrolls by itself, too.
  #touched = false;
  #following = true;

  constructor() {
    for (const gesture of GESTURES) {
      this.#box.addEventListener(gesture, () => { this.#touched = true; }, { passive: true });
    }
    this.#box.addEventListener("scroll", () => this.#moved(), { passive: true });
    this.#fresh.addEventListener("click", () => {
      this.#anchor?.focus({ preventScroll: true });
      this.follow(this.#anchor);
    });
  }

  /** Something new to read has arrived below `anchor`. */
  arrived(anchor) {
    this.#anchor = anchor;
    if (this.#following) this.#show("smooth");
    else this.#fresh.hidden = false;
  }

  /** The end of the list has moved without anything new to read. */
  settle(anchor) {
    this.#anchor = anchor;
    if (this.#following) this.#show("smooth");
  }

  /** The citizen has acted: go there and stay there. */
  follow(anchor, behavior = "smooth") {
    this.#anchor = anchor;
    this.#resume();
    this.#show(behavior);
  }

  #show(behavior) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#touched = false;
    this.#anchor?.scrollIntoView({ block: "start", behavior: calm ? "instant" : behavior });
  }

  #resume() {
    this.#following = true;
    this.#fresh.hidden = true;
  }

  #moved() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (atEnd) this.#resume();
    else if (this.#touched) this.#following = false;
  }
}
