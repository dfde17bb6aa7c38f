// What a verdict rests on: what was learnt, the fixed tests, what citizens asked, pictures.

import { clone, element, part, put } from "/static/js/dom.js";
import { meaning, share } from "./figures.js";
import { cell, fill, number, row } from "./table.js";
import { showCases, showTurned } from "./turned.js";

const ABOUT = {
  family: "听得出是哪一类事",
  item: "听得出是哪一件事",
  facet: "听得出问的是材料、条件、流程还是别的",
  partly: "指南只写了一部分的，分得清哪些写了、哪些没写（F1：漏报、多报都扣分）",
  outside: "不归医保管的事，认得出来",
  refused: "明明归医保管，却说不归的，占多少",
  unclear: "说得太含糊的，会反问，不乱猜",
};
const NOT_UNDERSTOOD = "（没听懂）";

/** Show everything below the verdict. */
export function showBasis(result, run) {
  showLearnt(result.data);
  showQuestions(result.questions);
  showConversations(result.conversations);
  showFacts(result.facts);
  showLogged(result.logged);
  showPictures(result.pictures, run);
}

function tell(id, text) {
  document.getElementById(id).textContent = text;
}

function showLearnt({ added, removed, examples, by_intent: all }) {
  const changed = all.filter(({ before, after }) => before !== after);
  const sum = added || removed
    ? `新增 ${added} 条样例${removed ? `，拿掉 ${removed} 条` : ""}` : "没有新的样例";
  tell("learnt-told", `${sum}；现在一共 ${examples} 条。`);
  fill("by-intent", changed.map(({ intent, before, after }) =>
    row(intent, number(before), number(after), number(signed(after - before)))));
  document.getElementById("learnt-more").hidden = !changed.length;
}

function signed(difference) {
  return difference > 0 ? `+${difference}` : String(difference);
}

function showQuestions({ n, measures, families, right, wrong }) {
  const [main, other] = [true, false].map((wanted) =>
    measures.filter((measure) => measure.main === wanted)
      .map(measureRow));
  fill("measures", main);
  fill("other-measures", other);
  document.getElementById("other-more").hidden = !other.length;
  fill("families", families.map((family) =>
    compared(family.family, [number(family.n)], family)));
  document.getElementById("families-more").open = families.some(({ worse }) => worse);
  tell("wrong-title", wrong.length ? `变错的（${wrong.length}）` : "没有变错的");
  tell("right-title", right.length ? `变对的（${right.length}）` : "没有变对的");
  showTurned("wrong", wrong);
  showTurned("right", right);
  tell("questions-title", `固定问题（${n} 道）`);
}

function measureRow(measure) {
  const line = compared(measure.label, [], measure);
  const about = ABOUT[measure.name];
  if (about) line.firstElementChild.append(element("small", "", about));
  return line;
}

function compared(name, before, figures) {
  const { live, new: fresh, became_right: right, became_wrong: wrong, worse } = figures;
  const line = row(name, ...before, cell(meaning(figures), "tight"), number(right),
    number(wrong), share(live), share(fresh));
  if (worse) line.className = "worse";
  return line;
}

function showConversations({ n, live, new: fresh, broken, mended }) {
  const same = !broken.length && !mended.length;
  tell("conversations-told", `一共 ${n} 段：在用模型走通 ${live.right} 段，`
    + `新模型走通 ${fresh.right} 段${same ? "，没有变化。" : "。"}`);
  showCases("broken", "变错", broken);
  showCases("mended", "变对", mended);
}

function showFacts({ n, live, new: fresh, broken, mended }) {
  tell("facts-told", `一共 ${n} 道：在用模型答对 ${live.right} 道，新模型答对 ${fresh.right} 道。`);
  showCases("facts-broken", "变错", broken);
  showCases("facts-mended", "变对", mended);
}

function showLogged({ n, same, changed, labelled }) {
  const known = labelled.n
    ? `其中有标注的 ${labelled.n} 句：在用模型对 ${labelled.live.right} 句，`
      + `新模型对 ${labelled.new.right} 句${labelled.learnt ? `（有 ${labelled.learnt} 句是教过的，答对不稀奇）` : ""}。` : "";
  tell("logged-told", n ? `不同的话 ${n} 句，理解一样的 ${same} 句，不一样的 ${n - same} 句。${known}`
    : "最近一周还没有市民的话可比。");
  fill("changed", changed.map(changedRow));
  document.getElementById("changed").closest(".scroll").hidden = !changed.length;
}

function changedRow(changed) {
  const { text, times, live, new: fresh, wanted } = changed;
  const line = row(text, number(times), reading(live, changed.live_right),
    reading(fresh, changed.new_right), cell(wanted ?? "", "soft"));
  line.firstElementChild.className = "said";
  return line;
}

function reading(read, right) {
  const shown = cell(read || NOT_UNDERSTOOD);
  if (right !== null) shown.append(element("span", "mark", right ? "对" : "错"));
  return shown;
}

function showPictures(pictures, run) {
  document.getElementById("pictures-section").hidden = !pictures.length;
  fill("pictures", pictures.map(({ file, caption, alt }) => {
    const node = clone("t-picture");
    part(node, "image").src = `/console/api/runs/${run}/pictures/${file}`;
    part(node, "image").alt = alt;
    put(node, "caption", caption);
    return node;
  }));
}
