// Whether the agent is there: told to the server, shown as the server has it.

export class Presence {
  #desk;
  #root = document.getElementById("presence");
  #chosen = "";

  constructor(desk) {
    this.#desk = desk;
    this.#root.addEventListener("change", ({ target }) => {
      this.#chosen = target.value;
      desk.presence(target.value);
    });
    // What was chosen while the line was down, or before it was lost.
    desk.on("welcome", () => this.#chosen && desk.presence(this.#chosen));
    desk.on("lists", ({ agents }) => this.#show(agents));
  }

  /** Whether new conversations concern the agent. */
  get available() {
    return this.#root.querySelector("input:checked")?.value === "online";
  }

  #show(agents) {
    const own = agents.find(({ id }) => id === this.#desk.account.id);
    const input = own && this.#root.querySelector(`input[value="${CSS.escape(own.status)}"]`);
    if (!input) return;
    input.checked = true;
    this.#root.dataset.status = own.status;
  }
}
