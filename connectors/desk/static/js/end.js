// The newest message is kept in view, unless somebody reads further up.

const NEAR_PX = 60;

export class End {
  #box = document.getElementById("log");
  #fresh = document.getElementById("fresh");
  #following = true;
  #reached;

  /** `reached()` is called when the end comes into view. */
  constructor(reached) {
    this.#reached = reached;
    this.#box.addEventListener("scroll", () => this.#moved(), { passive: true });
    this.#fresh.addEventListener("click", () => {
      this.go("smooth");
      this.#box.focus({ preventScroll: true });
    });
    // The composer and the suggestions take and give room.
    new ResizeObserver(() => this.#following && this.#jump("instant")).observe(this.#box);
  }

  get near() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  /** Something new stands at the end. */
  arrived() {
    if (this.#following) this.#jump("smooth");
    else this.#fresh.hidden = false;
  }

  go(behavior) {
    this.#following = true;
    this.#fresh.hidden = true;
    this.#jump(behavior);
  }

  #jump(behavior) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#box.scrollTo({ top: this.#box.scrollHeight, behavior: calm ? "instant" : behavior });
  }

  #moved() {
    if (!this.near) {
      this.#following = false;
      return;
    }
    this.#following = true;
    this.#fresh.hidden = true;
    this.#reached();
  }
}
