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
FACETS = {"总": "整体咨询", "料": "办理材料", "时": "办理时限", "地": "办理渠道/地点",
          "程": "办理流程", "人": "服务对象/条件", "费": "收费", "据": "设定依据",
          "电": "咨询/投诉电话", "注": "备注/特殊规定"}


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
        """Open the page; ``truths`` tells what the messages mean, by their text."""
        self.truths, self.acts, self.spent = truths, Counter(), Counter()
        self.initials = self.get("vocabulary")["initials"]
        self.open()

    def review(self) -> int:
        """Label the group that is shown; return how many messages that were."""
        before, text = self.keys, self.text.inner_text()
        ticked = self.page.locator(".member input:checked").count() or 1
        act = self._label(self.truths[text])
        expect(self.page.locator(f'#card-text:text-is("{text}")')).to_have_count(0)
        self.acts[act] += 1
        self.spent[act] += self.keys - before
        return ticked

    def _label(self, truth: Truth) -> str:
        shown = self._shown()
        if not truth.usable:
            self.press("x")
            return "不可用（X）"
        if truth.accepts(shown):
            self.press("Enter")
            return "建议全对（Enter）"
        if truth.categories:
            self.press("o")
            self._pick(truth.categories[0])
            return "范围外（O）"
        if truth.same_matter(shown):
            return self._mend(truth, shown)
        return self._anew(truth, shown)

    def _shown(self) -> dict:
        """Return what is proposed, as it stands on the page."""
        more = dict(zip(self.page.locator(".proposal__more dt").all_inner_texts(),
                        self.page.locator(".proposal__more dd").all_inner_texts()))
        facets = more.get("询问方面", "")
        return {**parts_of(self.proposed), "facets": facets.split("、") if facets else [],
                "topic": more.get("指南没写", "")}

    def _mend(self, truth: Truth, shown: dict) -> str:
        """The matter is right: put right the topic, or the facets, or both."""
        wrong_facets = not truth.same_facets(shown)
        if shown["topic"] in truth.topics:
            self.press("f")
        else:
            self.press("m")
            self._pick(truth.topics[0] or "指南里写了，不标", more=wrong_facets)
        if wrong_facets:
            self._facets(truth)
        return "事项对，改询问方面（F）或指南没写的（M）"

    def _anew(self, truth: Truth, shown: dict) -> str:
        """Another matter: by a digit where it stands beside one, else from the list."""
        seed = self.page.locator("[data-part=seed]").inner_text().partition("：")[2]
        facets = shown["facets"] or [facet for facet in seed.split("、") if facet]
        more = not truth.same_facets({"facets": facets})
        names = self.page.locator(".rank [data-part=name]").all_inner_texts()
        digit = next((at + 1 for at, name in enumerate(names)
                      if truth.same_matter(parts_of(name))), 0)
        topic = shown["topic"] if truth.intent == shown["intent"] else ""
        wrong_topic = bool(truth.items) and topic not in truth.topics
        if digit and not wrong_topic:
            self.press(f"Shift+Digit{digit}" if more and facets else str(digit))
        else:
            self.press("i")
            self._pick((truth.items or [truth.intent])[0], more=more and facets or wrong_topic)
        if more and not wrong_topic:
            self._facets(truth)
        elif wrong_topic:
            self._facets(truth, "Shift+Enter")
            self.press("m")
            self._pick(truth.topics[0] or "指南里写了，不标")
        return "换事项，按数字" if digit and not wrong_topic else "换事项，从表里选（I）"

    def _facets(self, truth: Truth, end: str = "Enter") -> None:
        names = self.page.locator("#pick-list [data-part=name]").all_inner_texts()
        self.press(str((names.index(truth.facets[0]) + 1) % 10), end)

    def _pick(self, name: str, more: bool = False) -> None:
        """Pick by digit where it has one, else by first letters; ``more``: the facets, too."""
        options = self.page.locator("#pick-list [data-part=name]")
        names = options.all_inner_texts()
        if name in names[:10]:
            digit = (names.index(name) + 1) % 10
            self.press(f"Shift+Digit{digit}" if more else str(digit))
            return
        for letter in self.initials[name]:
            self.press(letter)
            if options.first.inner_text() == name:
                break
        self.press("Shift+Enter" if more else "Enter")


def parts_of(name: str) -> dict:
    """Return intent and item, or category, of a label as the page writes it."""
    intent, _, more = name.partition(" › ")
    return {"intent": intent, "item": more, "category": more}


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
    print(f"\n{done} 句，{acts} 组，{keys} 键，"
          f"每句 {keys / done:.2f} 键，每组 {keys / acts:.2f} 键")
    for act, count in hand.acts.most_common():
        print(f"{act}：{count} 组（{count / acts:.0%}），每组 {hand.spent[act] / count:.1f} 键")
