// Prints and copies. The page is whole without: its text can be marked, the browser can print.

import { copyText } from "./clipboard.js";

const state = document.querySelector("[data-copy-state]");
const text = document.querySelector("[data-plain]");

for (const button of document.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

document.querySelector("[data-copy]")?.addEventListener("click", async () => {
  const copied = await copyText(text.value);
  state.textContent = copied ? state.dataset.copied : state.dataset.failed;
});
