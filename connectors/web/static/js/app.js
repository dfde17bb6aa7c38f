// Puts the page together: connection → conversation → what is shown.

import { Callback } from "./callback.js";
import { ClauseDialog } from "./clause.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { askRestart } from "./restart.js";
import { Service } from "./service.js";
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
  resend: () => conversation.hurry(),
  rate: (seq, rating, settled) => conversation.request({ type: "rate", seq, rating }, settled),
});
const service = new Service(
  (settled) => conversation.request({ type: "person" }, settled),
  (settled) => conversation.request({ type: "stop_waiting" }, settled),
);

const callback = new Callback(
  (number, settled) => conversation.request({ type: "number", number, consent: true }, settled),
  (settled) => conversation.request({ type: "number_withdrawn" }, settled),
);

const view = {
  ready(restored) {
    status.ready(current());
    if (restored) transcript.restored(restored);
  },
  message(message, restored) {
    transcript.add(message, restored);
    if (conversation.ready) status.show(current());
  },
  sent(entry, carried) {
    status.show("conversation");
    transcript.addSent(entry, carried);
  },
  delivered: (id, stored) => transcript.delivered(id, stored),
  held: (id, text) => transcript.held(id, text),
  refused: (id, text, again) => transcript.refused(id, text, again),
  control(control) {
    service.show(control);
    callback.show(control.callback);
  },
  trouble(text) {
    status.show("conversation");
    transcript.note(text);
  },
  typing(on, agent) {
    // While a person answers, the assistant does not.
    if (agent !== "" || !service.person) transcript.typing(on, agent);
  },
  clear() {
    transcript.clear();
    service.clear();
    callback.clear();
  },
};

const connection = new Connection(address, {
  opening: () => status.connecting(),
  opened: () => conversation.greet(),
  received: (frame) => conversation.receive(frame),
  lost(loss) {
    conversation.lost();
    status.lost(loss);
  },
});
const conversation = new Conversation(connection, view);

function current() {
  return transcript.empty ? "welcome" : "conversation";
}

function say(text) {
  conversation.deliver({ type: "say", text }, text);
}

for (const button of document.querySelectorAll("[data-say]")) {
  button.addEventListener("click", () => say(button.dataset.say));
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
