// The size of type, chosen once and kept.

import { recall, remember } from "./storage.js";

/** Wire the menu that changes the size of type. */
export function startTypeSize() {
  const menu = document.getElementById("type-size");
  const button = menu.querySelector("button");
  const panel = menu.querySelector("fieldset");
  const show = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    show(panel.hidden);
    if (!panel.hidden) panel.querySelector("input:checked").focus();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    show(false);
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) show(false);
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) show(false);
  });
  keepChoice(panel);
}

function keepChoice(panel) {
  const known = panel.querySelector(`input[value="${CSS.escape(recall("type-size") ?? "")}"]`);
  if (known) known.checked = true;
  panel.addEventListener("change", ({ target }) => {
    document.documentElement.dataset.typeSize = target.value;
    remember("type-size", target.value);
  });
}
