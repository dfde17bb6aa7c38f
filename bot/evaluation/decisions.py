"""What thresholds cost: when to ask back instead of answering, and from when to refuse.

Outcomes are played through on readings of the cross-validation, with the costs of
``bot/data/decision_costs.yml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

from bot.evaluation.labels import labels
from bot.evaluation.predict import IN_SCOPE, OUT_OF_SCOPE, PARTLY
from bot.evaluation.rows import Row
from bot.evaluation.tables import printed, table
from bot.understanding import DOUBT, OUTSIDE, Understanding
from knowledge.store import load, read_yaml

WRONG, QUESTION = "wrong_answer", "question"
NEEDLESS, MISSED = "needless_refusal", "missed_refusal"
_OUTCOMES = (QUESTION, WRONG, NEEDLESS, MISSED)
_FILE = Path(__file__).parent.parent / "data" / "decision_costs.yml"
_THRESHOLDS = tuple(n / 10 for n in range(2, 9))
_FINE = tuple(n / 20 for n in range(4, 17))
_LIKELIEST = 0.5
"""Probability of 范围外 from which no family can be likelier."""


@dataclass(frozen=True)
class Leaning:
    """The family (label) that a message is most likely about if it is ours, '' for none; how
    likely; and how likely it is outside. Probabilities, 0 to 1."""

    family: str
    confidence: float
    outside: float


def leaning(reading: Understanding) -> Leaning:
    """Return what a reading tells, before anybody decides on it."""
    ranking = dict(reading.ranking)
    if reading.intent == OUTSIDE and not reading.item_named:
        family, confidence = _likeliest(ranking)
        return Leaning(family, confidence, reading.confidence)
    outside = 0.0 if reading.item_named else ranking.get(OUTSIDE, 0.0)
    if not reading.family:
        return Leaning("", 0.0, outside)
    return Leaning(load().family(reading.family).label, reading.confidence, outside)


def _likeliest(ranking: Mapping[str, float]) -> tuple[str, float]:
    found = [(ranking.get(family.intent, 0.0), family.label) for family in load().families]
    confidence, family = max(found)
    return family, confidence


@lru_cache(maxsize=1)
def costs() -> dict[str, float]:
    """Return what each outcome costs, in turns of a conversation (``decision_costs.yml``)."""
    return read_yaml(_FILE)


def outcome(row: Row, read: Leaning, ask_below: float, refuse_from: float) -> str:
    """Return what becomes of a message: a key of the costs, or '' for a right reply.

    Args:
        row: what it is about.
        read: what we take it for.
        ask_below: confidence below which the person is asked.
        refuse_from: probability of 范围外 from which the person is sent on.
    """
    outside = row.scope == OUT_OF_SCOPE
    if read.outside >= refuse_from:
        return "" if outside else NEEDLESS
    if read.confidence < ask_below:
        return QUESTION
    if read.family in (row.family, *row.alt_families):
        return ""
    return MISSED if outside else WRONG


@dataclass(frozen=True)
class Cost:
    """Two thresholds, how often each outcome came of them, and the cost per message."""

    ask_below: float
    refuse_from: float
    share: Mapping[str, float]
    per_message: float


def cost(messages: Sequence[tuple[Row, Leaning]], ask_below: float, refuse_from: float) -> Cost:
    """Return what two thresholds cost on messages that are inside or outside, at least one."""
    counted = Counter(outcome(row, read, ask_below, refuse_from) for row, read in messages)
    share = {name: counted[name] / len(messages) for name in _OUTCOMES}
    return Cost(ask_below, refuse_from, share, sum(costs()[n] * share[n] for n in _OUTCOMES))


def decided(messages: Iterable[tuple[Row, Leaning]]) -> list[tuple[Row, Leaning]]:
    """Return the messages that are about something: what is unclear should always be asked."""
    return [(row, read) for row, read in messages
            if row.scope in (IN_SCOPE, PARTLY, OUT_OF_SCOPE)]


def decisions_report(messages: Iterable[tuple[Row, Leaning]]) -> str:
    """Return the cost of the thresholds in Chinese, and of the best pair of them."""
    words, told = labels()["decisions"], decided(messages)
    asking = [cost(told, t, _LIKELIEST) for t in _THRESHOLDS]
    refusing = [cost(told, DOUBT, t) for t in _THRESHOLDS]
    best = min((cost(told, *pair) for pair in product(_FINE, _FINE)),
               key=lambda c: c.per_message)
    now = cost(told, DOUBT, _LIKELIEST)
    return "\n".join([
        _table(words["asking"].format(refuse_from=_LIKELIEST), asking, "ask_below"),
        _table(words["refusing"].format(ask_below=DOUBT), refusing, "refuse_from"),
        words["best"].format(best=best, now=now), words["note"].format(**costs())])


def _table(title: str, rows: Sequence[Cost], threshold: str) -> str:
    shown = table("threshold", "asked", WRONG, NEEDLESS, MISSED, "cost")
    for row in rows:
        shares = (f"{row.share[name]:.3f}" for name in _OUTCOMES)
        shown.add_row(f"{getattr(row, threshold):.2f}", *shares, f"{row.per_message:.3f}")
    return f"{title}\n{printed(shown)}"


__all__ = ["MISSED", "NEEDLESS", "QUESTION", "WRONG", "Cost", "Leaning", "cost", "costs",
           "decided", "decisions_report", "leaning", "outcome"]
