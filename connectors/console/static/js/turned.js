// Messages and conversations that turned right or wrong, one by one.

import { clone, element, part, put } from "/static/js/dom.js";
import { fill } from "./table.js";

const NOT_UNDERSTOOD = "（没听懂）";

/** List messages that turned: what was wanted, and what each model read. */
export function showTurned(id, messages) {
  fill(id, messages.map(({ text, measure, wanted, live, new: fresh }) => {
    const node = clone("t-turned");
    part(node, "text").textContent = text;
    put(node, "measure", measure);
    for (const [name, read] of Object.entries({ wanted, live, new: fresh })) {
      part(node, name).textContent = read || NOT_UNDERSTOOD;
    }
    return node;
  }));
}

/** List conversations or questions that turned, with what is wrong and what was said. */
export function showCases(id, turned, cases) {
  fill(id, cases.map(({ title, ask, faults = [], transcript }) => {
    const node = clone("t-case");
    part(node, "turned").textContent = turned;
    part(node, "turned").classList.add(turned === "变错" ? "chip--bad" : "chip--soft");
    part(node, "title").textContent = title ?? ask;
    const told = part(node, "faults");
    const when = turned === "变对" ? "原来：" : "";
    told.replaceChildren(...faults.map((fault) => element("li", "", `${when}${fault}`)));
    if (!faults.length) told.remove();
    showScript(part(node, "more"), part(node, "script"), transcript);
    return node;
  }));
}

function showScript(more, list, transcript) {
  if (!transcript?.length) {
    more.remove();
    return;
  }
  list.replaceChildren(...transcript.map(({ who, text }) => {
    const line = element("li", `script__line script__line--${who}`);
    line.append(element("b", "", who === "user" ? "市民" : "助手"), element("span", "", text));
    return line;
  }));
}
