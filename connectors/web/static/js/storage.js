// What the page remembers between visits. A browser may forbid storage; the page works without.

const PREFIX = "yibao.";

/** Return the remembered string, or null. */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private mode or a full store: the choice then holds for this page only.
  }
}
