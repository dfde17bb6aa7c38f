// The group that is looked at: its sentence, why it is here, what is proposed, who else said so.

import { clone, element, part } from "/static/js/dom.js";
import { clock } from "/static/js/times.js";
import { alike, lacks, others, rest, seeded, what, whole, withIntent } from "./label.js";
import { lead, proposalOf } from "./queue.js";

const CHANNELS = { web: "网页", rest: "接口", hotline: "热线" };
const LACKING = {
  intent: "选事项…", item: "选具体事项…", category: "选范围外类别…", facets: "选询问方面…",
};
const NAMED = 24;

export class Card {
  #root = document.getElementById("card");
  #vocabulary;
  #act;

  /** `act(name, value)` does what a button says. */
  constructor(vocabulary, act) {
    [this.#vocabulary, this.#act] = [vocabulary, act];
    this.#root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-act]");
      if (button) act(button.dataset.act, Number(button.dataset.value));
    });
  }

  show(group) {
    const node = clone("t-card");
    this.#sentence(node, group);
    this.#proposal(node, group);
    this.#ranked(node, group);
    this.#members(node, group);
    this.#root.replaceChildren(node);
    this.#root.closest(".work").scrollTop = 0;
  }

  /** Show another draft or other ticks of the group that is shown; the focus stays. */
  refresh(group) {
    const fresh = clone("t-card");
    this.#sentence(fresh, group);
    this.#proposal(fresh, group);
    for (const name of [".proposal", ".card__text", ".ranked__seed"]) {
      this.#root.querySelector(name).replaceWith(fresh.querySelector(name));
    }
    this.#count(this.#root, group);
  }

  focus() {
    this.#root.focus({ preventScroll: true });
  }

  #sentence(node, group) {
    const message = lead(group);
    part(node, "refused").textContent = group.refused;
    part(node, "signals").replaceChildren(...message.signals.map(({ kind, text }) => {
      const chip = clone("t-signal");
      chip.textContent = text;
      chip.dataset.kind = kind;
      return chip;
    }));
    part(node, "text").append(...marked(message.text, group.draft.facts));
    const { at, region, channel, by_agent: byAgent, original } = message;
    part(node, "from").textContent = [clock(at), this.#vocabulary.region(region), CHANNELS[channel] ?? channel,
      byAgent && "坐席接待时", original && `原句：${original}`].filter(Boolean).join(" · ");
    part(node, "read").textContent = read(message.read);
  }

  #proposal(node, group) {
    const changed = !same(group.draft, proposalOf(group));
    const lacking = lacks(group.draft, this.#vocabulary);
    const count = group.messages.filter(({ ticked }) => ticked).length;
    const box = node.querySelector(".proposal");
    box.dataset.changed = changed;
    part(node, "title").textContent = changed ? "您改成"
      : `建议标成（${this.#evidence(group)}）`;
    part(node, "what").textContent = what(group.draft);
    part(node, "more").replaceChildren(...rest(group.draft, this.#vocabulary).map(([name, words]) => {
      const line = element("div");
      line.append(element("dt", "", name), element("dd", "", words));
      return line;
    }));
    this.#seed(node, group);
    part(node, "go").textContent = LACKING[lacking]
      ?? (count === 1 ? "确认，到下一组" : `确认这 ${count} 句，到下一组`);
  }

  #evidence(group) {
    if (group.near) return `照刚才标的“${named(group.near.text)}”`;
    return this.#vocabulary.evidence(lead(group));
  }

  #ranked(node, group) {
    part(node, "ranked").replaceChildren(...others(lead(group), this.#vocabulary).map((choice, place) => {
      const line = clone("t-ranked");
      const button = line.firstElementChild;
      button.dataset.act = "rank";
      button.dataset.value = place;
      button.setAttribute("aria-keyshortcuts", place + 1);
      part(line, "key").textContent = place + 1;
      const label = withIntent(whole(null), choice, this.#vocabulary);
      const open = ["item", "category"].includes(lacks(label, this.#vocabulary));
      part(line, "name").textContent = `${what(label)}${open ? " ›…" : ""}`;
      part(line, "sure").textContent = percent(choice.p);
      return line;
    }));
  }

  #members(node, group) {
    const box = part(node, "members");
    box.hidden = group.messages.length === 1;
    part(box, "list").replaceChildren(...group.messages.map((message) => {
      const line = clone("t-member");
      const tick = part(line, "tick");
      tick.checked = message.ticked;
      tick.addEventListener("change", () => {
        message.ticked = tick.checked;
        this.#act("ticked");
      });
      part(line, "text").textContent = message.text;
      part(line, "more").textContent = this.#more(message, group);
      return line;
    }));
    this.#count(node, group);
  }

  /** Which facets a digit brings with it where the proposal has none. */
  #seed(node, group) {
    const { facets } = seeded(group.draft, lead(group));
    const told = !group.draft.facets.length && facets.length;
    part(node, "seed").textContent = told ? `选事项时，询问方面标：${facets.join("、")}` : "";
  }

  #more({ times, proposed }, group) {
    const other = !alike(proposed, whole(lead(group).proposed));
    return [times > 1 && `${times} 次`, other && `另有建议：${what(whole(proposed))}`]
      .filter(Boolean).join(" · ");
  }

  #count(node, { messages }) {
    const ticked = messages.filter((message) => message.ticked).length;
    part(node, "count").textContent = `相近的 ${messages.length} 句，勾了 ${ticked} 句`;
  }
}

/** Return a sentence short enough to be named in a line. */
export function named(text) {
  const characters = [...text];
  return characters.length > NAMED ? `${characters.slice(0, NAMED).join("")}…` : text;
}

function same(one, other) {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}

function percent(share) {
  return `${Math.round(100 * share)}%`;
}

function read({ intent, item, confidence, facets, missing_topic: topic }) {
  if (!intent) return "助手当时没有听懂。";
  const words = [[intent, item !== intent && item].filter(Boolean).join(" › "),
    facets?.join("、"), topic && `指南没写：${topic}`].filter(Boolean).join("；");
  return `助手当时理解为：${words}（把握 ${percent(confidence)}）`;
}

/** Return a sentence as nodes, with the words of facts marked. */
function marked(text, facts) {
  const characters = [...text];
  const nodes = [];
  let at = 0;
  for (const { start, end } of facts) {
    nodes.push(characters.slice(at, start).join(""),
      element("mark", "", characters.slice(start, end).join("")));
    at = end;
  }
  return [...nodes, characters.slice(at).join("")];
}
