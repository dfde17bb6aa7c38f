"""How many keys a review takes: sixty messages of invented citizens, in words that the assistant
has not learnt, come from the log into the inbox and are labelled by keyboard. The figures are
printed (``-s``) and stand in ``docs/howto/review.md``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect
from reviewing import Reviewer

pytestmark = [pytest.mark.browser, pytest.mark.full]

WANTED, MOST_KEYS = 60, 2.0
MESSAGES = Path(__file__).with_name("review_messages.yml")
FACETS = {"总": "整体咨询", "料": "办理材料", "时": "办理时限", "地": "办理渠道/地点", "程": "办理流程",
          "人": "服务对象/条件", "费": "收费", "据": "设定依据", "电": "咨询/投诉电话",
          "注": "备注/特殊规定"}


class Truth:
    """What a careful reviewer accepts for a message.

    Args:
        row: of ``review_messages.yml``.
    """

    def __init__(self, text: str, intent: str = "", *parts: list[str]) -> None:
        self.text, self.intent, self.usable = text, intent, bool(intent)
        self.items = parts[0] if len(parts) == 3 else []
        self.categories = parts[0] if len(parts) == 1 else []
        self.facets = [FACETS[sign] for sign in parts[1]] if len(parts) == 3 else []
        self.topics = parts[2] if len(parts) == 3 else [""]

    def same_matter(self, label: dict) -> bool:
        """Whether a label has the intent, and item or category."""
        return (label["intent"] == self.intent and self.usable
                and (not self.items or label.get("item") in self.items)
                and (not self.categories or label.get("category") in self.categories))

    def same_facets(self, label: dict) -> bool:
        """Whether all facets of a label are acceptable, and there is one."""
        return not self.items or bool(label["facets"]) and set(label["facets"]) <= set(self.facets)

    def accepts(self, label: dict) -> bool:
        """Whether nothing of a label has to be changed."""
        return (self.same_matter(label) and self.same_facets(label)
                and label.get("topic", "") in self.topics)


class Hand(Reviewer):
    """A reviewer who knows what each message means, and takes the shortest way that the page shows.

    ``acts`` counts ways, ``spent`` the keys of each.
    """

    def begin(self, truths: dict[str, Truth]) -> None:
        """Open the page, with what the messages mean by their text."""
        self.truths, self.acts, self.spent = truths, Counter(), Counter()
        self.initials = self.get("vocabulary")["initials"]
        self.groups = {group["typical"]["text"]: group for group in self.get("inbox")["groups"]}
        self.open()

    def review(self) -> int:
        """Label the group that is shown; return how many messages that were."""
        before, text = self.keys, self.text.inner_text()
        ticked = self.page.locator(".member input:checked").count() or 1
        act = self._label(self.truths[text], self._message(text))
        expect(self.page.locator(f'#card-text:text-is("{text}")')).to_have_count(0)
        self.acts[act] += 1
        self.spent[act] += self.keys - before
        return ticked

    def _message(self, text: str) -> dict:
        return next(message for group in self.groups.values() for message in group["messages"]
                    if message["text"] == text)

    def _label(self, truth: Truth, message: dict) -> str:
        proposed = message["proposed"]
        if not truth.usable:
            self.press("x")
            return "不可用"
        if truth.accepts(proposed):
            self.press("Enter")
            return "确认建议"
        if truth.categories:
            return self._outside(truth)
        place = self._digit(truth)
        facets = proposed["facets"] or message["read"]["facets"]
        if truth.same_matter(proposed):
            return self._mend(truth, proposed)
        if place and truth.accepts({**proposed, **truth_of(place[1]), "facets": facets}):
            self.press(str(place[0]))
            return "按数字改事项"
        return self._anew(truth, proposed, facets)

    def _digit(self, truth: Truth) -> tuple[int, str] | None:
        """Return the digit of the matter among those shown, and what stands beside it."""
        names = self.page.locator(".rank [data-part=name]").all_inner_texts()
        return next(((at + 1, name) for at, name in enumerate(names)
                     if truth.same_matter(truth_of(name))), None)

    def _outside(self, truth: Truth) -> str:
        self.press("o")
        self._pick(truth.categories[0])
        return "范围外"

    def _mend(self, truth: Truth, proposed: dict) -> str:
        """The matter is right: put right the topic, or the facets, or both."""
        wrong_facets = not truth.same_facets(proposed)
        if proposed["topic"] not in truth.topics:
            self.press("m")
            self._pick(truth.topics[0] or "指南里写了，不标", stay=wrong_facets)
        if wrong_facets:
            self._facets(truth, proposed["facets"])
        return "改询问方面、指南没写的"

    def _anew(self, truth: Truth, proposed: dict, facets: list[str]) -> str:
        right = truth.same_facets({"facets": facets})
        topic = proposed["topic"] if truth.items else ""
        more = bool(truth.items) and not (right and topic in truth.topics)
        self.press("i")
        self._pick((truth.items or [truth.intent])[0], stay=more)
        if more:
            self._mend(truth, {"facets": facets, "topic": topic})
        return "选别的事项"

    def _facets(self, truth: Truth, chosen: list[str]) -> None:
        self.press("f")
        names = self.page.locator("#pick-list [data-part=name]").all_inner_texts()
        wrong = [facet for facet in chosen if facet not in truth.facets]
        missing = [] if set(chosen) & set(truth.facets) else truth.facets[:1]
        for facet in (*wrong, *missing):
            self.press(str((names.index(facet) + 1) % 10))
        self.press("Enter")

    def _pick(self, name: str, stay: bool = False) -> None:
        """Pick by digit where it has one and the label is whole then, else by first letters."""
        options = self.page.locator("#pick-list [data-part=name]")
        names = options.all_inner_texts()
        if not stay and name in names[:10]:
            self.press(str((names.index(name) + 1) % 10))
            return
        if name != names[0]:
            for letter in self.initials[name]:
                self.press(letter)
                if options.first.inner_text() == name:
                    break
        self.press("Shift+Enter" if stay else "Enter")


def truth_of(name: str) -> dict:
    """Return what stands beside a digit as the parts of a label."""
    intent, _, more = name.partition(" › ")
    return {"intent": intent, "item": more}


def talk(server, number: int, truth: Truth) -> None:
    """Write as a citizen who presses the right button where there is one among those that the
    assistant offers, and wants a person where it sends them away although it is its matter."""
    [*_, answer] = server.ask(f"k{number}", truth.text)
    card = answer.get("custom") or {}
    if card.get("type") in ("question", "answer") or not truth.items:
        return
    right = [b["payload"] for b in answer.get("buttons", ()) if truth.intent in b["title"]]
    server.ask(f"k{number}", right[0] if right else "转人工")


def test_sixty_messages_take_two_keys_each_at_most(browser, own_server):
    own_server.start()
    rows = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))
    truths = {row[0]: Truth(*row) for row in rows}
    for number, truth in enumerate(truths.values()):
        talk(own_server, number, truth)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    hand = Hand(context.new_page(), own_server)
    hand.wait_for("", WANTED)
    hand.begin(truths)
    keys, done = hand.keys, 0
    while done < WANTED:
        done += hand.review()
    hand.expect_saved()
    tell(hand, done, hand.keys - keys)
    assert (hand.keys - keys) / done <= MOST_KEYS
    assert len(hand.labels("")) >= min(done, 50)


def tell(hand: Hand, done: int, keys: int) -> None:
    acts = sum(hand.acts.values())
    print(f"\n{done} 句，{acts} 组，{keys} 键，每句 {keys / done:.2f} 键，每组 {keys / acts:.2f} 键")
    for act, count in hand.acts.most_common():
        print(f"{act}：{count} 组（{count / acts:.0%}），每组 {hand.spent[act] / count:.1f} 键")
