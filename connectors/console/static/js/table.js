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

export function fill(id, nodes) {
  document.getElementById(id).replaceChildren(...nodes);
}
