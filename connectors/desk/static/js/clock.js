// Times that go on counting: every element with data-since (seconds since the epoch).

const LONG_SECONDS = 120;
const TOO_LONG_SECONDS = 300;

/** Let an element count up from a time on; null stops it. */
export function countFrom(element, since) {
  if (since === null || since === undefined) {
    delete element.dataset.since;
    delete element.dataset.length;
    return;
  }
  element.dataset.since = since;
  show(element);
}

export function startClock() {
  setInterval(() => {
    for (const element of document.querySelectorAll("[data-since]")) show(element);
  }, 1000);
}

/** Return seconds as minutes and seconds, 3:05; from an hour on 1:03:05. */
export function lengthOf(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const end = pad(seconds % 60);
  return hours ? `${hours}:${pad(minutes % 60)}:${end}` : `${minutes}:${end}`;
}

function show(element) {
  const seconds = Math.max(0, Math.floor(Date.now() / 1000 - Number(element.dataset.since)));
  element.textContent = lengthOf(seconds);
  element.dataset.length = seconds >= TOO_LONG_SECONDS ? "too-long"
    : seconds >= LONG_SECONDS ? "long" : "short";
}
