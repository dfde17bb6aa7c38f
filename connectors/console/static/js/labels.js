// The page of labels: what waits for a second reading, suspects, and all that was labelled.

import { ask } from "/static/js/dialogs.js";
import { element } from "/static/js/dom.js";
import { api } from "./api.js";
import { entry } from "./entry.js";
import { showSuspects } from "./suspects.js";
import { Second } from "./second.js";
import { fill } from "./table.js";
import { clearTrouble, tellTrouble } from "./trouble.js";

const COUNTED = ["second", "approved", "unusable", "unwritten"];
const UNWRITTEN = "还没教给助手";

const form = document.getElementById("search");
const list = document.getElementById("found");
const older = document.getElementById("older");
const second = new Second(refresh);
let last = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => search());
});
form.addEventListener("change", ({ target }) => {
  if (target.id === "state") attempt(() => search());
});
older.addEventListener("click", () => attempt(() => search(last)));

await attempt(async () => {
  await refresh();
  await showSuspects(refresh);
});

/** Do something; say it where it fails. */
async function attempt(doing) {
  try {
    await doing();
    clearTrouble();
  } catch (error) {
    tellTrouble(error);
  }
}

async function refresh() {
  const { states, counts } = await api("GET", "labels/counts");
  offer(states);
  fill("counts", COUNTED.map((name) => count(states[name] ?? UNWRITTEN, counts[name])));
  await second.load();
  await search();
}

function count(name, number) {
  const item = element("li", "count-tile");
  item.append(element("b", "", String(number)), element("span", "", name));
  return item;
}

function offer(states) {
  const field = form.elements.state;
  if (field.options.length > 1) return;
  field.append(...Object.entries(states).map(([value, label]) => new Option(label, value)));
}

/** Show what is found; `before` is the id of the last one shown, to go on from. */
async function search(before) {
  const wanted = new URLSearchParams(new FormData(form));
  if (before) wanted.set("before", before);
  const { labels, more } = await api("GET", `labels?${wanted}`);
  const rows = labels.map(labelled);
  if (before) list.append(...rows);
  else list.replaceChildren(...rows);
  last = labels.at(-1)?.id;
  older.hidden = !more;
  list.hidden = !list.children.length;
  document.getElementById("found-told").textContent = list.children.length ? ""
    : [...new FormData(form).values()].some(Boolean) ? "没有找到，请换个条件。"
      : "还没有标注。请到“待审”页，从第一句开始。";
}

function labelled(label) {
  const undoable = ["approved", "unusable", "known", "second"].includes(label.state);
  return entry(label, undoable ? [["撤回", () => attempt(() => undo(label))]] : []);
}

async function undo(label) {
  const wanted = await ask({
    title: "撤回这条标注？",
    text: label.written
      ? `“${label.text}”已经写进训练材料，下次训练时会拿掉。这句话会回到“待审”。`
      : `“${label.text}”不再教给助手，这句话会回到“待审”。`,
    yes: "撤回",
  });
  if (!wanted) return;
  await api("DELETE", `labels/${label.id}`);
  document.getElementById("told").textContent = "已经撤回。";
  await refresh();
}
