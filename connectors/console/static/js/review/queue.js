// The groups to be reviewed, in the server's order, and where the reviewer is among them.

import { alike, factsIn, whole } from "./label.js";

export class Queue {
  groups = [];
  /** Place of the group that is shown. */
  at = 0;
  total = 0;
  #done = new Set();

  get current() {
    return this.groups[this.at] ?? null;
  }

  /** How many messages are there to be reviewed in the groups at hand. */
  get left() {
    return this.groups.reduce((sum, { messages }) => sum + messages.length, 0);
  }

  clear() {
    [this.groups, this.at] = [[], 0];
  }

  /** Take what is new in a page of the inbox after the groups at hand. */
  take({ groups, total }) {
    const known = new Set(this.groups.flatMap(({ messages }) => messages.map(({ turn }) => turn)));
    for (const group of groups) {
      const messages = ordered(group).filter(({ turn }) => !this.#done.has(turn) && !known.has(turn));
      if (messages.length) this.groups.push(opened({ ...group, messages }));
    }
    this.total = Math.max(total, this.groups.length);
  }

  /** Go to the group `step` further; false where there is none. */
  go(step) {
    return this.goTo(this.at + step);
  }

  goTo(place) {
    if (!this.groups[place]) return false;
    this.at = place;
    return true;
  }

  /** Take the ticked messages out of the current group; what is left of it comes next. */
  takeOut() {
    const group = this.current;
    const messages = group.messages.filter(({ ticked }) => ticked);
    const rest = group.messages.filter(({ ticked }) => !ticked);
    for (const { turn } of messages) this.#done.add(turn);
    if (rest.length) {
      this.groups[this.at] = opened({ ...group, messages: rest, proposed: rest[0].proposed });
    } else {
      this.groups.splice(this.at, 1);
      this.total -= 1;
    }
    this.at = Math.max(0, Math.min(this.at, this.groups.length - 1));
    return { group, messages };
  }

  /** Put messages back that were taken out of a group, and go there. */
  putBack({ group, messages }) {
    this.#undone(messages);
    const place = this.groups.findIndex(({ id }) => id === group.id);
    const rest = this.groups[place]?.messages ?? [];
    const back = { ...group, messages: [...messages, ...rest.map(unticked)], refused: "" };
    if (place < 0) this.#insert(back, this.at);
    else [this.groups[place], this.at] = [back, place];
  }

  /** Put messages back that the server refused, with its sentence: after what is shown just now,
   * so that no key falls upon another group than the one looked at. */
  putNext({ group, messages }, refused) {
    this.#undone(messages);
    const id = `${group.id} ${messages[0].turn}`;
    const place = this.groups.length ? this.at + 1 : 0;
    this.#insert({ ...group, id, messages, refused }, place);
  }

  #insert(group, place) {
    this.groups.splice(place, 0, group);
    this.total += 1;
  }

  #undone(messages) {
    for (const { turn } of messages) this.#done.delete(turn);
  }

  /** Leave out what was done before this page was loaded. */
  leaveOut(turns) {
    for (const turn of turns) this.#done.add(turn);
  }
}

/** Return the messages of a group, its typical sentence first. */
function ordered({ typical, messages }) {
  return [typical, ...messages.filter(({ turn }) => turn !== typical.turn)];
}

/** Return a group as it is shown first: ticked is what is taken for the same matter. */
function opened(group) {
  const draft = whole(group.proposed ?? group.messages[0].proposed);
  const messages = group.messages.map((message, place) => (
    { ...message, ticked: place === 0 || alike(message.proposed, draft) }));
  return { ...group, messages, draft, refused: "" };
}

function unticked(message) {
  return { ...message, ticked: false };
}

/** Return a label as it is saved with messages of a group: facts stand where the first of them
 * has the words; the server finds them in the others. */
export function labelFor(messages, group) {
  const { draft } = group;
  return { ...draft, facts: factsIn(messages[0].text, draft.facts, lead(group).text) };
}

/** Return messages as the sources of a label. */
export function sourcesOf(messages) {
  return messages.map(({ text, turn, conversation, original }) => (
    { text, turn, conversation, ...original && { original } }));
}

/** Propose for a group what was labelled before (of Memory), unless somebody is at it already or it
 * is known how an agent dealt with it. */
export function propose(group, memory) {
  if (group.seen || lead(group).evidence === "agent") return;
  group.seen = true;
  group.near = memory.nearest(lead(group).text);
  if (group.near) group.draft = whole(group.near.label);
}

/** Return the label that is proposed for a group. */
export function proposalOf(group) {
  return whole(group.near?.label ?? lead(group).proposed);
}

/** Return the message that a group is shown by. */
export function lead(group) {
  return group.messages[0];
}
