// What a screen reader hears. The transcript itself is no live region: a card would be read with
// every button in it, and some readers would read the whole list again.

const REMOVED_AFTER_MS = 1500;

/** Have the words read once, politely. */
export function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  document.getElementById("announcer").append(line);
  setTimeout(() => line.remove(), REMOVED_AFTER_MS);
}
