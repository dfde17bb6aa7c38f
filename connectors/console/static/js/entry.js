// A labelled sentence: what it means, who said so, why it waits, and what can be done with it.

import { clone, element, part, put } from "/static/js/dom.js";
import { clock } from "/static/js/times.js";
import { api } from "./api.js";
import { tellTrouble } from "./trouble.js";

const LOOKS = { approved: "", second: "chip--warn", rejected: "chip--soft" };

/** Return the row of a label; `acts` are [label, what to do]. */
export function entry(label, acts) {
  const node = clone("t-entry");
  part(node, "text").textContent = label.text;
  part(node, "state").textContent = label.state_text;
  part(node, "state").className = `chip ${LOOKS[label.state] ?? "chip--soft"}`;
  put(node, "label", label.in_words);
  put(node, "why", label.why);
  put(node, "told", told(label));
  tellHistory(node, label.text);
  showActs(part(node, "acts"), label.text, acts);
  return node;
}

function tellHistory(node, text) {
  const more = part(node, "more");
  part(node, "whose").textContent = `：${text}`;
  more.addEventListener("toggle", async () => {
    if (more.open) part(node, "history").replaceChildren(...await historyOf(text));
  });
}

async function historyOf(text) {
  try {
    const { acts } = await api("GET", `labels/history?text=${encodeURIComponent(text)}`);
    return acts.map((act) =>
      element("li", "", `${clock(act.at)} ${act.by} ${act.text}：${act.in_words}`));
  } catch (error) {
    tellTrouble(error);
    return [];
  }
}

/** Put buttons into a box; without any it leaves the page. */
export function showActs(box, text, acts) {
  box.append(...acts.map(([name, act]) => button(name, text, act)));
  if (!acts.length) box.remove();
}

function button(name, text, act) {
  const node = element("button", "button button--small", name);
  node.type = "button";
  node.append(element("span", "sr-only", `：${text}`));
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-disabled") === "true") return;
    node.setAttribute("aria-disabled", "true");
    await act();
    node.removeAttribute("aria-disabled");
  });
  return node;
}

function told(label) {
  const { by, at, original, second_by: second, withdrawn_by: gone, state, written } = label;
  return [
    `${by} 标于 ${clock(at)}`,
    second ? `${second} 复核于 ${clock(label.second_at)}` : "",
    gone ? `${gone} 撤回于 ${clock(label.withdrawn_at)}` : "",
    original ? `市民的原话：${original}` : "",
    state === "approved" && !written ? "还没教给助手" : "",
    state !== "approved" && written && state !== "known" ? "下次训练时拿掉" : "",
  ].filter(Boolean).join(" · ");
}
