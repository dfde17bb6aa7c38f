// Whether an answer helped. It can be changed, and is thanked for once the server has it.

import { announce } from "./announcer.js";
import { clone, part } from "./dom.js";

/** Return the two buttons; `given` was said before, `rate(rating, settled)` says it anew. */
export function renderRating(given, rate) {
  const node = clone("t-rating");
  const thanks = part(node, "thanks");
  const show = (rating) => {
    for (const button of node.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.rating === rating));
    }
  };
  const settle = (rating, taken) => {
    if (!taken) show(given);
    else given = rating;
    thanks.hidden = !given;
    if (taken) announce(thanks.textContent);
  };
  show(given);
  for (const button of node.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") return;
      show(button.dataset.rating);
      rate(button.dataset.rating, (taken) => settle(button.dataset.rating, taken));
    });
  }
  return node;
}
