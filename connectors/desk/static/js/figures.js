// How the desk fares: numbers in tables, each with a bar beside it that says nothing more.

import { SIGNED_OUT, call } from "/static/js/api.js";
import { clone, element, part, put } from "/static/js/dom.js";
import { span } from "/static/js/times.js";

const TIMES = [
  ["waiting", "等待（要求转人工到接入）"],
  ["first_reply", "首次回复（接入到第一句）"],
  ["handling", "处理（接入到结束或转走）"],
];
const page = document.getElementById("page");

document.getElementById("span").addEventListener("change", load);
await load();

async function load() {
  const { value } = document.querySelector('input[name="days"]:checked');
  page.setAttribute("aria-busy", "true");
  try {
    show(await call("GET", `/desk/api/figures?days=${value}`));
  } catch (error) {
    if (error.status === SIGNED_OUT) location.assign("/login?next=/desk/figures");
    tell(error.message);
  }
  page.removeAttribute("aria-busy");
}

function tell(text) {
  document.getElementById("told").textContent = text;
}

function fill(id, nodes) {
  document.getElementById(id).replaceChildren(...nodes);
}

function show({ since, until, all, agents, reasons, rejections }) {
  tell(`${day(since)} 至 ${day(until)}`);
  fill("tiles", tiles(all));
  fill("times", times(all));
  fill("agents", agents.length ? agents.map(agentRow) : [none(8)]);
  fill("reasons", counts(reasons.map(({ text, count }) => [text, count])));
  fill("rejections", counts(rejections.map(({ reason, count }) => [reason, count])));
  const { offered, used, edited, rejected } = all.suggestions;
  fill("uses", counts([
    ["有建议的消息", offered], ["原样采用", used], ["改后采用", edited], ["标为不合适（条）", rejected],
  ]));
}

function day(at) {
  const format = { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat("zh-CN", { ...format, timeZone: "Asia/Shanghai" })
    .format(new Date(at));
}

function tiles({ asked, stopped, taken, waiting, first_reply: reply, suggestions, ratings }) {
  const rated = ratings.good + ratings.bad;
  return [
    ["要求转人工", asked, stopped ? `${stopped} 人没等到就取消了` : ""],
    ["接入", taken, "次"],
    ["等待中位数", span(waiting.p50), ""],
    ["首次回复中位数", span(reply.p50), ""],
    ["建议采用", percent(suggestions.acceptance), `${suggestions.offered} 条消息有建议`],
    ["觉得有帮助", rated ? percent(ratings.good / rated) : "–", `${rated} 次评价`],
  ].map(([name, value, more]) => {
    const node = clone("t-tile");
    part(node, "name").textContent = name;
    part(node, "value").textContent = value;
    put(node, "more", more);
    return node;
  });
}

function times(all) {
  const longest = Math.max(...TIMES.map(([key]) => all[key].p90 ?? 0));
  return TIMES.map(([key, name]) => {
    const { count, p50, p90 } = all[key];
    const chart = cell("wide", "");
    if (p90) chart.append(bar(p90 / longest, p50 / longest));
    return row(name, cell("n", count), cell("n", span(p50)), cell("n", span(p90)), chart);
  });
}

function agentRow({ agent, taken, waiting, first_reply: reply, handling, suggestions, ratings }) {
  const { acceptance } = suggestions;
  const share = cell("share", percent(acceptance));
  if (acceptance !== null) share.append(bar(1, acceptance));
  return row(
    agent, cell("n", taken), cell("n", span(waiting.p50)), cell("n", span(reply.p50)),
    cell("n", span(handling.p50)), share, cell("n", ratings.good), cell("n", ratings.bad));
}

function counts(pairs) {
  if (!pairs.length) return [none(3)];
  const most = Math.max(1, ...pairs.map(([, count]) => count));
  return pairs.map(([name, count]) => {
    const chart = cell("wide", "");
    chart.append(bar(count / most, count / most));
    return row(name, cell("n", count), chart);
  });
}

function row(name, ...cells) {
  const line = element("tr");
  const head = element("th", "", name);
  head.scope = "row";
  line.append(head, ...cells);
  return line;
}

function cell(className, text) {
  return element("td", className, String(text));
}

function none(columns) {
  const line = element("tr");
  const empty = cell("none", "这段时间没有");
  empty.colSpan = columns;
  line.append(empty);
  return line;
}

/** Return a bar; `whole` and `dark` are shares of its full length, 0 to 1. */
function bar(whole, dark) {
  const node = clone("t-bar");
  const [pale, deep] = node.querySelectorAll("rect");
  pale.setAttribute("width", 100 * whole);
  deep.setAttribute("width", 100 * dark);
  return node;
}

function percent(share) {
  return share === null ? "–" : `${Math.round(100 * share)}%`;
}
