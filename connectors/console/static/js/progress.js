// How far a run is: its stages with what is done of each, and one sentence about the whole.

import { clone, part, put } from "/static/js/dom.js";
import { span } from "/static/js/times.js";

const UNDER_WAY = ["waiting", "running"];
const UNTOLD = "出了问题，请找技术人员看运行记录。";

/** Tell whether a run has begun and not ended. */
export function isUnderWay(run) {
  return UNDER_WAY.includes(run?.status);
}

/** Show the stages of a run; none where there is no run. */
export function showStages(run) {
  const list = document.getElementById("stages");
  list.hidden = !run;
  list.replaceChildren(...(run?.stages ?? []).map(stageRow));
}

function stageRow(stage) {
  const node = clone("t-stage");
  node.dataset.state = stage.status;
  if (stage.status === "running") node.setAttribute("aria-current", "step");
  part(node, "name").textContent = stage.label;
  part(node, "state").textContent = standing(stage);
  put(node, "note", stage.note);
  showBar(part(node, "bar"), stage);
  return node;
}

function standing({ status, done, of, seconds, usually }) {
  const most = usually ? `一般 ${span(usually)}` : "";
  if (status === "waiting") return most || "还没开始";
  if (status === "skipped") return "这次不用做";
  if (status === "stopped") return "到这里停了";
  if (status === "done") return `完成，用了 ${span(seconds)}`;
  return [of ? `${done} / ${of}` : "", `已 ${span(seconds)}`, most].filter(Boolean).join(" · ");
}

function showBar(bar, { label, status, done, of, seconds, usually }) {
  if (status !== "running") {
    bar.remove();
    return;
  }
  bar.setAttribute("aria-label", label);
  if (of) bar.value = done / of;
  else if (usually) bar.value = Math.min(0.97, seconds / usually);
}

/** Return how things stand, in a sentence; `unwritten` is how many labels wait to be taught. */
export function summary(run, unwritten) {
  const waiting = unwritten
    ? `有 ${unwritten} 条新标注还没有教给助手。` : "没有还没教的新标注；现在训练，只会再比较一次。";
  if (!run) return waiting;
  return {
    waiting: () => `${run.label}：马上开始。`,
    running: () => `${run.label}：${step(run)}`,
    done: () => `${run.label}做完了。${outcome(run)}`,
    failed: () => `没有做完：${run.error || UNTOLD}`,
    cancelled: () => `已经停止。${waiting}`,
    died: () => run.error,
  }[run.status]();
}

function step({ stage, stages }) {
  const place = stages.findIndex(({ name }) => name === stage);
  if (place < 0) return "正在准备。";
  return `正在做第 ${place + 1} 步“${stages[place].label}”，共 ${stages.length} 步，${left(stages)}。`;
}

/** Return how long the rest usually takes. */
function left(stages) {
  const seconds = stages.filter(({ status }) => ["waiting", "running"].includes(status))
    .reduce((sum, { usually, seconds: gone }) => sum + Math.max(0, usually - (gone ?? 0)), 0);
  return seconds < 60 ? "不到一分钟就好" : `大约还要 ${Math.round(seconds / 60)} 分钟`;
}

function outcome({ may_promote: may }) {
  if (may === null) return "";
  return may ? "新模型可以上线，请先看比较。" : "新模型不能上线，请看比较。";
}
