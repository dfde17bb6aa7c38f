// Where there is no room for the tools: a button that shows them.

export function startMenu() {
  const button = document.getElementById("menu");
  const tools = document.getElementById("tools");
  const show = (open) => button.setAttribute("aria-expanded", String(open));
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  tools.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    show(false);
    button.focus();
  });
}
