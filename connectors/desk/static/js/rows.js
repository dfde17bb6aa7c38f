// The conversations that the agent may see, and how each stands.

const EMPTY = { waiting: [], mine: [], others: [], agents: [] };
const STATES = { waiting: "queued", mine: "mine" };

export class Rows {
  /** The server's last lists. */
  lists = EMPTY;
  #known = new Map();
  #where = new Map();

  /** Take the lists; what has left them is remembered as it was. */
  take(frame) {
    this.lists = frame;
    this.#where.clear();
    for (const list of ["others", "waiting", "mine"]) {
      for (const row of frame[list]) {
        this.#known.set(row.conversation, row);
        this.#where.set(row.conversation, list);
      }
    }
  }

  /** Remember a row that may be in none of the lists. */
  add(row) {
    if (!this.#where.has(row.conversation)) this.#known.set(row.conversation, row);
  }

  of(conversation) {
    return this.#known.get(conversation) ?? null;
  }

  /** queued, bot, mine, other, ended or gone. */
  state(conversation) {
    const row = this.of(conversation);
    const list = this.#where.get(conversation);
    if (list === "others") return row.holder === "person" ? "other" : "bot";
    if (list) return STATES[list];
    return row?.ended_at ? "ended" : "gone";
  }

  /** The neighbour of a conversation among the agent's own, going round. */
  beside(conversation, step) {
    const { mine } = this.lists;
    if (!mine.length) return null;
    const at = mine.findIndex((row) => row.conversation === conversation);
    if (at < 0) return step > 0 ? mine[0] : mine.at(-1);
    return mine[(at + step + mine.length) % mine.length];
  }

  /** The agent's own conversation with something unread, the longest unanswered first. */
  unread(except) {
    return this.lists.mine.filter((row) => unreadOf(row) && row.conversation !== except)
      .sort((one, other) => String(one.last?.at).localeCompare(String(other.last?.at)))[0] ?? null;
  }
}

/** How many messages the agent has not seen; none where the last word is the agent's own. */
export function unreadOf({ last, unread }) {
  return last?.author === "agent" ? 0 : unread;
}
