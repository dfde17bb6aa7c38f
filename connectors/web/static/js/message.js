// One message in the transcript: who, when, what, and whether it has arrived.

import { clone, part } from "./dom.js";

const AUTHORS = { citizen: "我", bot: "助手", agent: "工作人员", system: "提示" };

/** Return a message element around its content; `at` is an ISO time. */
export function renderMessage({ author, at, seq, card, reply_to: replyTo }, content) {
  const node = clone("t-message");
  node.dataset.author = author;
  if (seq !== undefined) node.dataset.seq = seq;
  if (replyTo) node.dataset.replyTo = replyTo;
  const number = card?.type === "agent" ? ` ${card.agent} 号` : "";
  part(node, "author").textContent = (AUTHORS[author] ?? AUTHORS.system) + number;
  part(node, "body").append(content);
  showTime(part(node, "time"), at);
  return node;
}

export function showSending(node) {
  showDelivery(node, "sending", "", null);
}

export function showDelivered(node) {
  delete node.dataset.delivery;
  part(node, "delivery").hidden = true;
}

/** Say that the message has not gone yet; returns whether that was not said before. */
export function showHeld(node, text, resend) {
  const told = node.dataset.delivery === "held"
    && (!text || part(node, "delivery-text").textContent === text);
  if (!told) showDelivery(node, "held", text, resend);
  return !told;
}

/** Say why the server does not take the message; `resend` is null where that cannot help. */
export function showRefused(node, text, resend) {
  showDelivery(node, "refused", text, resend);
}

function showDelivery(node, state, text, resend) {
  node.dataset.delivery = state;
  const line = part(node, "delivery");
  line.hidden = false;
  for (const word of line.querySelectorAll("[data-state]")) word.hidden = word.dataset.state !== state;
  part(line, "delivery-text").textContent = text;
  const button = part(line, "resend");
  button.hidden = !resend;
  button.onclick = resend;
}

function showTime(node, at) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return;
  const today = moment.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: "long", day: "numeric" };
  const format = { ...day, hour: "2-digit", minute: "2-digit", hour12: false };
  node.dateTime = moment.toISOString();
  node.textContent = new Intl.DateTimeFormat("zh-CN", format).format(moment);
}
