"""Scenario cards played against the assistant: a person who says only what the card gives them.

A card names a person, their opening line, what they know (``slots``) and what has to have been
said to them by the end (``expected``). The player answers each question in the person's words,
and asks on for what was not told yet, as people do at a counter.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.free_speech import facts_in, reply_to
from bot.nlu.normalise import normalise
from bot.privacy import mask
from knowledge.catalog import Fact
from knowledge.engine import UNKNOWN
from knowledge.store import load, read_yaml
from knowledge.text import squeeze

Say = Callable[[str], Awaitable[Sequence[Mapping[str, Any]]]]
"""Sends a message and returns the replies, ``{"text", "custom"}`` each."""

MOST_TURNS = 16

_FILE = Path(__file__).parents[1] / "data" / "player.yml"


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return what people in the cards say, and how faults are named, from ``player.yml``."""
    return read_yaml(_FILE)


@dataclass
class Talk:
    """What was said: ``(message, replies)`` for each turn.

    ``asked`` are the questions asked back, ``misunderstood`` tells of the answers after which one
    of them was asked again.
    """

    turns: list[tuple[str, Sequence[Mapping[str, Any]]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    misunderstood: list[str] = field(default_factory=list)

    @property
    def replies(self) -> list[Mapping[str, Any]]:
        """All replies, in order."""
        return [reply for _, replies in self.turns for reply in replies]

    @property
    def said(self) -> str:
        """The text of all replies, squeezed."""
        return squeeze("\n".join(reply.get("text", "") for reply in self.replies))

    @property
    def question(self) -> Mapping[str, Any] | None:
        """The question that the last replies end with."""
        last = (self.turns[-1][1] or [{}])[-1].get("custom") or {}
        offered = [choice["label"] for choice in last.get("choices", ())]
        asks = last.get("type") in ("question", "choices") and offered != words()["no_question"]
        return last if asks else None

    def transcript(self) -> str:
        """The conversation for people to read."""
        return "\n".join(f">> {message}\n" + "\n".join(r.get("text", "") for r in replies)
                         for message, replies in self.turns)


def talking_to(assistant: Any) -> Say:
    """Return what sends messages to a loaded :class:`bot.assistant.Assistant`, as a new person."""
    conversation, state = uuid.uuid4().hex, None

    async def say(message: str) -> Sequence[Mapping[str, Any]]:
        nonlocal state
        answered = await assistant.answer(conversation, mask(message).text, state)
        state = answered.state
        return answered.replies

    return say


async def play(card: Mapping[str, Any], say: Say) -> Talk:
    """Play a card to its end: questions answered, and everything expected asked for."""
    talk = Talk()
    await _ask(card, card["opening"], talk, say)
    for kind, messages in words()["asks_on"].items():
        for message in messages:
            if lacking(card, kind, talk):
                await _ask(card, message, talk, say)
    return talk


async def _ask(card: Mapping[str, Any], message: str, talk: Talk, say: Say) -> None:
    """Say something, then answer what is asked back."""
    while message and len(talk.turns) < MOST_TURNS:
        talk.turns.append((message, list(await say(message))))
        message = _answer(card, talk.question, talk) if talk.question else ""


def _answer(card: Mapping[str, Any], question: Mapping[str, Any], talk: Talk) -> str:
    """Return what the person answers; '' where their own words were not understood twice."""
    unknown = words()["unknown"]
    value = _own_words(card, question) or ("" if question["type"] == "choices" else unknown)
    again = bool(talk.asked) and talk.asked[-1] in question["text"]
    talk.asked.append(question["text"])
    said = talk.turns[-1][0]
    if again and said in (value, unknown):
        talk.misunderstood.append(_fault("misunderstood", said, question["text"]))
        return "" if said == unknown else unknown
    return value


def _own_words(card: Mapping[str, Any], question: Mapping[str, Any]) -> str:
    slots = {key: str(value) for key, value in card["slots"].items()}
    if question["type"] == "choices":
        return next((v for k, v in slots.items() if k.endswith(tuple(words()["matter_slots"]))), "")
    facts = load().facts.values()
    fact = next((f for f in facts if f.question.split("}")[-1] in question["text"]), None)
    places = [key for key in slots if any(word in key for word in words()["place_slots"])]
    if fact is None:
        return next((slots[key] for key in places), "")
    rated = [(_fits(fact, key, value), value) for key, value in slots.items() if key not in places]
    best, value = max(rated, key=lambda pair: pair[0], default=(0, ""))
    return value if best else ""


def _fits(fact: Fact, key: str, value: str) -> int:
    """Rate how well a slot belongs to the question about a fact; 0 where it does not.

    What the assistant cannot read as an answer is said too, where it is what was asked for.
    """
    shared = sum(pair in fact.label + fact.question for pair in _pairs(key))
    readable = reply_to(normalise(value), fact, fact.options) not in (None, UNKNOWN)
    stands_alone = facts_in(normalise(value), (fact,)) != {}
    if not (stands_alone or shared and readable or shared > 1):
        return 0
    return 3 * shared + 2 * stands_alone + readable


def _pairs(text: str) -> Iterator[str]:
    return (text[n : n + 2] for n in range(len(text) - 1))


def lacking(card: Mapping[str, Any], kind: str, talk: Talk) -> list[str]:
    """Return what is expected of a kind and was not said."""
    return [want for want in card["expected"].get(kind, ()) if squeeze(want) not in talk.said]


def faults(card: Mapping[str, Any], talk: Talk) -> list[str]:
    """Return what was wrong by the card's expectations, in Chinese; empty where all was right."""
    expected = card["expected"]
    wrong = [_fault(kind, want) for kind in words()["asks_on"]
             for want in lacking(card, kind, talk)]
    wrong += [_fault("demanded", line) for line in expected.get("not_applicable_conditional", ())
              if _demanded(line, talk)]
    wrong += [_fault("other_guide", line) for line in expected.get("must_not_other_version", ())
              if squeeze(line) in talk.said]
    wrong += talk.misunderstood
    asked_back = [q for q in (talk.question,) if q]
    return wrong + [_fault("left_open", question["text"]) for question in asked_back]


def _fault(kind: str, *values: str) -> str:
    return str(words()["faults"][kind]).format(*values)


def _demanded(line: str, talk: Talk) -> bool:
    """Tell whether a line was asked for without a condition or a word that it is not needed."""
    sections = [section for reply in talk.replies
                for section in (reply.get("custom") or {}).get("sections", ())]
    lines = [shown for section in sections if section["kind"] in ("materials", "notes")
             for shown in section["lines"] if squeeze(line) in squeeze(shown["text"])]
    not_needed = words()["not_needed"]
    return any(not shown.get("when") and not any(word in shown["text"] for word in not_needed)
               for shown in lines)


def cards_of(path: Path) -> list[dict]:
    """Read cards from a YAML file, or from one with a JSON object in each line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line]
    return yaml.safe_load(text)


def answer_faults(case: Mapping[str, Any], text: str) -> list[str]:
    """Return what is wrong, in Chinese, with the answer to a question; empty where all is right.

    Args:
        case: ``{"ask", "says": […]}``, or ``"silent": true`` where no guide states it.
        text: what was answered.
    """
    said, silence = squeeze(text), words()["silence"]
    wrong = [_fault("not_said", want) for want in case.get("says", ()) if squeeze(want) not in said]
    if case.get("silent") and not any(phrase in said for phrase in silence):
        wrong.append(_fault("not_silent"))
    return wrong


__all__ = [
    "MOST_TURNS", "Say", "Talk", "answer_faults", "cards_of", "faults", "lacking", "play",
    "talking_to", "words",
]
