// What a message means, in the words of the training data: { intent, item, facets, topic, category,
// facts, usable }. Pure functions over labels and the vocabulary they are made of.

const NOTHING = {
  intent: "", item: "", facets: [], topic: "", category: "", facts: [], usable: true,
};
const MOST_OTHERS = 5;
const OTHER_KINDS = { outside: ["category"], talk: [] };

export class Vocabulary {
  #given;
  #intents;

  /** `given` is what `GET /console/api/vocabulary` answers. */
  constructor(given) {
    this.#given = given;
    this.#intents = new Map(given.intents.map((intent) => [intent.name, intent]));
  }

  /** matter, outside, talk; '' for what is no intent. */
  kind(intent) {
    return this.#intents.get(intent)?.kind ?? "";
  }

  items(intent) {
    return this.#intents.get(intent)?.items ?? [];
  }

  get outside() {
    return this.#given.intents.find(({ kind }) => kind === "outside").name;
  }

  fact(name) {
    return this.#given.facts.find((fact) => fact.name === name);
  }

  valueLabel(fact, value) {
    const values = this.fact(fact)?.values ?? [];
    return values.find((one) => one.value === value)?.label ?? value;
  }

  // --- what can be picked: { name, more, sounds, value } ------------------------------------------

  /** All intents with their items; `likely` ones first, then others of their families. */
  matters(likely) {
    const place = ({ value: { intent, item } }) => {
      const at = likely.findIndex((one) => one.intent === intent && one.item === item);
      const family = likely.findIndex((one) => one.intent === intent);
      return at >= 0 ? at : likely.length * (family >= 0 ? 1 : 2);
    };
    return this.#matters().sort((one, other) => place(one) - place(other));
  }

  #matters() {
    return this.#given.intents.flatMap(({ name, items, kind }) => {
      if (kind !== "matter") return [this.#option(name, "", { intent: name, item: "" })];
      return items.map((item) => this.#option(item, this.#beside(name, item), { intent: name, item }));
    });
  }

  itemsOf(intent) {
    return this.items(intent).map((item) => this.#option(item, this.#beside("", item), item));
  }

  /** What stands beside an item where it is picked. */
  #beside(intent, item) {
    const open = this.leavesOpen(item) ? "没说是哪一项" : "";
    return [intent === item ? "" : intent, open].filter(Boolean).join("，");
  }

  region(id) {
    return this.#given.regions[id] ?? id;
  }

  regions() {
    return Object.entries(this.#given.regions);
  }

  /** [[kind, name], …] of why messages are in the inbox. */
  signals() {
    return Object.entries(this.#given.signals);
  }

  /** Where the proposal for a message comes from, in words. */
  evidence({ evidence }) {
    return this.#given.evidence[evidence] ?? "";
  }

  /** Whether an item stands for any of its family. */
  leavesOpen(item) {
    return this.#given.families.includes(item);
  }

  topics() {
    return [this.#option("指南里写了，不标", "", ""), ...this.plain("topics")];
  }

  plain(list) {
    return this.#given[list].map((name) => this.#option(name, "", name));
  }

  facts() {
    return this.#given.facts.map(({ name, label, question }) => (
      this.#option(label, question, name)));
  }

  valuesOf(fact) {
    return this.fact(fact).values.map(({ value, label }) => this.#option(label, "", value));
  }

  #option(name, more, value) {
    return { name, more, value, sounds: this.#given.initials?.[name] ?? "" };
  }
}

/** Return what the server proposes as a whole label. */
export function whole(proposed) {
  return { ...structuredClone(NOTHING), ...structuredClone(proposed ?? {}) };
}

/** Return a label of another intent; facets stay where it has some. So does what no guide holds, but
 * only within a family: what was misread says nothing of that. */
export function withIntent(label, { intent, item = "" }, vocabulary) {
  const kind = vocabulary.kind(intent);
  if (kind in OTHER_KINDS) {
    const kept = OTHER_KINDS[kind].map((name) => [name, label[name]]);
    return { ...whole(null), facts: label.facts, intent, ...Object.fromEntries(kept) };
  }
  const [only, ...more] = vocabulary.items(intent);
  const topic = ["", intent].includes(label.intent) ? label.topic : "";
  const chosen = item || (more.length ? "" : only);
  return { ...label, usable: true, intent, item: chosen, topic, category: "" };
}

/** Return a label with the facets that the assistant had read in a message where it has none. */
export function seeded(label, { read }) {
  return label.facets.length ? label : { ...label, facets: read.facets ?? [] };
}

/** Return the label of what teaches nothing. */
export function unusable() {
  return { ...whole(null), usable: false };
}

/** Return what else a message may be about, likeliest first: [{ intent, item, p }]; the proposal is
 * not among them. */
export function others({ read: { likely = [], ranking }, proposed }, vocabulary) {
  const families = new Set(likely.map(({ intent }) => intent));
  const more = ranking.filter(([intent]) => !families.has(intent))
    .map(([intent, p]) => ({ intent, item: "", p }));
  return [...likely, ...more].filter(({ intent, item }) => (
    vocabulary.kind(intent) && !(intent === proposed?.intent && item === (proposed.item ?? "")))
  ).sort((one, other) => other.p - one.p).slice(0, MOST_OTHERS);
}

/** Return what a label still lacks: intent, category, item, facets; '' where it is whole. */
export function lacks(label, vocabulary) {
  if (!label.usable) return "";
  const kind = vocabulary.kind(label.intent);
  if (!kind) return "intent";
  if (kind === "outside") return label.category ? "" : "category";
  if (kind === "talk") return "";
  if (!label.item) return "item";
  return label.facets.length ? "" : "facets";
}

/** Whether two labels are of the same matter. */
export function alike(one, other) {
  return ["intent", "item", "category", "topic"].every((name) => (
    (one?.[name] ?? "") === (other?.[name] ?? "")));
}

/** Return a label's matter in words. */
export function what(label) {
  if (!label.usable) return "不可用";
  if (!label.intent) return "没有建议";
  return [label.intent, label.category || label.item].filter(Boolean).join(" › ");
}

/** Return the rest of a label in words: [[name, words], …]. */
export function rest(label, vocabulary) {
  return [
    ["询问方面", label.facets.join("、")],
    ["指南没写", label.topic],
    ["说到的情况", label.facts.map((fact) => meaning(fact, vocabulary)).join("；")],
  ].filter(([, words]) => words);
}

/** Return what a fact says in words. */
export function meaning({ fact, value }, vocabulary) {
  return `${vocabulary.fact(fact)?.label ?? fact}：${vocabulary.valueLabel(fact, value)}`;
}

/** Return the facts as they stand in another text: where the same words are there. */
export function factsIn(text, facts, marked) {
  return facts.flatMap((fact) => {
    if (text === marked) return [fact];
    const words = cut(marked, fact.start, fact.end);
    const at = words ? text.indexOf(words) : -1;
    if (at < 0) return [];
    const start = length(text.slice(0, at));
    return [{ ...fact, start, end: start + length(words) }];
  });
}

/** Return characters `start` to `end` of a text; places are counted in characters. */
export function cut(text, start, end) {
  return [...text].slice(start, end).join("");
}

/** Return how many characters a text has. */
export function length(text) {
  return [...text].length;
}
