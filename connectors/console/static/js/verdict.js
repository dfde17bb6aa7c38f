// Whether the new model may go live: one sentence, the reasons, and the button.

import { element } from "/static/js/dom.js";
import { fill } from "./table.js";

/** `live` is the version of the model in use now; `mayOverride` whether the account may insist. */
export function showVerdict(result, live, mayOverride) {
  const { candidate, verdict: { may_promote: may, reasons } } = result;
  const [same, inUse] = [candidate === result.live, candidate === live];
  document.getElementById("verdict").dataset.verdict = same ? "same" : may ? "good" : "bad";
  document.getElementById("verdict-title").textContent = sentence(result);
  fill("reasons", same ? [] : reasons.map((text) => element("li", "", text)));
  document.getElementById("standing").textContent = standing(result, inUse, live, mayOverride);
  showButton(may, same || inUse, mayOverride);
}

function sentence({ candidate, live, verdict: { may_promote: may }, questions }) {
  if (candidate === live) return "没有新东西可比：训练材料没有变，新模型就是在用的模型。";
  if (!may) return "不能上线：新模型有的地方比在用的差。";
  const { right, wrong } = questions;
  if (!right.length && !wrong.length) return "可以上线：固定问题答得和在用的模型一样。";
  return `可以上线：固定问题变对 ${right.length} 道，变错 ${wrong.length} 道，没有比在用的差。`;
}

function standing(result, inUse, live, mayOverride) {
  if (result.candidate === result.live) return "";
  if (inUse) return "这个模型已经上线，正在使用。";
  const told = [];
  if (live && live !== result.live) {
    told.push("注意：比较以后，在用的模型又换过了。请先再训练一次，重新比较。");
  }
  if (!result.verdict.may_promote) {
    told.push(mayOverride ? "您是管理员，写明理由也可以上线，理由会留在操作记录里。"
      : "请看下面变错的地方，改好标注再训练。一定要上线的，请管理员写明理由来办。");
  }
  return told.join("");
}

function showButton(may, nothingToDo, mayOverride) {
  const button = document.getElementById("go-live");
  button.hidden = nothingToDo || !(may || mayOverride);
  button.textContent = may ? "上线" : "仍然上线…";
  button.classList.toggle("button--fill", may);
  button.classList.toggle("button--danger", !may);
}
