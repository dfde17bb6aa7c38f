// From a message to what is shown for it. A card that cannot be shown falls back to its text.

import { renderAnswer } from "./answer.js";
import { Choices } from "./choices.js";
import { clone, element, identify, part, put } from "./dom.js";

const RENDERERS = {
  answer: renderAnswer,
  question: renderQuestion,
  choices: renderPick,
  handoff: renderHandoff,
  notice: renderNotice,
};

/**
 * Return { node, choices, spoken }: the element, its quick replies or null, and the words a
 * screen reader hears when the message arrives. `actions` has choose() and openClause().
 */
export function renderBody(message, actions) {
  const type = message.card?.type;
  if (!Object.hasOwn(RENDERERS, type ?? "")) return renderText(message);
  try {
    return RENDERERS[type](message, actions);
  } catch (error) {
    console.error("card not shown", type, error);
    return renderText(message);
  }
}

function renderText({ text }) {
  return { node: element("p", "bubble", text), choices: null, spoken: text };
}

function renderQuestion({ card }, { choose }) {
  const node = clone("t-question");
  const { multiple } = card;
  put(node, "progress", card.progress && `第 ${card.progress.asked} 问`);
  put(node, "title", card.title);
  if (!card.progress && !card.title) node.querySelector(".card__eyebrow").remove();
  const label = put(node, "text", card.text);
  if (!multiple) part(node, "many").remove();
  if (card.why) put(node, "why", card.why);
  else part(node, "why-box").remove();
  const choices = new Choices({ choices: card.choices, multiple, others: card.others }, choose);
  node.setAttribute("aria-labelledby", identify(label));
  node.append(choices.element);
  const offered = card.choices.map((choice) => choice.label).join("，");
  return { node, choices, spoken: `${card.text}${multiple ? "可以选多项：" : "请选："}${offered}` };
}

function renderPick({ card }, { choose }) {
  const node = clone("t-pick");
  const label = put(node, "text", card.text);
  const choices = new Choices({ choices: card.choices }, choose);
  if (label) node.setAttribute("aria-labelledby", identify(label));
  node.append(choices.element);
  const offered = card.choices.map((choice) => choice.label).join("，");
  return { node, choices, spoken: `${card.text}请选：${offered}` };
}

function renderHandoff({ card, text }) {
  const node = clone("t-handoff");
  put(node, "text", card.text);
  for (const contact of card.contacts) part(node, "contacts").append(renderContact(contact));
  return { node, choices: null, spoken: text };
}

function renderContact({ name, phone, note }) {
  const item = clone("t-contact");
  part(item, "name").textContent = name;
  part(item, "phone").textContent = phone;
  part(item, "link").href = `tel:${phone.replace(/[^\d+]/g, "")}`;
  put(item, "note", note);
  return item;
}

function renderNotice({ card }) {
  const node = clone("t-notice");
  node.dataset.tone = card.tone ?? "info";
  put(node, "text", card.text);
  return { node, choices: null, spoken: card.text };
}
