// One conversation in a list: what it is about before anything else.

import { clone, part } from "/static/js/dom.js";
import { countFrom } from "./clock.js";
import { unreadOf } from "./rows.js";

const AUTHORS = { citizen: "市民", bot: "助手", agent: "坐席", system: "" };

/** Return an empty row; `open()` is called when it is chosen. */
export function makeRow(open) {
  const node = clone("t-row");
  node.querySelector("button").addEventListener("click", open);
  return node;
}

/** Bring a row up to date; `list` is queue, mine, others or history. */
export function fillRow(node, row, list) {
  const unread = list === "mine" ? unreadOf(row) : 0;
  node.dataset.unread = String(unread > 0);
  node.dataset.reason = row.waiting?.reason ?? "";
  write(node, "title", topicOf(row));
  write(node, "gist", row.gist);
  write(node, "reason", list === "queue" ? row.waiting?.reason_text : "");
  write(node, "who", whoOf(row, list));
  write(node, "last", lastOf(row, list));
  write(node, "unread", unread && String(unread));
  write(node, "unread-note", unread && "条未读");
  time(part(node, "time"), row, list);
}

/** Region and matter, as far as they are known. */
export function topicOf({ region, place, item, family }) {
  return [place || region, item || family].filter(Boolean).join(" · ") || "还不清楚要办什么";
}

function whoOf({ channel_text: channel, code, holder, agent }, list) {
  const has = list === "others" ? (holder === "person" ? `${agent} 号` : "助手") : "";
  return [channel, code, has].filter(Boolean).join(" ");
}

function lastOf({ last }, list) {
  // What those who wait are told is always the same.
  if (!last || (list === "queue" && last.author !== "citizen")) return "";
  const author = AUTHORS[last.author];
  return author ? `${author}：${last.text}` : last.text;
}

function time(element, row, list) {
  if (list === "queue") countFrom(element, row.waiting?.since);
  else if (list === "mine") countFrom(element, owing(row));
  else countFrom(element, null);
  if (element.dataset.since) return;
  const at = list === "history" ? row.ended_at : row.last && Date.parse(row.last.at) / 1000;
  element.textContent = at ? clockTime(at) : "";
}

/** Since when the citizen waits for an answer of the agent; null where the agent had the word. */
function owing({ last }) {
  return last?.author === "citizen" ? Date.parse(last.at) / 1000 : null;
}

function clockTime(seconds) {
  const moment = new Date(seconds * 1000);
  const today = moment.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: "numeric", day: "numeric" };
  return new Intl.DateTimeFormat("zh-CN", { ...day, hour: "2-digit", minute: "2-digit", hour12: false })
    .format(moment);
}

function write(node, name, text) {
  const element = part(node, name);
  const words = text || "";
  if (element.textContent !== words) element.textContent = words;
  element.hidden = !words;
}
