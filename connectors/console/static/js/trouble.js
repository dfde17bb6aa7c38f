// What could not be done, at the top of the page until something works again.

import { Refused } from "/static/js/api.js";
import { part } from "/static/js/dom.js";

const OURS = "页面出了问题，请刷新后再试。";

/** Say an error's sentence; one that is no refusal is ours, and told to whoever looks for it. */
export function tellTrouble(error) {
  const text = error instanceof Refused ? error.message : OURS;
  if (text === OURS) console.error(error);
  const box = document.getElementById("trouble");
  if (!box.hidden && part(box, "text").textContent === text) return;
  part(box, "text").textContent = text;
  box.hidden = false;
}

export function clearTrouble() {
  document.getElementById("trouble").hidden = true;
}
