// Times as agents read them: the hour today, with the day before that.

/** Return 09:41, or 11月20日 09:41 for another day; `at` is ISO or seconds since the epoch. */
export function clock(at) {
  const moment = new Date(typeof at === "number" ? at * 1000 : at);
  if (Number.isNaN(moment.getTime())) return "";
  const today = moment.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: "long", day: "numeric" };
  const format = { ...day, hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat("zh-CN", format).format(moment);
}

/** Return 48 秒, 3 分 20 秒, 1 小时 5 分; – where nothing was measured. */
export function span(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} 秒`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours) return `${hours} 小时 ${minutes} 分`;
  return whole % 60 ? `${minutes} 分 ${whole % 60} 秒` : `${minutes} 分`;
}
