// Figures in words: shares with their interval, and what a difference means.

import { element } from "/static/js/dom.js";
import { cell } from "./table.js";

const UNLIKELY = 0.05;

/** Return a cell: 96.2%, below it 94.1–97.8% · 50/52; – where nothing was counted. */
export function share(figure) {
  const told = cell(figure?.n ? percent(figure.value) : "–", "n share");
  if (figure?.n) told.append(element("small", "", range(figure)));
  return told;
}

function range({ low, high, right, n }) {
  return `${percent(low, "")}–${percent(high)} · ${right}/${n}`;
}

export function percent(value, unit = "%") {
  return `${(100 * value).toFixed(value === 1 ? 0 : 1)}${unit}`;
}

/** Return what the difference between two models means. */
export function meaning({ worse, became_right: right, became_wrong: wrong }) {
  if (worse) return "变差了";
  if (!right && !wrong) return "没有变化";
  return byChance(right, right + wrong) < UNLIKELY ? "变好了" : "在抽样误差之内";
}

/** Return how likely at least so many heads are when a coin is tossed n times. */
function byChance(heads, n) {
  let [ways, sum] = [1, 0];
  for (let k = n; k >= heads; k -= 1) {
    sum += ways;
    ways *= k / (n - k + 1);
  }
  return sum / 2 ** n;
}
