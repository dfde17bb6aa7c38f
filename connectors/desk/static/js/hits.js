// A list of buttons under a field: arrow keys go from the field into the list and through it.

/**
 * Let ArrowDown in `field` go to the first of the list's main buttons (`.hit__main`), arrows move
 * between them, and ArrowUp on the first go back to the field.
 */
export function arrows(field, list) {
  const mains = () => [...list.querySelectorAll(".hit__main")];
  field.addEventListener("keydown", (event) => {
    const first = ["ArrowDown", "Enter"].includes(event.key) && !event.isComposing && mains()[0];
    if (!first) return;
    event.preventDefault();
    first.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("li");
    if (!step || !row || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    const all = mains();
    const at = all.indexOf(row.querySelector(".hit__main")) + step;
    (at < 0 ? field : all[Math.min(at, all.length - 1)]).focus();
  });
}
