// The page of models: which one serves, which were before, going back and forth.

import { api } from "./api.js";
import { modelRow, named, processRow } from "./model-rows.js";
import { promote } from "./promote.js";
import { fill } from "./table.js";
import { clearTrouble, tellTrouble } from "./trouble.js";
import { element, part } from "/static/js/dom.js";
import { ask } from "/static/js/dialogs.js";
import { clock } from "/static/js/times.js";

const EVERY_MS = 1000;
const PATIENCE_MS = 60_000;
const [page, back, done] = ["models", "back", "done"].map((id) => document.getElementById(id));
const mayOverride = "override" in page.dataset;
let shown = null;
let watchedUntil = 0;

back.addEventListener("click", goBack);
await load();

async function load() {
  try {
    show(await api("GET", "models"));
    clearTrouble();
  } catch (error) {
    tellTrouble(error);
  }
  page.removeAttribute("aria-busy");
  if (Date.now() < watchedUntil) setTimeout(load, EVERY_MS);
}

function show(models) {
  shown = models;
  const { live, before, others, processes } = models;
  document.getElementById("live").textContent = named(live);
  document.getElementById("live-more").textContent = told(live);
  back.hidden = !before.some(({ problem }) => !problem);
  list("workers", processes.map((one) => processRow(one, live)), "还没有服务进程报到。");
  list("before", before.map((model) => modelRow(model, "退回到这个", returnTo)), "没有，现在用的就是第一个。");
  list("others", others.map((model) => modelRow(model, labelOf(model), goLive)), "没有。到“训练”页可以训练一个。");
  if (processes.some(({ version }) => version !== live.version)) {
    watchedUntil ||= Date.now() + PATIENCE_MS; // it was put live elsewhere, just now
  } else if (watchedUntil) {
    watchedUntil = 0;
    tellDone("已经全部换好。");
  }
}

function tellDone(text) {
  part(done, "text").textContent = text;
  done.hidden = false;
}

function labelOf({ may_promote: may }) {
  if (may) return "上线";
  return mayOverride ? "仍然上线…" : "";
}

function told({ put_live: since, put_live_by: by, reason, problem }) {
  const parts = [since ? `${clock(since)} 起在用` : "从安装起一直在用", by ? `由 ${by} 换上` : "",
    reason ? `理由：${reason}` : "", problem];
  return `${parts.filter(Boolean).join("；")}。`;
}

function list(id, rows, none) {
  fill(id, rows.length ? rows : [element("li", "row row--none", none)]);
}

async function goLive({ version, may_promote: may }) {
  await act(() => promote(version, { may_promote: may === true }), "已经上线。各服务进程正在换，见下面的列表。");
}

async function returnTo({ version, ...model }) {
  const title = `退回到 ${named({ version, ...model })}？`;
  await act(async () => await sure(title) && await api("POST", `models/${version}/promote`, {}),
    "已经退回。各服务进程正在换，见下面的列表。");
}

async function goBack() {
  const to = shown.before.find(({ problem }) => !problem);
  await act(async () => await sure(`退回到 ${named(to)}？`) && await api("POST", "models/rollback", {}),
    "已经退回。各服务进程正在换，见下面的列表。");
}

function sure(title) {
  const text = "按下以后十秒之内，所有市民的新消息都由那个模型来读。正在进行的会话和填了一半的问题不会丢；现在这个会留着，以后还能再换回来。";
  return ask({ title, text, yes: "退回" });
}

async function act(doing, said) {
  if (page.getAttribute("aria-busy") === "true") return;
  page.setAttribute("aria-busy", "true");
  done.hidden = true;
  try {
    if (await doing()) {
      tellDone(said);
      watchedUntil = Date.now() + PATIENCE_MS;
    }
    await load();
  } catch (error) {
    tellTrouble(error);
    page.removeAttribute("aria-busy");
  }
}
