// Rows of tables, built cell by cell.

import { element } from "/static/js/dom.js";

/** Return a row with its name first; a cell that begins with a number goes to the right. */
export function row(name, ...cells) {
  const line = element("tr");
  const head = element("th", "", String(name));
  head.scope = "row";
  line.append(head, ...cells);
  return line;
}

export function cell(text, className = "") {
  return element("td", className, String(text));
}

export function number(text) {
  return cell(text, "n");
}

/** Return a row that says that there are none. */
export function none(columns, text) {
  const line = element("tr");
  const empty = cell(text, "none");
  empty.colSpan = columns;
  line.append(empty);
  return line;
}

export function fill(id, nodes) {
  document.getElementById(id).replaceChildren(...nodes);
}
