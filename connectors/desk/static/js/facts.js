// The facts, each with its value and where it comes from, to be mended in place.

import { clone, element, identify, part } from "/static/js/dom.js";
import { Ticks } from "./ticks.js";

const ASSUMED = "assumed";
const SETTLE_MS = 250;
const FEW = 4;

export class Facts {
  #root;
  #edit;
  #rows = new Map();

  /** `edit({ facts: { name: value } })` resolves once the server has taken it. */
  constructor(root, edit) {
    this.#root = root;
    this.#edit = edit;
  }

  /** Show the facts of a panel; `anew` where it is another conversation's. */
  show({ facts }, anew) {
    if (anew) this.#forget();
    const focused = document.activeElement?.closest("[data-fact]")?.dataset.fact;
    const kept = new Map(facts.map((fact) => [fact.name, this.#row(fact)]));
    for (const [name, row] of this.#rows) if (!kept.has(name)) row.node.remove();
    this.#rows = kept;
    for (const list of ["known", "asked"]) {
      const rows = facts.filter((fact) => isKnown(fact) === (list === "known"));
      this.#fill(list, rows.map(({ name }) => kept.get(name).node));
    }
    if (anew) part(this.#root, "asked").open = facts.filter((fact) => !isKnown(fact)).length <= FEW;
    if (focused && !document.activeElement?.closest("[data-fact]")) {
      kept.get(focused)?.node.querySelector("select, summary").focus();
    }
  }

  #forget() {
    for (const { node } of this.#rows.values()) node.remove();
    this.#rows = new Map();
  }

  /** A row that says the same stays as it is: whoever works in it is not disturbed. */
  #row(fact) {
    const says = JSON.stringify(fact);
    const row = this.#rows.get(fact.name);
    if (row?.says === says || row?.ticks?.busy) return row;
    const made = this.#render(fact);
    row?.node.remove();
    return { ...made, says };
  }

  #fill(name, nodes) {
    const box = part(this.#root, name);
    box.hidden = !nodes.length;
    const list = part(box, "list");
    nodes.forEach((node, place) => {
      if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
    });
    const count = part(box, "count");
    if (count) count.textContent = nodes.length;
  }

  #render(fact) {
    const node = clone("t-fact");
    node.dataset.fact = fact.name;
    node.classList.toggle("fact--open", Boolean(fact.open));
    const label = part(node, "label");
    label.textContent = fact.label;
    label.title = fact.question ?? "";
    part(node, "open").hidden = !fact.open;
    part(node, "source").textContent = hasValue(fact) ? fact.source_text : "";
    const save = (value) => this.#save(node, fact, value);
    const ticks = fact.multiple ? new Ticks(fact, save) : null;
    const control = ticks?.element ?? select(fact, save);
    if (!ticks) label.htmlFor = identify(control);
    part(node, "control").replaceWith(control);
    return { node, ticks };
  }

  async #save(node, fact, value) {
    const trouble = part(node, "trouble");
    node.setAttribute("aria-busy", "true");
    trouble.hidden = true;
    try {
      await this.#edit({ facts: { [fact.name]: value } });
    } catch (error) {
      this.#undo(fact);
      const told = part(this.#rows.get(fact.name).node, "trouble");
      told.textContent = error.message;
      told.hidden = false;
    } finally {
      node.removeAttribute("aria-busy");
    }
  }

  #undo(fact) {
    const row = this.#rows.get(fact.name);
    const made = this.#render(fact);
    row.node.replaceWith(made.node);
    this.#rows.set(fact.name, { ...made, says: row.says });
  }
}

/** What is only assumed until somebody says otherwise is not known. */
function isKnown(fact) {
  return hasValue(fact) && fact.source !== ASSUMED;
}

function hasValue({ value }) {
  return value !== null;
}

function select({ value, options }, save) {
  const node = element("select", "fact__select");
  const add = (chosen, label) => {
    const option = element("option", "", label);
    option.value = chosen;
    node.append(option);
  };
  add("", "还没说");
  for (const option of options) add(option.value, option.label);
  node.value = value ?? "";
  // Arrow keys pass through values: the last one counts.
  let timer = 0;
  node.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(node.value || null), SETTLE_MS);
  });
  return node;
}
