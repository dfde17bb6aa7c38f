// One WebSocket that comes back by itself. It knows frames, not what they mean.

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30000;
const GREETING_WITHIN_MS = 15000;

export class Connection {
  #url;
  #on;
  #socket = null;
  #attempt = 0;
  #retryTimer = 0;
  #greetingTimer = 0;

  /** `on` has opening(), opened(), received(frame) and lost({ attempt, retryAt, reason }). */
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("offline", () => this.abandon());
    window.addEventListener("pageshow", () => this.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.hurry();
    });
  }

  open() {
    this.#release();
    this.#on.opening();
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#on.opened();
    socket.onmessage = (event) => this.#read(event.data);
    socket.onclose = () => this.abandon();
    this.#greetingTimer = setTimeout(() => this.abandon(), GREETING_WITHIN_MS);
  }

  /** Connect now instead of at the end of the waiting time. */
  hurry() {
    if (this.#retryTimer) this.open();
  }

  /** The other side has greeted: the next loss starts with the shortest delay again. */
  settle() {
    clearTimeout(this.#greetingTimer);
    this.#attempt = 0;
  }

  /** Send a frame; false where the line is down. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /**
   * Give this socket up without waiting for its closing handshake, and try again later. `reason`
   * is the server's own sentence, where it gave one.
   */
  abandon(reason = "") {
    if (!this.#socket) return;
    this.#release();
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt);
    const delay = ceiling * (0.5 + Math.random() / 2);
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => this.open(), delay);
    this.#on.lost({ attempt: this.#attempt, retryAt: Date.now() + delay, reason });
  }

  #release() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#greetingTimer);
    this.#retryTimer = 0;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #read(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch (error) {
      console.error("unreadable frame", error);
      return;
    }
    this.#on.received(frame);
  }
}
