// The lines of an answer: what to bring, when, where, each with the clause behind it.

import { clone, element, part, put } from "./dom.js";

const MAY_BE_REQUIRED = "可能要求提供";
const UNDECIDED = "看您的情况";
const EFFECTS = {
  replace_all: "只需提供这一项",
  substitute: "可代替上面的材料",
  waive: "可以不提供",
};
const PHONE = /(?:\d{3,4}-\d{7,8}|\b1\d{10}\b|\b1\d{4}\b)/g;

/**
 * Return the lines as lists; neighbours under one condition stand together in a frame with it.
 * `cite(line)` returns the button to the clause or null; `checklist` gives each line a tick box.
 */
export function renderLines(lines, { cite, checklist = false, phones = false, ordered = false }) {
  return runs(lines).map(({ when, members }) => {
    const list = element(ordered ? "ol" : "ul", "lines");
    list.append(...members.map((line) => renderLine(line, { cite, checklist, phones })));
    return when ? frame(when, members, list) : list;
  });
}

/** Return how many of the lines can be ticked off. */
export function countable(lines) {
  return lines.filter(canTick).length;
}

/** Return a button that opens the clause, labelled with the clause's place in the guide. */
export function citeButton({ citation_id: id, heading }, openClause) {
  if (!id) return null;
  const button = clone("t-cite");
  put(button, "heading", heading);
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", () => openClause(id, heading));
  return button;
}

/** Return nodes in which every complete telephone number is a link that dials it. */
export function dialable(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(PHONE)) {
    nodes.push(text.slice(end, match.index), phoneLink(match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}

function phoneLink(number) {
  const link = element("a", "phone", number);
  link.href = `tel:${number.replaceAll("-", "")}`;
  return link;
}

function runs(lines) {
  const found = [];
  for (const line of lines) {
    const when = line.when ?? "";
    if (found.at(-1)?.when === when) found.at(-1).members.push(line);
    else found.push({ when, members: [line] });
  }
  return found;
}

function frame(when, members, list) {
  const box = clone("t-condition");
  part(box, "when").textContent = when;
  box.classList.toggle("condition--open", members.some((line) => line.undecided));
  part(box, "list").replaceWith(list);
  return box;
}

function canTick(line) {
  return line.effect !== "waive";
}

function renderLine(line, { cite, checklist, phones }) {
  const node = clone(checklist && canTick(line) ? "t-check-line" : "t-line");
  if (phones) part(node, "text").append(...dialable(line.text));
  else part(node, "text").textContent = line.text;
  const parts = (line.parts ?? []).map(({ text }) => element("li", "", text));
  fill(node, "parts", parts);
  fill(node, "meta", [...tags(line), cite(line)].filter(Boolean));
  if (line.counted) node.append(element("p", "line__counted", line.counted.note));
  return node;
}

function tags(line) {
  return [
    line.form && element("span", "tag", line.form),
    line.modality === "may_be_required" && element("span", "tag tag--open", MAY_BE_REQUIRED),
    EFFECTS[line.effect] && element("span", "tag tag--effect", EFFECTS[line.effect]),
    line.undecided && !line.when && element("span", "tag tag--open", UNDECIDED),
  ];
}

function fill(node, name, children) {
  if (children.length) part(node, name).append(...children);
  else part(node, name).remove();
}
