// The training page: starts a run, shows how far it is, stops it, and lists the runs before.

import { ask } from "/static/js/dialogs.js";
import { api } from "./api.js";
import { isUnderWay, showStages, summary } from "./progress.js";
import { listRuns } from "./runs.js";
import { clearTrouble, tellTrouble } from "./trouble.js";

const EVERY_MS = 1000;
const LINES = 200;

const [train, cancel, record, compared] = ["train", "cancel", "record", "compared"].map((id) =>
  document.getElementById(id));
let current = null;
let told = "";

train.addEventListener("click", begin);
cancel.addEventListener("click", stop);
record.addEventListener("toggle", readRecord);
await watch();

/** Look at the runs, and again every second for as long as one is under way. */
async function watch() {
  try {
    const { runs, unwritten } = await api("GET", "runs");
    clearTrouble();
    show(runs, unwritten);
  } catch (error) {
    tellTrouble(error);
    if (!current) return;
  }
  if (isUnderWay(current)) setTimeout(watch, EVERY_MS);
}

function show(runs, unwritten) {
  const shown = runs.find(isUnderWay) ?? runs.find(({ run }) => run === current?.run);
  current = shown ?? null;
  showStages(current);
  document.getElementById("now").textContent = summary(current, unwritten);
  train.hidden = isUnderWay(current);
  cancel.hidden = !isUnderWay(current);
  record.hidden = !current;
  showCompared();
  if (record.open) readRecord();
  listRuns(runs);
  tell(summary(current, unwritten));
}

/** Once a run has come to a comparison, looking at it comes first. */
function showCompared() {
  compared.hidden = current?.status !== "done" || current.may_promote === null;
  if (!compared.hidden) compared.href = `/console/runs/${current.run}`;
  train.classList.toggle("button--fill", compared.hidden);
}

/** Have a screen reader say what changed, not every second the same. */
function tell(text) {
  if (told && told !== text) document.getElementById("told").textContent = text;
  told = text;
}

async function begin() {
  const wanted = await ask({
    title: "开始训练？",
    text: "先把标注好的话写进训练材料，再训练、比较，一般要几分钟。市民照常咨询，在用的模型不变。中途可以停止。",
    yes: "开始训练",
  });
  if (wanted) await act(train, () => api("POST", "runs", { kind: "train" }));
}

async function stop() {
  const wanted = await ask({
    title: "停止这次训练？",
    text: "已经写进训练材料的标注会保留，下次训练接着用。在用的模型不变。",
    yes: "停止",
  });
  if (wanted) await act(cancel, () => api("POST", `runs/${current.run}/cancel`));
}

async function act(button, doing) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    current = (await doing()).run;
    await watch();
  } catch (error) {
    tellTrouble(error);
  }
  button.removeAttribute("aria-disabled");
}

async function readRecord() {
  if (!record.open || !current) return;
  const box = document.getElementById("record-text");
  const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
  try {
    const { text } = await api("GET", `runs/${current.run}/log?tail=${LINES}`);
    box.textContent = text || "（还没有内容）";
    if (atEnd) box.scrollTop = box.scrollHeight;
  } catch (error) {
    tellTrouble(error);
  }
}
