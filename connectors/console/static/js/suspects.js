// Examples of the training data that might be wrong: kept, put right, or taken out.

import { ask } from "/static/js/dialogs.js";
import { clone, element, part, put } from "/static/js/dom.js";
import { clock } from "/static/js/times.js";
import { api } from "./api.js";
import { showActs } from "./entry.js";
import { clearTrouble, tellTrouble } from "./trouble.js";

const box = document.getElementById("suspects");
let settled = () => {};

/** Show them; `then` is called once one is dealt with. */
export async function showSuspects(then) {
  settled = then;
  document.getElementById("look-for").addEventListener("click", lookFor);
  await load();
}

async function load() {
  const { at, examples, suspects, wordings } = await api("GET", "suspects");
  part(box, "list").replaceChildren(...suspects.map(suspectRow));
  part(box, "told").textContent = !at ? "还没有检查过。"
    : `${clock(at)} 检查了 ${examples} 条样例，${suspects.length ? `还有 ${suspects.length} 条要看` : "没有要看的了"}。`;
  part(box, "left-out").hidden = !wordings.length;
  part(box, "wordings").replaceChildren(...wordings.map((text) => element("li", "", text)));
}

function suspectRow(suspect) {
  const node = clone("t-entry");
  part(node, "text").textContent = suspect.text;
  part(node, "state").remove();
  part(node, "more").remove();
  put(node, "label", `现在标的：${suspect.in_words}`);
  put(node, "why", `助手有 ${Math.round(100 * suspect.p)}% 的把握认为是：${suspect.believed_in_words}`);
  put(node, "told", "");
  showActs(part(node, "acts"), suspect.text, [
    ["原来标的对", () => act(suspect, { keep: true })],
    [`改成“${suspect.believed_in_words}”`, () => act(suspect, { label: suspect.believed })],
    ["拿掉这句", () => remove(suspect)],
  ]);
  return node;
}

async function remove(suspect) {
  const text = `“${suspect.text}”下次训练时从训练材料里拿掉，助手不再照它学。`;
  if (await ask({ title: "拿掉这句样例？", text, yes: "拿掉" })) await act(suspect, { remove: true });
}

async function act({ key }, wanted) {
  try {
    await api("POST", `suspects/${encodeURIComponent(key)}`, wanted);
    clearTrouble();
    await load();
    await settled();
  } catch (error) {
    tellTrouble(error);
  }
}

async function lookFor() {
  const text = "在后台把训练材料从头查一遍，一般要一两分钟，市民照常咨询。进展在“训练”页看。";
  if (!await ask({ title: "检查一遍训练材料？", text, yes: "开始检查" })) return;
  try {
    await api("POST", "runs", { kind: "suspects" });
    location.assign("/console/training");
  } catch (error) {
    tellTrouble(error);
  }
}
