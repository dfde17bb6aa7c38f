// What the page remembers between visits. A browser may forbid storage; the page works without.

const PREFIX = "yibao.";

/** Return the remembered string, or null; `place` is sessionStorage for what is this tab's only. */
export function recall(name, place = "localStorage") {
  try {
    return window[place].getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name, value, place = "localStorage") {
  try {
    window[place].setItem(PREFIX + name, value);
  } catch {
    // Private mode or a full store: the choice then holds for this page only.
  }
}
