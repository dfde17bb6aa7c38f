// The answer card: status, sections, reasons, source, and what can be done with it.

import { announce } from "./announcer.js";
import { Choices } from "./choices.js";
import { copyText } from "./clipboard.js";
import { clone, element, icon, identify, part, put } from "./dom.js";
import { citeButton, countable, renderLines } from "./lines.js";
import { renderRating } from "./rating.js";

const STATUS = {
  applies: { label: "按您的情况整理", icon: "check" },
  conditional: { label: "有些内容要看您的情况，已注明条件", icon: "fork" },
  not_applicable: { label: "按您说的情况，不适用这项", icon: "barred" },
  not_in_guide: { label: "办事指南没有写这一点", icon: "blank" },
  comparison: { label: "各地写法对照，各按各的指南", icon: "fork" },
};
const FOLDED = new Set(["basis", "steps", "evaluation", "level"]);
const WITH_PHONES = new Set(["offices", "contacts", "evaluation"]);
const WITH_ICON = new Set([
  "materials", "time_limits", "deadlines", "channels", "steps", "audience", "fee", "basis",
  "notes", "offices", "level", "evaluation",
]);

/** Return { node, choices, spoken } for a message with an answer card. */
export function renderAnswer({ card, text, seq, rating }, { choose, openClause, rate }) {
  const node = clone("t-answer");
  const cite = (line) =>
    citeButton(line, (id, heading) => openClause(card.knowledge_version, id, heading));
  fillHead(node, card);
  part(node, "reasons").replaceWith(...renderReasons(card, cite));
  const toTick = card.status !== "comparison";
  part(node, "sections").replaceWith(...card.sections.map((s) => renderSection(s, cite, toTick)));
  fillLink(node, card.link);
  fillFoot(node, card, text);
  node.append(renderRating(rating, (given, settled) => rate(seq, given, settled)));
  const choices = card.choices?.length ? new Choices({ choices: card.choices }, choose) : null;
  return { node: withNext(node, choices), choices, spoken: spoken(card) };
}

function fillHead(node, card) {
  const status = STATUS[card.status];
  node.dataset.status = card.status;
  node.setAttribute("aria-labelledby", identify(part(node, "title")));
  part(node, "title").textContent = card.title;
  part(node, "status").textContent = status.label;
  icon(node, "status-icon", status.icon);
  put(node, "region", card.region);
  put(node, "item", card.facet);
  put(node, "lead", card.lead);
  put(node, "missing", card.missing_topic && `指南里没有：${card.missing_topic}`);
}

function fillLink(node, link) {
  const anchor = put(node, "link", link?.label);
  if (anchor) anchor.href = link.href;
}

function fillFoot(node, card, text) {
  put(node, "source", `《${card.source.title.replace(/^《|》$/g, "")}》`);
  put(node, "edition", card.source.edition);
  const label = part(node, "copy-label");
  part(node, "copy").addEventListener("click", async () => {
    label.textContent = (await copyText(text)) ? "已复制" : "没能复制，请手动选取";
    announce(label.textContent);
    setTimeout(() => { label.textContent = "复制文字"; }, 3000);
  });
  part(node, "print").addEventListener("click", () => printOnly(node));
}

function renderReasons({ reasons, status }, cite) {
  if (!reasons?.length) return [];
  const node = clone("t-reasons");
  part(node, "title").textContent = status === "not_applicable" ? "不适用的原因" : "根据您说的情况";
  for (const reason of reasons) {
    const item = element("li", "", reason.text);
    item.append(...[cite(reason)].filter(Boolean));
    part(node, "list").append(item);
  }
  return [node];
}

function renderSection(section, cite, toTick) {
  const { kind, lines } = section;
  const node = clone(section.collapsed ?? FOLDED.has(kind) ? "t-folded" : "t-section");
  const checklist = toTick && kind === "materials" && countable(lines) > 0;
  node.dataset.kind = kind;
  part(node, "title").textContent = section.title;
  icon(node, "icon", kind === "contacts" ? "phone" : WITH_ICON.has(kind) ? kind : "notes");
  const options = { cite, checklist, phones: WITH_PHONES.has(kind), ordered: kind === "steps" };
  part(node, "body").append(...renderLines(lines, options));
  if (checklist) countTicks(node, countable(lines));
  else put(node, "count", node.localName === "details" && `${lines.length} 条`);
  return node;
}

function countTicks(node, total) {
  const count = part(node, "count");
  const refresh = () => {
    count.textContent = `已备 ${node.querySelectorAll("input:checked").length} / ${total}`;
  };
  node.addEventListener("change", refresh);
  refresh();
}

function withNext(node, choices) {
  if (!choices) return node;
  const group = element("div", "next");
  const label = element("p", "next__label", "接下来可以");
  choices.element.setAttribute("role", "group");
  choices.element.setAttribute("aria-labelledby", identify(label));
  group.append(node, label, choices.element);
  return group;
}

function spoken(card) {
  const sizes = card.sections.map(({ title, lines }) => `${title}${lines.length}条`);
  return [card.title, STATUS[card.status].label, card.lead, sizes.join("，")]
    .filter(Boolean).join("。");
}

function printOnly(node) {
  node.classList.add("answer--printing");
  document.body.classList.add("prints-one");
  window.addEventListener("afterprint", () => {
    node.classList.remove("answer--printing");
    document.body.classList.remove("prints-one");
  }, { once: true });
  window.print();
}
