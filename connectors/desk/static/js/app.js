// Puts the desk together: connection → desk → what is shown of it.

import { ClauseDialog } from "/static/js/clause.js";
import { Connection } from "/static/js/connection.js";
import { showSignedOut } from "/static/js/dialogs.js";
import { startTypeSize } from "/static/js/settings.js";
import { Status } from "/static/js/status.js";
import { toast } from "/static/js/toasts.js";
import { followVisibleHeight } from "/static/js/viewport.js";
import { Alerts } from "./alerts.js";
import { borrow } from "./borrowed.js";
import { startClock } from "./clock.js";
import { Composer } from "./composer.js";
import { Desk } from "./desk.js";
import { Keys } from "./keys.js";
import { History, Lists } from "./lists.js";
import { startMenu } from "./menu.js";
import { Order, SHORTCUTS as OF_ORDER } from "./order.js";
import { Panel, SHORTCUTS as OF_PANEL } from "./panel.js";
import { Presence } from "./presence.js";
import { Search, SHORTCUTS as OF_SEARCH } from "./search.js";
import { Subject } from "./subject.js";
import { Suggestions, SHORTCUTS as OF_SUGGESTIONS } from "./suggestions.js";
import { Tabs } from "./tabs.js";
import { Texts, SHORTCUTS as OF_TEXTS } from "./texts.js";
import { Transcript } from "./transcript.js";
import { Transfer } from "./transfer.js";

await borrow();

const address = new URL("/desk/ws", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";

const desk = new Desk();
const clauses = new ClauseDialog();
desk.toast = toast;
desk.openClause = (version, id, heading) => clauses.open(version, id, heading);

const tabs = new Tabs(desk);
const lists = new Lists(desk, () => subject.do("take"));
const presence = new Presence(desk);
const transcript = new Transcript(desk, desk.openClause);
const composer = new Composer(desk);
const alerts = new Alerts(desk, presence);
const status = new Status(() => desk.hurry());
desk.composer = composer.element;
new History(desk, lists);

const panel = new Panel(document.getElementById("panel"), desk);
const suggestions = new Suggestions(document.getElementById("suggestions"), desk);
const search = new Search(desk);
const texts = new Texts(desk);
const transfer = new Transfer(desk);
new Order(desk);
const subject = new Subject(desk, composer, () => transfer.open());

function goTo(row) {
  if (row) desk.open(row);
}

function show(column, thing) {
  tabs.show(column);
  thing.focus();
}

const keys = new Keys([
  { code: "KeyJ", keys: "Alt + J", does: "接入等得最久的一位", run: () => lists.takeNext() },
  { code: "KeyU", keys: "Alt + U", does: "下一个有未读消息的会话",
    run: () => goTo(desk.rows.unread(desk.conversation)) },
  { code: "ArrowUp", keys: "Alt + ↑", does: "我的上一个会话",
    run: () => goTo(desk.rows.beside(desk.conversation, -1)) },
  { code: "ArrowDown", keys: "Alt + ↓", does: "我的下一个会话",
    run: () => goTo(desk.rows.beside(desk.conversation, 1)) },
  { code: "KeyL", keys: "Alt + L", does: "到会话列表", run: () => show("lists", lists) },
  { code: "KeyI", keys: "Alt + I", does: "到输入框", run: () => show("talk", composer) },
  { code: "KeyY", keys: "Alt + Y", does: "到对话记录", run: () => show("talk", transcript) },
  { code: "KeyZ", keys: "Alt + Z", does: "转接", run: () => subject.do("transfer") },
  { code: "KeyG", keys: "Alt + G", does: "交还机器人", run: () => subject.do("give_back") },
  { code: "KeyQ", keys: "Alt + Q", does: "结束会话", run: () => subject.do("end") },
  { code: "KeyM", keys: "Alt + M", does: "声音开或关", run: () => alerts.toggle() },
], [...OF_SUGGESTIONS, ...OF_TEXTS, ...OF_SEARCH, ...OF_PANEL, ...OF_ORDER]);

const connection = new Connection(address, {
  opening: () => status.connecting(),
  opened: () => desk.greet(),
  received: (frame) => desk.receive(frame),
  lost(loss) {
    desk.lost();
    status.lost(loss);
    checkSignedIn();
  },
});
desk.attach(connection);

desk.on("welcome", (account) => {
  status.ready("ready");
  document.getElementById("csrf").value = desk.csrf;
  document.getElementById("account").textContent = `${account.id} · ${account.role_text}`;
  document.getElementById("tool-figures").hidden = !desk.may("figures");
});
desk.on("panel", (shown) => {
  panel.show(shown);
  suggestions.show(shown.suggestions);
});
for (const name of ["opened", "closed"]) {
  desk.on(name, () => {
    if (desk.panel) return;
    panel.clear();
    suggestions.show(null);
  });
}
desk.on("trouble", toast);
desk.on("signedOut", showSignedOut);

/** Whoever is not signed in is sent away from the page; the line alone does not say why. */
async function checkSignedIn() {
  try {
    const page = await fetch("/desk", { redirect: "manual", cache: "no-store" });
    if (page.type === "opaqueredirect") showSignedOut();
  } catch {
    // No network: nothing to be learnt.
  }
}

document.getElementById("tool-keys").addEventListener("click", () => keys.open());
document.getElementById("tool-search").addEventListener("click", () => search.open());
document.getElementById("tool-texts").addEventListener("click", () => texts.open());
document.getElementById("tool-figures").addEventListener("click", () => {
  window.open("/desk/figures", "_blank", "noopener");
});
document.getElementById("sign-out").addEventListener("submit", () => desk.forget());

startTypeSize();
startClock();
startMenu();
followVisibleHeight();
connection.open();
