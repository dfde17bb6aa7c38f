// Figures in words: shares with their interval, and what a difference means.

/** Return 96.2%（94.1–97.8%），50/52; – where nothing was counted. */
export function share(figure) {
  if (!figure?.n) return "–";
  const { value, low, high, right, n } = figure;
  return `${percent(value)}（${percent(low, "")}–${percent(high)}），${right}/${n}`;
}

export function percent(value, unit = "%") {
  return `${(100 * value).toFixed(value === 1 ? 0 : 1)}${unit}`;
}

/** Return what the difference between two models means. */
export function meaning({ worse, p, became_right: right, became_wrong: wrong }) {
  if (worse) return "变差了";
  if (!right && !wrong) return "没有变化";
  if (right > wrong && p !== undefined && p < 0.05) return "变好了";
  return "在抽样误差之内";
}
