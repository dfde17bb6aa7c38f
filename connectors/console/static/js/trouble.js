// What could not be done, at the top of the page until something works again.

import { part } from "/static/js/dom.js";

/** Say an error's sentence. */
export function tellTrouble({ message }) {
  const box = document.getElementById("trouble");
  if (!box.hidden && part(box, "text").textContent === message) return;
  part(box, "text").textContent = message;
  box.hidden = false;
}

export function clearTrouble() {
  document.getElementById("trouble").hidden = true;
}
