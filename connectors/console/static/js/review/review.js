// What the reviewer does, on the group that is shown.

import { announce } from "/static/js/announcer.js";
import { toast } from "/static/js/toasts.js";
import { named } from "./card.js";
import { others, seeded, unusable, what, whole, withIntent } from "./label.js";
import { labelFor, lead, proposalOf, sourcesOf } from "./queue.js";

const ON_NOTHING = ["undo", "keys", "search", "back"];

export class Review {
  #queue;
  #vocabulary;
  #asking;
  #page;
  #outbox = null;
  #trail;
  #tally;
  #memory;

  /** `page` shows: show(), refresh(), search(), keys(), back(), move(step). */
  constructor({ queue, vocabulary, asking, trail, tally, memory }, page) {
    [this.#queue, this.#vocabulary, this.#asking] = [queue, vocabulary, asking];
    [this.#trail, this.#tally, this.#memory, this.#page] = [trail, tally, memory, page];
  }

  /** Confirmed acts go there. */
  set outbox(outbox) {
    this.#outbox = outbox;
  }

  /** Do what a key or a button says. */
  do(act, value) {
    if (this.#queue.current || ON_NOTHING.includes(act)) this[act]?.(value);
  }

  // --- one key, and on to the next -----------------------------------------------------------------

  confirm() {
    this.#finish(this.#draft);
  }

  rank(place) {
    const label = this.#ranked(place);
    if (label) this.#finish(label);
  }

  /** As `rank`, and then other facets. */
  rankAndFacets(place) {
    const label = this.#ranked(place);
    const matter = this.#vocabulary.kind(label?.intent) === "matter";
    if (matter) this.#settle(this.#asking.facets(label, this.#text));
    else if (label) this.#finish(label);
  }

  #ranked(place) {
    const choice = others(this.#message, this.#vocabulary)[place];
    return choice && withIntent(this.#seeded, choice, this.#vocabulary);
  }

  unusable() {
    this.#finish(unusable());
  }

  outside() {
    const intent = this.#vocabulary.outside;
    this.#finish(withIntent({ ...this.#draft, category: "" }, { intent }, this.#vocabulary));
  }

  intent() {
    this.#settle(this.#asking.intent(this.#seeded, this.#text, this.#likely));
  }

  silent() {
    const seeded = this.#seeded;
    const matter = this.#vocabulary.kind(seeded.intent) === "matter";
    const draft = matter ? seeded : { ...seeded, intent: "", item: "", category: "" };
    this.#settle(this.#asking.topic(draft, this.#text));
  }

  facets() {
    if (this.#vocabulary.kind(this.#draft.intent) !== "matter") {
      toast("先选事项，再选询问方面。");
      return;
    }
    this.#settle(this.#asking.facets(this.#draft, this.#text));
  }

  // --- changes to the draft ------------------------------------------------------------------------

  async facts() {
    const group = this.#queue.current;
    const { facts, confirmed } = await this.#asking.facts(this.#draft, this.#text);
    if (!this.#still(group)) return;
    this.#change({ ...this.#draft, facts });
    if (confirmed) this.confirm();
  }

  async edit() {
    const group = this.#queue.current;
    const message = this.#page.member() ?? this.#message;
    const text = await this.#asking.text(message.text);
    if (!text || text === message.text || !this.#still(group)) return;
    message.original ??= message.text;
    message.text = text;
    if (message === this.#message) this.#queue.current.draft.facts = [];
    this.#page.show();
  }

  reset() {
    this.#change(proposalOf(this.#queue.current));
  }

  all() {
    const { messages } = this.#queue.current;
    const every = messages.every(({ ticked }) => ticked);
    for (const message of messages) message.ticked = !every;
    this.#page.show();
  }

  ticked() {
    this.#page.refresh();
  }

  // --- going about ---------------------------------------------------------------------------------

  next() {
    this.#go(1, "这是最后一组");
  }

  previous() {
    this.#go(-1, "这是第一组");
  }

  down() {
    this.#page.move(1);
  }

  up() {
    this.#page.move(-1);
  }

  search() {
    this.#page.search();
  }

  keys() {
    this.#page.keys();
  }

  back() {
    this.#page.back();
  }

  #go(step, none) {
    if (this.#queue.go(step)) this.#page.show();
    else announce(none);
  }

  // --- saving and taking back ----------------------------------------------------------------------

  /** Whether a group is shown still: one that was taken back may have come while it was asked. */
  #still(group) {
    if (group === this.#queue.current) return true;
    toast("刚才撤销的一组回来了，请看清楚再按一次。");
    return false;
  }

  /** Go on with what was asked: { label, stay }, or null for having gone back. */
  async #settle(asking) {
    const group = this.#queue.current;
    const answer = await asking;
    if (!answer || !this.#still(group)) return;
    if (answer.stay) this.#change(answer.label);
    else this.#finish(answer.label);
  }

  async #finish(draft) {
    const group = this.#queue.current;
    const label = await this.#asking.complete(draft, this.#text);
    if (!label || !this.#still(group)) return;
    group.draft = label;
    if (!group.messages.some(({ ticked }) => ticked)) {
      toast("一句也没有勾。按 ↑ ↓ 移动，按空格勾选。");
      return;
    }
    this.#send();
  }

  #send() {
    const { group, messages } = this.#queue.takeOut();
    const many = messages.length > 1 ? `等 ${messages.length} 句` : "";
    const says = `“${named(messages[0].text)}”${many} → ${what(group.draft)}`;
    const act = { state: "saving", says, group, messages, sources: sourcesOf(messages),
      label: labelFor(messages, group) };
    this.#memory.add(messages.map(({ text }) => text), group.draft);
    this.#trail.add(act);
    this.#tally.reviewed(messages.length);
    this.#outbox.add(act);
    announce(says);
    this.#page.show();
  }

  async undo() {
    const act = this.#trail.last;
    if (!act || act.state === "undoing") return;
    const state = act.state;
    act.state = "undoing";
    try {
      await this.#outbox.undo(act);
    } catch (error) {
      act.state = state;
      toast(`没有撤销：${error.message}`);
      return;
    }
    this.#forget(act);
    this.#queue.putBack(act);
    announce(`已撤销：${act.says}`);
    this.#page.show();
  }

  /** The server has it. */
  saved(act) {
    act.state = "saved";
    this.#trail.show();
  }

  /** The server does not take it, and says why. */
  refused(act, sentence) {
    this.#forget(act);
    this.#queue.putNext(act, sentence);
    toast(`没有保存“${named(act.messages[0].text)}”：${sentence}`);
    this.#page.refused();
  }

  #forget(act) {
    this.#memory.drop(act.messages.map(({ text }) => text));
    this.#trail.drop(act);
    this.#tally.reviewed(-act.messages.length);
  }

  #change(draft) {
    this.#queue.current.draft = draft;
    this.#page.refresh();
  }

  get #draft() {
    return this.#queue.current.draft;
  }

  get #likely() {
    return [whole(this.#message.proposed), ...others(this.#message, this.#vocabulary)];
  }

  /** The draft, with the facets that the assistant had read where it has none. */
  get #seeded() {
    return seeded(this.#draft, this.#message);
  }

  get #message() {
    return lead(this.#queue.current);
  }

  get #text() {
    return this.#message.text;
  }
}
