"""Random walks: whatever people do, in whatever order, every turn gets a sensible reply.

A walk is a list of steps: things to say, and ways to answer the question that is open. What has to
hold after every step stands in :meth:`Walk.check` and in the steps themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from talking import Conversation

from bot.dialogue.context import PLACE
from bot.errors import BadInput
from bot.lines import line_text
from bot.wording import say
from knowledge.engine import assess
from knowledge.store import load

pytestmark = pytest.mark.asyncio

KB = load()
SAID = yaml.safe_load((Path(__file__).parent / "walks.yml").read_text(encoding="utf-8"))
GUIDE_OF = {place: guide for guide, places in SAID["places"].items() for place in places}
OPENINGS = [opening for openings in SAID["openings"].values() for opening in openings]
ITEMS = sorted({item.name.split("/")[0] for guide in KB.guides.values()
                for item in guide.items.values()})
MOST_QUESTIONS, LONGEST_WALK = 6, 14
TOLD = sorted({phrase for fact in KB.facts.values() for option in fact.options
               for phrase in (option.label, *option.everyday[:6])})
UNFILLED = re.compile(r"\{\w*\}|\bNone\b|\bnan\b")


@dataclass
class Walk:
    """A conversation with what is known of it from outside."""

    talk: Conversation
    said: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    last: str = ""

    @property
    def context(self) -> dict:
        """The state of the conversation as it is stored."""
        return self.talk.state.get("slots", {}).get("context") or {}

    @property
    def facts(self) -> dict:
        """The facts that the conversation knows, as the engine takes them."""
        slots = self.talk.state["slots"]
        return {name: fact["value"] for name, fact in (slots.get("facts") or {}).items()}

    @property
    def asked(self) -> str:
        """The fact that is asked about, or the place; '' while no question is open."""
        return self.context.get("asked", "") if self.question else ""

    @property
    def question(self) -> dict:
        """The card of the open question, if there is one."""
        cards = self.talk.cards
        return cards[-1] if cards and cards[-1]["type"] == "question" else {}

    async def say(self, text: str) -> None:
        """Say something and check the reply; what no channel lets through changes nothing."""
        self.said.append(text)
        self.last = text
        self.pressed += [choice["id"] for choice in self.talk.choices]
        try:
            await self.talk.say(text)
        except BadInput as refused:
            assert str(refused)
            return
        self.check(text)

    def check(self, text: str) -> None:
        """Check what holds after every turn."""
        messages = self.talk.messages
        assert messages
        for message in messages:
            assert message.get("text", "").strip() and message.get("custom")
            assert text in message["text"] or not UNFILLED.search(message["text"])
        region = self.context.get("region", "")
        shown = {card["region"] for card in self.talk.cards if card["type"] == "answer"}
        # A comparison names all its regions, and leaves the conversation with the one it had.
        alone = {name for name in shown if "、" not in name}
        assert alone <= ({KB.guide(region).data.region} if region else set())
        assert bool(self.talk.state["loop"]) == bool(self.question), "a form is open if it asks"
        assert not self.question or self.question["choices"]


@dataclass(frozen=True)
class Say:
    """Something to say, whatever is open."""

    text: str

    async def take(self, walk: Walk) -> None:
        """Say it; a bare place decides whose guide answers."""
        await walk.say(self.text)
        bare = self.text.removeprefix("那").removesuffix("呢？")
        if GUIDE_OF.get(bare):
            assert walk.context["region"] == GUIDE_OF[bare]


@dataclass(frozen=True)
class Answer:
    """An answer to the open question: ``which`` of its options, ``how`` it is given."""

    how: str
    which: int

    async def take(self, walk: Walk) -> None:
        """Answer; the same question is not asked again, whatever follows.

        To ask for a person is no answer: the question stays open.
        """
        asked, numbered = walk.asked, walk.talk.choices
        offered = [c for c in numbered if not asked or c["label"] != say("to_person")]
        if not offered:
            return
        choice = offered[self.which % len(offered)]
        if self.how == "button":
            await walk.say(f"choice:{choice['id']}")
        else:
            number = str(numbered.index(choice) + 1)
            await walk.say(number if self.how == "number" else choice["label"])
        assert not asked or walk.asked != asked


@dataclass(frozen=True)
class Finish:
    """Answers every question until there is an end."""

    ways: tuple[Answer, ...]

    async def take(self, walk: Walk) -> None:
        """Answer; after the place it takes no more than a few questions."""
        asked = []
        while walk.asked:
            asked.append(walk.asked)
            assert len([fact for fact in asked if fact != PLACE]) <= MOST_QUESTIONS
            await self.ways[len(asked) % len(self.ways)].take(walk)
        assert len(asked) == len(set(asked))
        if asked:
            self.compare(walk)

    def compare(self, walk: Walk) -> None:
        """Compare the end with what the same facts give who has said nothing else."""
        context, facts = walk.context, walk.facts
        card = walk.talk.cards[-1]
        if card["type"] != "answer" or not card.get("item") or card["facet"]:
            return
        outcome = assess(KB, context["region"], context["family"], facts, context["item"])
        assert outcome.item and card["item"] == outcome.item.name
        assert card["status"] == outcome.status
        wanted = [line_text(line) for line in outcome.of_kind("materials") if not line.other_case]
        shown = [line["text"] for section in card["sections"] if section["kind"] == "materials"
                 for line in section["lines"]]
        assert shown == wanted


@dataclass(frozen=True)
class OldButton:
    """Presses a button of an earlier reply, which is no longer open."""

    which: int

    async def take(self, walk: Walk) -> None:
        """Press it; nothing changes but that it is said to be stale."""
        open_ones = walk.context.get("choices", {})
        old = [button for button in walk.pressed if button not in open_ones]
        if not old:
            return
        before = walk.context
        await walk.say(f"choice:{old[self.which % len(old)]}")
        assert say("stale_choice") in walk.talk.text
        assert {k: before[k] for k in KEPT} == {k: walk.context[k] for k in KEPT}


KEPT = ("region", "family", "item", "asked")

answers = st.builds(Answer, st.sampled_from(["button", "number", "label"]), st.integers(0, 7))
openings = st.one_of(
    st.sampled_from(OPENINGS),
    st.builds("{}{}".format, st.sampled_from(ITEMS), st.sampled_from(SAID["facets"])),
    st.builds("{}医保，{}".format, st.sampled_from(sorted(GUIDE_OF)), st.sampled_from(OPENINGS)))
places = st.sampled_from(sorted(GUIDE_OF)) | st.builds(
    "那{}呢？".format, st.sampled_from(sorted(GUIDE_OF)))
told = st.sampled_from(TOLD) | st.builds("不对，是{}".format, st.sampled_from(TOLD))
noise = st.sampled_from(SAID["noise"]) | st.text(max_size=40) | st.builds(
    lambda text, times: (text * times)[:1200], st.sampled_from(OPENINGS + SAID["noise"]),
    st.integers(1, 200))
steps = st.one_of(
    st.builds(Say, openings), st.builds(Say, places), st.builds(Say, told), answers, answers,
    st.builds(Say, st.sampled_from(SAID["in_between"])), st.builds(Say, noise),
    st.builds(OldButton, st.integers(0, 20)),
    st.builds(Finish, st.lists(answers, min_size=1, max_size=4).map(tuple)))
walks = st.tuples(st.builds(Say, openings),
                  st.lists(steps, max_size=LONGEST_WALK)).map(lambda w: [w[0], *w[1]])


async def play(switchboard, walk: list) -> None:
    """Take the steps of a walk in a fresh conversation."""
    taken = Walk(Conversation(switchboard))
    try:
        for step in walk:
            await step.take(taken)
    except Exception as error:
        error.args = (f"{error} after {taken.said}", *error.args[1:])
        raise


settled = settings(
    derandomize=True, database=None, deadline=None, print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate, Phase.shrink])


@settings(settled, max_examples=250)
@given(walk=walks)
async def test_a_walk_never_ends_in_an_error_an_empty_reply_or_a_loop(switchboard, walk):
    await play(switchboard, walk)


@pytest.mark.full
@settings(settled, derandomize=False, max_examples=2500)
@given(walk=walks)
async def test_many_walks_never_end_in_an_error_an_empty_reply_or_a_loop(switchboard, walk):
    await play(switchboard, walk)
