"""Like messages in one group, under the one that most are like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from bot.dialogue.going_on import GENERAL_FACETS
from bot.evaluation.nearness import near
from bot.evaluation.training_data import placeless
from bot.learning.inbox.messages import Message
from bot.learning.inbox.proposals import Fields
from bot.learning.inbox.words import inbox_words
from bot.matter import DOUBT
from bot.nlu.normalise import normalise

Group = dict[str, Any]
"""``{"id": key of the typical text, "typical": Message, "size": how often said, "weight",
"messages": [Message, …] the weightiest first, "proposed": fields of a label, "evidence"}``."""

_SIZES, ALIKE = (2, 3), 0.6
"""Lengths of the n-grams that are compared, and the similarity from which two texts are alike. Of
training utterances, which were written to be unlike, 88 % of those alike mean the same item; of
messages that differ by courtesies and slips nearly all."""


def groups_of(messages: Sequence[Message]) -> list[Group]:
    """Return the groups of some messages, what teaches most first.

    All of a group are like its typical message, and nothing that speaks for one meaning stands
    together with what speaks for another: what is proposed may be confirmed for all of them.

    Args:
        messages: each text once.
    """
    if not messages:
        return []
    like = _neighbours([_compared(message["text"]) for message in messages])
    order = sorted(range(len(messages)), key=lambda n: (
        -_said(messages, like(n)), -messages[n]["times"], len(messages[n]["text"])))
    left, found = set(order), []
    for leader in order:
        if leader in left:
            members = _members(messages, leader, [n for n in like(leader) if n in left])
            left.difference_update(members)
            found.append([messages[n] for n in members])
    return in_order(map(_group, found))


def in_order(groups: Iterable[Group]) -> list[Group]:
    """Return groups, what teaches most first, the newest first among equals."""
    newest = sorted(groups, key=lambda group: group["typical"]["at"], reverse=True)
    return sorted(newest, key=lambda group: -group["weight"])


def narrowed(group: Group, keep: Callable[[Message], bool]) -> Group | None:
    """Return a group with those of its messages only that are to be kept; None for none."""
    kept = [message for message in group["messages"] if keep(message)]
    if len(kept) == len(group["messages"]):
        return group
    typical = group["typical"] if group["typical"] in kept else None
    return _group([typical, *(m for m in kept if m is not typical)] if typical else kept) \
        if kept else None


def _neighbours(texts: Sequence[str]) -> Callable[[int], list[int]]:
    """Return a function that tells the neighbours of a text, itself first, then the nearest."""
    rows = near(texts, _SIZES, ALIKE).tocsr()

    def like(n: int) -> list[int]:
        span = slice(rows.indptr[n], rows.indptr[n + 1])
        nearest = sorted(zip(-rows.data[span], rows.indices[span].tolist(), strict=True))
        return [n, *(other for _, other in nearest)]

    return like


@lru_cache(maxsize=1 << 16)
def _compared(text: str) -> str:
    plain = normalise(text)
    return placeless(_courtesies().sub("", plain) or plain)


@lru_cache(maxsize=1)
def _courtesies() -> re.Pattern[str]:
    longest_first = sorted(inbox_words()["courtesies"], key=len, reverse=True)
    return re.compile(rf"[\s,]*(?:{'|'.join(longest_first)})[\s,。!?~]*")


def _said(messages: Sequence[Message], some: Iterable[int]) -> int:
    return sum(messages[n]["times"] for n in some)


def _members(messages: Sequence[Message], leader: int, like: Iterable[int]) -> list[int]:
    """Return those of the neighbours that may mean the same as the leader."""
    members, meaning = [], None
    for n in (leader, *(other for other in like if other != leader)):
        meant = _meaning(messages[n])
        if not (meant and meaning) or _agree(meaning, meant):
            members.append(n)
            meaning = meaning or meant
    return members


def _meaning(message: Message) -> Fields | None:
    """Return what is proposed; None where nothing but a guess speaks for it."""
    guess = message["evidence"] == "read" and message["read"]["confidence"] < DOUBT
    return None if guess else message["proposed"]


def _agree(one: Fields, other: Fields) -> bool:
    """Tell whether one label would do for both; facts stand at other places in other texts."""
    facets = set(one["facets"]), set(other["facets"])
    alike = facets[0] == facets[1] or facets[0] & facets[1] or all(
        GENERAL_FACETS.issuperset(some) for some in facets)
    same = all(one[key] == other[key] for key in ("intent", "item", "topic", "category"))
    return bool(same and alike and not one["facts"] and not other["facts"])


def _group(members: Sequence[Message]) -> Group:
    """Return the group of some messages, the typical one first."""
    typical = members[0]
    told = next((m for m in members if _meaning(m)), typical)
    weights = sorted((m["weight"] for m in members for _ in range(m["times"])), reverse=True)
    return {
        "id": typical["key"], "typical": typical, "size": len(weights),
        # Who says it again adds less each time.
        "weight": sum(weight / n for n, weight in enumerate(weights, start=1)),
        "messages": sorted(members, key=lambda m: -m["weight"]),
        "proposed": told["proposed"], "evidence": told["evidence"],
    }


__all__ = ["ALIKE", "Group", "groups_of", "in_order", "narrowed"]
