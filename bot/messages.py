"""The message contract: a reply is text that stands alone, and a card that shows more.

``message.schema.json`` describes the card; the tests validate every card against it.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Reason = Literal["asked", "misses", "rating", "distress", "limits", "failed", "transferred"]
"""Why a person of ours is wanted: asked for (转人工), twice in a row not understood, an unhappy
rating, distress, twice in a row nothing to tell, a turn that failed,
passed on by the person who had it."""

CHOICE_PREFIX = "choice:"
"""A message that presses buttons: the prefix, then their ids, separated by commas."""

PRESSED = "按钮"
"""The intent of such a message."""

_ID_LENGTH = 10
_PRESS = re.compile(rf"{CHOICE_PREFIX}[a-z]{{{_ID_LENGTH}}}(,[a-z]{{{_ID_LENGTH}}})*")


def new_id() -> str:
    """Return an id nobody can guess, of letters only: no number of a person looks like it."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(_ID_LENGTH))


def press_of(ids: Iterable[str]) -> str:
    """Return the message that presses the buttons with these ids."""
    return CHOICE_PREFIX + ",".join(ids)


def is_press(text: str) -> bool:
    """Tell whether a text has the form of a press of buttons; they need not be open ones."""
    return _PRESS.fullmatch(text) is not None


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and what pressing it does.

    ``do`` is a command of :mod:`bot.dialogue` and never leaves the server: the page gets only
    the opaque ``id``.
    """

    label: str
    do: Mapping[str, Any]
    id: str = field(default_factory=new_id)

    @property
    def shown(self) -> dict[str, str]:
        """What the page is told of the choice."""
        return {"id": self.id, "label": self.label}


@dataclass(frozen=True)
class Reply:
    """One message of the assistant: complete text, typed card, and the choices it offers.

    ``silent`` marks a statement that no guide holds what was asked; an answer's status tells it.
    """

    text: str
    card: Mapping[str, Any]
    choices: tuple[Choice, ...] = ()
    silent: bool = False

    @property
    def tells_nothing(self) -> bool:
        """Whether it says that there is nothing on what was asked."""
        return self.silent or self.card.get("status") == "not_in_guide"

    @property
    def answers(self) -> bool:
        """Whether it gives something that a guide holds on what was asked."""
        return self.card["type"] == "answer" and not self.tells_nothing


def notice(
    text: str, choices: Iterable[Choice] = (), tone: str = "info", silent: bool = False
) -> Reply:
    """Return a plain statement, with choices where there is something to go on with."""
    choices = tuple(choices)
    if choices:
        card = _card("choices", text, choices)
        return Reply(_with_list(text, choices), card, choices, silent)
    return Reply(text, {"type": "notice", "text": text, "tone": tone}, silent=silent)


def question(
    text: str, choices: Iterable[Choice], multiple: bool = False, others: Iterable[Choice] = (),
    title: str = "", why: str = "",
) -> Reply:
    """Return a question with its options, numbered in the text for channels without buttons.

    Args:
        text: the question.
        choices: the options.
        multiple: several options may be chosen.
        others: answers that stand for themselves beside the options (none of them, don't know).
        title: what the question is about.
        why: the clauses that depend on the answer.
    """
    choices, others = tuple(choices), tuple(others)
    card = {**_card("question", text, choices), "id": new_id(),
            "multiple": multiple, "others": [choice.shown for choice in others],
            "title": title, "why": why}
    return Reply(_with_list(text, (*choices, *others)), card, (*choices, *others))


def handoff(
    text: str, contacts: Iterable[Mapping[str, str]], reason: Reason | None = None
) -> Reply:
    """Return the way to a person: a sentence and telephone numbers.

    Args:
        text: the sentence.
        contacts: ``{"name", "phone"}`` and perhaps ``"note"`` of whom to call.
        reason: why a person of ours is wanted; None where only numbers are named.
    """
    contacts = tuple(dict(contact) for contact in contacts)
    lines = (f"{c['name']}：{c['phone']}{c.get('note', '')}" for c in contacts)
    card = {"type": "handoff", "text": text, "contacts": contacts}
    if reason:
        card["reason"] = reason
    return Reply("\n".join((text, *lines)), card)


def _card(kind: str, text: str, choices: tuple[Choice, ...]) -> dict[str, Any]:
    return {"type": kind, "text": text, "choices": [choice.shown for choice in choices]}


def _with_list(text: str, choices: tuple[Choice, ...]) -> str:
    return "\n".join((text, *(f"{n}. {c.label}" for n, c in enumerate(choices, start=1))))


__all__ = [
    "CHOICE_PREFIX", "PRESSED", "Choice", "Reason", "Reply", "handoff", "is_press", "new_id",
    "notice", "press_of", "question",
]
