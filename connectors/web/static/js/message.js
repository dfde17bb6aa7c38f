// One message in the transcript: who, when, what, and whether it has arrived.

import { clone, part } from "./dom.js";

const AUTHORS = { citizen: "我", bot: "助手", agent: "人工坐席", system: "提示" };
const SENDING = "发送中…";

/** Return a message element around its content; `at` is an ISO time. */
export function renderMessage({ author, at, seq }, content) {
  const node = clone("t-message");
  node.dataset.author = author;
  if (seq !== undefined) node.dataset.seq = seq;
  part(node, "author").textContent = AUTHORS[author] ?? AUTHORS.system;
  part(node, "body").append(content);
  showTime(part(node, "time"), at);
  return node;
}

export function showSending(node) {
  node.dataset.delivery = "sending";
  const line = part(node, "delivery");
  line.hidden = false;
  part(line, "delivery-text").textContent = SENDING;
  part(line, "resend").hidden = true;
}

export function showDelivered(node) {
  delete node.dataset.delivery;
  part(node, "delivery").hidden = true;
}

/** Say why the message did not arrive; `resend` is null where trying again cannot help. */
export function showUndelivered(node, text, resend) {
  node.dataset.delivery = "failed";
  const line = part(node, "delivery");
  line.hidden = false;
  part(line, "delivery-text").textContent = `未送达：${text}`;
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
