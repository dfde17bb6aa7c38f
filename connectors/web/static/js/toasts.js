// What could not be done, said at the edge of the page for a while.

import { clone, part } from "./dom.js";

const SHOWN_MS = 8000;
const MOST = 3;

export function toast(text) {
  const box = document.getElementById("toasts");
  for (const shown of box.children) {
    if (part(shown, "text").textContent === text) shown.remove();
  }
  const node = clone("t-toast");
  part(node, "text").textContent = text;
  part(node, "close").addEventListener("click", () => node.remove());
  box.append(node);
  while (box.children.length > MOST) box.firstElementChild.remove();
  setTimeout(() => node.remove(), SHOWN_MS);
}
