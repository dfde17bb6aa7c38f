// Puts the review together: inbox → queue → card → outbox.

import { api } from "/console/static/js/api.js";
import { part } from "/static/js/dom.js";
import { Asking } from "./asking.js";
import { Card } from "./card.js";
import { Keys } from "./keys.js";
import { Vocabulary } from "./label.js";
import { List } from "./list.js";
import { Memory } from "./memory.js";
import { Outbox } from "./outbox.js";
import { Page } from "./page.js";
import { Queue } from "./queue.js";
import { Review } from "./review.js";
import { Tally } from "./tally.js";
import { Trail } from "./trail.js";

const FEW = 8;
const KEPT = "登录已经结束。还没保存的标注留在这个窗口里，重新登录以后会自动保存，请不要关掉窗口。";
const { account } = document.getElementById("review").dataset;

const queue = new Queue();
const list = new List(open, () => load(true));
const memory = new Memory();
const page = new Page(queue, list, memory);
const trail = new Trail();
const banner = document.getElementById("banner");
let asked = 0;
let review = null;

const outbox = new Outbox(account, {
  saved(act) {
    review.saved(act);
    more();
  },
  refused: (act, sentence) => review.refused(act, sentence),
  changed: () => showSaving(),
  trouble: showTrouble,
});

function showSaving() {
  const line = document.getElementById("saving");
  const count = outbox.unsaved.length;
  line.dataset.state = count ? "saving" : "saved";
  line.textContent = count ? `还有 ${count} 步没保存` : "全部已保存";
}

function showTrouble(sentence) {
  banner.hidden = !sentence;
  part(banner, "text").textContent = sentence
    && `${sentence}您可以接着审，没保存的会自动再试，请不要关掉窗口。`;
}

function open(place) {
  if (queue.goTo(place)) page.show();
}

/** Load the inbox: anew where other groups are wanted, else what is new. */
async function load(anew) {
  asked += 1;
  const [asking, writing] = [asked, list.owns(document.activeElement)];
  if (anew) {
    // No key may fall upon what was shown before.
    queue.clear();
    page.loading();
  }
  try {
    const answer = await api("GET", `inbox?${list.wanted}`);
    if (asking !== asked) return;
    const shown = queue.current;
    queue.take(answer);
    if (!shown) show(writing);
    else list.show(queue);
  } catch (error) {
    if (asking === asked && !queue.current) page.trouble(error.message);
  }
}

/** Show the queue; whoever writes into the search goes on writing. */
function show(writing) {
  const field = document.activeElement;
  page.show();
  if (writing) field.focus();
}

function more() {
  if (queue.groups.length < FEW && queue.total > queue.groups.length) load(false);
}

async function start() {
  page.loading();
  try {
    const vocabulary = new Vocabulary(await api("GET", "vocabulary"));
    prepare(vocabulary);
  } catch (error) {
    page.trouble(error.message);
    return;
  }
  await load(true);
}

function prepare(vocabulary) {
  const parts = { queue, vocabulary, asking: new Asking(vocabulary), trail, memory,
    tally: new Tally(account) };
  review = new Review(parts, page);
  review.outbox = outbox;
  list.offer(vocabulary);
  const act = (name, value) => review.do(name, value);
  const keys = new Keys(act);
  page.attach(new Card(vocabulary, act), keys);
  document.getElementById("show-keys").addEventListener("click", () => keys.open());
  for (const left of outbox.unsaved) {
    trail.add(left);
    queue.leaveOut(left.messages.map(({ turn }) => turn));
  }
  outbox.hurry();
}

document.getElementById("again").addEventListener("click", () => (review ? load(true) : start()));
document.getElementById("clear").addEventListener("click", () => {
  list.clear();
  load(true);
});
part(banner, "retry").addEventListener("click", () => outbox.hurry());
addEventListener("online", () => outbox.hurry());
addEventListener("beforeunload", (event) => {
  if (outbox.unsaved.length) event.preventDefault();
});
document.getElementById("signed-out-text").textContent = KEPT;
showSaving();
start();
