// Keys that hold wherever the focus is. They carry Alt, so that no character is lost, and are
// told by the key's place (event.code): an input method for Chinese changes what a key says.

const handlers = new Map();

/** Call `act` for a chord such as "Alt+Shift+Digit1", unless a dialog is open. */
export function bound(chord, act) {
  if (!handlers.size) document.addEventListener("keydown", pressed, { capture: true });
  handlers.set(chord, act);
}

function pressed(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const act = handlers.get(`Alt+${event.shiftKey ? "Shift+" : ""}${event.code}`);
  if (!act || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}
