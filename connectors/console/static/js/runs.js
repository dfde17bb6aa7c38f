// The list of runs: when, who, how it ended, and where to look at it.

import { clone, part, put } from "/static/js/dom.js";
import { clock } from "/static/js/times.js";

const STATUS = {
  waiting: ["马上开始", ""], running: ["进行中", ""], done: ["做完了", "chip--soft"],
  failed: ["没有做完", "chip--warn"], cancelled: ["已停止", "chip--soft"],
  died: ["中途断了", "chip--warn"],
};

let shown = "";

/** Show the runs, the newest first. */
export function listRuns(runs) {
  const now = JSON.stringify(runs.map(({ run, status, may_promote: may }) => [run, status, may]));
  if (now === shown) return; // so that nobody loses a link under the finger
  shown = now;
  const [list, told] = ["runs", "runs-told"].map((id) => document.getElementById(id));
  list.hidden = !runs.length;
  told.hidden = Boolean(runs.length);
  told.textContent = "还没有训练过。";
  list.replaceChildren(...runs.map(runRow));
}

function runRow({ run, label, by, begun, status, may_promote: may }) {
  const node = clone("t-run");
  const [state, look] = STATUS[status];
  part(node, "when").textContent = clock(begun);
  part(node, "what").textContent = `${label} · ${by}`;
  part(node, "status").textContent = state;
  if (look) part(node, "status").classList.add(look);
  const compared = may !== null;
  put(node, "verdict", compared ? (may ? "可以上线" : "不能上线") : "");
  const link = part(node, "link");
  if (status !== "done") link.remove();
  link.href = compared ? `/console/runs/${run}` : "/console/labels#suspects";
  link.textContent = compared ? "看比较" : "看存疑的样例";
  return node;
}
