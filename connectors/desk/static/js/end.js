// The newest message is kept in view, unless somebody reads further up.

const NEAR_PX = 60;
const GESTURES = ["wheel", "touchmove", "keydown", "pointerdown"];

export class End {
  #box = document.getElementById("log");
  #fresh = document.getElementById("fresh");
  #following = true;
  #reached;
  // Only a scroll after a gesture is the reader's own: room that is taken moves the end, too.
  #touched = false;

  /** `reached()` is called when the end comes into view. */
  constructor(reached) {
    this.#reached = reached;
    for (const gesture of GESTURES) {
      this.#box.addEventListener(gesture, () => { this.#touched = true; }, { passive: true });
    }
    this.#box.addEventListener("scroll", () => this.#moved(), { passive: true });
    this.#fresh.addEventListener("click", () => {
      this.go();
      this.#box.focus({ preventScroll: true });
    });
    // The composer and the suggestions take and give room, messages grow.
    const watch = new ResizeObserver(() => this.#following && this.#jump());
    watch.observe(this.#box);
    watch.observe(this.#box.firstElementChild);
  }

  get near() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  /** Something new stands at the end. */
  arrived() {
    if (this.#following) this.#jump();
    else this.#fresh.hidden = false;
  }

  go() {
    this.#following = true;
    this.#fresh.hidden = true;
    this.#jump();
  }

  #jump() {
    this.#touched = false;
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  #moved() {
    if (!this.near) {
      if (this.#touched) this.#following = false;
      return;
    }
    this.#following = true;
    this.#fresh.hidden = true;
    this.#reached();
  }
}
