// Where the transcript stands. A long answer is read from its top, so new messages bring the
// citizen's own words to the upper edge, and never pull away somebody who reads further up.

const NEAR_END_PX = 80;

export class Scroll {
  #box = document.getElementById("log");
  #fresh = document.getElementById("fresh");
  #following = true;
  #anchor = null;

  constructor() {
    for (const gesture of ["wheel", "touchmove", "keydown"]) {
      this.#box.addEventListener(gesture, () => this.#look(), { passive: true });
    }
    this.#box.addEventListener("scroll", () => this.#atEnd() && this.#resume(), { passive: true });
    this.#fresh.addEventListener("click", () => {
      this.follow(this.#anchor);
      this.#anchor?.focus({ preventScroll: true });
    });
  }

  /** Something new has arrived below `anchor`. */
  arrived(anchor) {
    this.#anchor = anchor;
    if (this.#following) this.#show(anchor, "smooth");
    else this.#fresh.hidden = false;
  }

  /** The citizen has acted: go there and stay there. */
  follow(anchor) {
    this.#resume();
    this.#anchor = anchor;
    this.#show(anchor, "smooth");
  }

  jump(anchor) {
    this.#resume();
    this.#show(anchor, "instant");
  }

  #show(anchor, behavior) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    anchor?.scrollIntoView({ block: "start", behavior: calm ? "instant" : behavior });
  }

  #resume() {
    this.#following = true;
    this.#fresh.hidden = true;
  }

  #look() {
    requestAnimationFrame(() => { this.#following = this.#atEnd(); });
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}
