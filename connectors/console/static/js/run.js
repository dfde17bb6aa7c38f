// The page of a comparison: the verdict first, then what it rests on.

import { api } from "./api.js";
import { showBasis } from "./basis.js";
import { promote } from "./promote.js";
import { clearTrouble, tellTrouble } from "./trouble.js";
import { showVerdict } from "./verdict.js";
import { clock } from "/static/js/times.js";

const page = document.getElementById("comparison");
const button = document.getElementById("go-live");
const { run } = page.dataset;
let shown = null;

button.addEventListener("click", goLive);
await load();

async function load() {
  try {
    const { run: state, result, live } = await api("GET", `runs/${encodeURIComponent(run)}`);
    clearTrouble();
    if (result?.verdict) show(state, result, live);
    else tell("这次没有做比较，或者还没有做完。请到“训练”页看进展。");
  } catch (error) {
    tell("");
    tellTrouble(error);
  }
}

function show(state, result, live) {
  shown = result;
  tell(`${clock(result.at)} 比较，${state.by} 发起。`);
  showVerdict(result, live, "override" in page.dataset);
  showBasis(result, run);
  page.hidden = false;
}

function tell(text) {
  document.getElementById("told").textContent = text;
}

async function goLive() {
  const { candidate, verdict } = shown;
  try {
    if (await promote(candidate, verdict)) await load();
  } catch (error) {
    tellTrouble(error);
    document.getElementById("trouble").scrollIntoView({ block: "center" });
  }
}
