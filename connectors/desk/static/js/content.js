// What a message shows to an agent: the citizen's words whole, the bot's cards and long answers in
// a line or two that open.

import { renderAnswer } from "/static/js/answer.js";
import { clone, element, part } from "/static/js/dom.js";

const FOLDED_FROM = 160;
const SEPARATOR = "；";

const CARDS = { answer: showAnswer, question: showQuestion, choices: showQuestion,
  handoff: showHandoff };

/** Return the element for a message's content. `openClause(version, id, heading)` */
export function renderContent(message, openClause) {
  const render = message.author === "bot" && CARDS[message.card?.type];
  return render ? render(message, openClause) : showText(message);
}

function showText({ author, text }) {
  const long = author !== "citizen" && [...text].length > FOLDED_FROM;
  if (!long) return element("p", "bubble", text);
  const [first, ...rest] = text.trim().split("\n");
  return fold(first, rest.join(" "), () => element("p", "bubble", text));
}

function showAnswer({ card, ...message }, openClause) {
  const what = [card.region, card.facet].filter(Boolean).join(" · ");
  const parts = card.sections.map(({ title, lines }) => `${title} ${lines.length} 条`);
  const gist = [card.title, card.missing_topic && `指南里没有：${card.missing_topic}`, ...parts];
  return fold(what || "答复", gist.filter(Boolean).join(SEPARATOR), () => {
    const actions = { choose() {}, openClause, rate() {} };
    const { node } = renderAnswer({ ...message, card: { ...card, choices: [] } }, actions);
    // Rating and printing are the citizen's.
    for (const own of node.querySelectorAll(".rating, .answer__tools")) own.remove();
    return node;
  });
}

function showQuestion({ card }) {
  const node = element("div", "bubble asked");
  node.append(element("p", "asked__text", card.text));
  const options = element("ul", "asked__options");
  for (const { label } of [...card.choices, ...card.others ?? []]) {
    options.append(element("li", "", label));
  }
  node.append(options);
  return node;
}

function showHandoff({ card, text }) {
  return fold(card.reason ? "已转人工" : "其他部门的电话", firstLine(card.text), () => (
    element("p", "bubble", text)));
}

function fold(what, gist, render) {
  const node = clone("t-fold");
  part(node, "what").textContent = what;
  part(node, "gist").textContent = gist;
  // Most are never opened.
  node.addEventListener("toggle", () => {
    const body = part(node, "body");
    if (node.open && !body.firstChild) body.append(render());
  });
  return node;
}

function firstLine(text) {
  return text.trim().split("\n")[0];
}
