// Puts the page together: connection → conversation → what is shown.

import { ClauseDialog } from "./clause.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { askRestart } from "./restart.js";
import { startTypeSize } from "./settings.js";
import { Status } from "./status.js";
import { Transcript } from "./transcript.js";
import { followVisibleHeight } from "./viewport.js";

const address = new URL("/chat/ws", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";

const clauses = new ClauseDialog();
const composer = new Composer((text) => say(text));
const status = new Status(() => connection.hurry());
const transcript = new Transcript({
  choose: (frame, text) => conversation.deliver(frame, text),
  openClause: (version, id, heading) => clauses.open(version, id, heading),
  resend: (entry) => conversation.resend(entry),
});

const view = {
  ready(restored) {
    composer.ready = true;
    status.ready(current());
    if (restored) transcript.restored(restored);
  },
  message(message, restored) {
    transcript.add(message, restored);
    if (conversation.ready) status.show(current());
  },
  sent(entry) {
    status.show("conversation");
    transcript.addSent(entry);
  },
  delivered: (id, stored) => transcript.delivered(id, stored),
  undelivered: (id, text, refused) => transcript.undelivered(id, text, refused),
  trouble: (text) => transcript.note(text),
  typing: (on) => transcript.typing(on),
  clear: () => transcript.clear(),
};

const connection = new Connection(address, {
  opening: () => status.connecting(),
  opened: () => conversation.greet(),
  received: (frame) => conversation.receive(frame),
  lost(loss) {
    conversation.lost();
    composer.ready = false;
    status.lost(loss);
  },
});
const conversation = new Conversation(connection, view);

function current() {
  return transcript.holdsQuestion ? "conversation" : "welcome";
}

function say(text) {
  conversation.deliver({ type: "say", text }, text);
}

for (const button of document.querySelectorAll("[data-say]")) {
  button.addEventListener("click", () => {
    if (conversation.ready) say(button.dataset.say);
    else composer.explain();
  });
}
document.getElementById("restart").addEventListener("click", () => {
  askRestart(() => conversation.restart());
});
document.getElementById("skip-latest").addEventListener("click", (event) => {
  event.preventDefault();
  (transcript.latest ?? document.getElementById("log")).focus();
});
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    window.addEventListener("afterprint", () => { folded.open = false; }, { once: true });
  }
});

// A reference page leads here with a question about its item.
const question = new URLSearchParams(location.search).get("ask");
if (question) {
  composer.suggest(question.trim());
  history.replaceState(null, "", location.pathname);
}

startTypeSize();
followVisibleHeight();
connection.open();
