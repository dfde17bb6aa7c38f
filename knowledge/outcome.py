"""What a decision ends with: a question, or an outcome with its lines and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from knowledge.catalog import CanonicalItem, Fact, Option
from knowledge.conditions import Condition
from knowledge.store import Clause, Item, Rule

UNKNOWN = "不知道"
"""The value of a fact that was asked and that the person cannot tell."""


@dataclass(frozen=True)
class Question:
    """A fact to ask next: only options that can still change something are offered.

    ``why`` are the clauses that depend on the answer.
    """

    fact: Fact
    options: tuple[Option, ...]
    why: tuple[Clause, ...]


@dataclass(frozen=True)
class DecidedLine:
    """A line of the outcome.

    ``remaining`` is the condition that the known facts leave open (None where the line holds),
    ``other_case`` that the line holds only if an assumed fact is otherwise, ``dropped`` the parts
    that another line stands in for.
    """

    rule: Rule
    remaining: Condition | None = None
    other_case: bool = False
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reason:
    """A fact that decided something, and the clause whose condition it met or failed."""

    fact: str
    value: str
    clause: Clause


@dataclass(frozen=True)
class Outcome:
    """The end of a decision.

    ``status`` is ``applies`` (every line decided), ``conditional`` (some lines depend on facts
    that are not known), ``not_applicable`` (a condition of the guide failed: ``failed`` says
    which, ``instead`` what may apply) or ``not_in_guide`` (this guide has no such item). Without
    an item, ``instead`` are those still in question. ``unsure`` are the clauses that may rule the
    person out, where it is not known whether they do.
    """

    status: str
    guide: str
    family: str
    item: Item | None = None
    canonical: CanonicalItem | None = None
    lines: tuple[DecidedLine, ...] = ()
    reasons: tuple[Reason, ...] = ()
    failed: tuple[Reason, ...] = ()
    instead: tuple[Item, ...] = ()
    unsure: tuple[Clause, ...] = ()

    def of_kind(self, kind: str) -> tuple[DecidedLine, ...]:
        """Return the lines of one kind."""
        return tuple(line for line in self.lines if line.rule.kind == kind)


Decision = Union[Question, Outcome]

__all__ = ["DecidedLine", "Decision", "Outcome", "Question", "Reason", "UNKNOWN"]
