// Models and the processes that serve with them, a row each.

import { clone, element, part, put } from "/static/js/dom.js";
import { clock } from "/static/js/times.js";

const SHORT = 6;
const LATE_SECONDS = 30;

/** Return how people name a model: when it was trained, and the beginning of its version. */
export function named({ version, trained_at: at }) {
  const short = `（编号 ${version.slice(0, SHORT)}）`;
  return at ? `${clock(at)} 训练的模型${short}` : `模型${short}`;
}

/** Return the row of a model; `label` is that of its button, '' for none. */
export function modelRow(model, label, act) {
  const node = clone("t-model");
  part(node, "name").textContent = named(model);
  part(node, "told").textContent = told(model);
  const [text, look] = chipOf(model);
  const chip = put(node, "chip", text);
  if (chip) chip.className = `chip ${look}`;
  if (model.run) part(node, "link").href = `/console/runs/${model.run}`;
  else part(node, "link").remove();
  const button = put(node, "act", model.problem ? "" : label);
  button?.addEventListener("click", () => act(model));
  return node;
}

function told({ by, examples, put_live: since, until, reason, problem }) {
  return [
    by ? `${by} 训练` : "", examples ? `${examples} 条样例` : "",
    since && until ? `${clock(since)} 到 ${clock(until)} 在用` : "",
    reason ? `理由：${reason}` : "", problem,
  ].filter(Boolean).join(" · ");
}

function chipOf({ may_promote: may, put_live: since, problem }) {
  if (problem) return ["不能用", "chip--warn"];
  if (since) return ["", ""];
  if (may === null) return ["还没比较", "chip--soft"];
  return may ? ["可以上线", ""] : ["比较没通过", "chip--warn"];
}

/** Return the row of a process: whether it serves with what is live. */
export function processRow({ process, version, since, seen, problem }, live) {
  const node = element("li", "row model");
  const same = version === live.version;
  const late = (Date.now() - new Date(seen)) / 1000 > LATE_SECONDS;
  const what = element("div", "model__what");
  what.append(element("p", "model__name", process),
    element("p", "model__told", [same ? "在用模型" : `编号 ${version.slice(0, SHORT)}`,
      `${clock(since)} 起`, problem].filter(Boolean).join(" · ")));
  const [text, look] = late ? ["没有动静", "chip--warn"]
    : problem ? ["没换成", "chip--warn"] : same ? ["已换好", ""] : ["正在换", "chip--soft"];
  node.append(what, element("span", `chip ${look}`, text));
  return node;
}
