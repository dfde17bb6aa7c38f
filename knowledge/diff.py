"""What a new edition of a guide changes for citizens, item by item and line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.base import Guide, Item, Rule, conditions_of
from knowledge.compare import aligned
from knowledge.conditions import atoms
from knowledge.model import SECTION_TITLES, Form, Part
from knowledge.numerals import number
from knowledge.text import squeeze

STRICTER, LOOSER, NEUTRAL = "stricter", "looser", "neutral"
SAME_ITEM = 75.0
"""Similarity of names (0–100) from which an item without common id is the same, renamed."""

_FEWER_IS_LOOSER = frozenset({"materials", "deadlines"})
_FEWER_IS_STRICTER = frozenset({"channels", "offices", "level"})
_DAYS = re.compile(r"(\d+|[一二两三四五六七八九十]+)个?(工作日|日|天|个?月|年)")
_LENGTH = {"工作日": 1.4, "日": 1.0, "天": 1.0, "个月": 30.0, "月": 30.0, "年": 365.0}
"""Calendar days of a unit, as far as comparing two limits needs them."""


@dataclass(frozen=True)
class Change:
    """One line that differs between two editions; ``old`` or ``new`` is None where it is missing.

    ``effect`` says what it means for the citizen: :data:`STRICTER`, :data:`LOOSER`, or
    :data:`NEUTRAL` where only a person can tell.
    """

    kind: str
    old: Rule | None
    new: Rule | None
    effect: str


@dataclass(frozen=True)
class ItemChange:
    """An item that is new, gone, or changed; ``questions`` are facts asked only before or after."""

    old: Item | None
    new: Item | None
    changes: tuple[Change, ...] = ()
    questions_gone: tuple[str, ...] = ()
    questions_new: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The item's name, the new one where there is one."""
        item = self.new or self.old
        assert item is not None
        return item.name

    @property
    def renamed(self) -> bool:
        """Whether the item bears another name now."""
        return bool(self.old and self.new) and squeeze(self.old.name) != squeeze(self.new.name)


def diff(old: Guide, new: Guide) -> tuple[ItemChange, ...]:
    """Return the items that differ between two editions of a guide, in the order of the new one."""
    pairs = list(_paired(old, new))
    found = (_item_change(before, after) for before, after in pairs)
    return tuple(c for c in found if not (c.old and c.new) or c.changes or c.renamed)


def _paired(old: Guide, new: Guide) -> Iterator[tuple[Item | None, Item | None]]:
    left = list(old.items.values())
    for after in new.items.values():
        before = _counterpart(after, left)
        if before:
            left.remove(before)
        yield before, after
    yield from ((before, None) for before in left)


def _counterpart(item: Item, candidates: Sequence[Item]) -> Item | None:
    """Return the item of the other edition with the same id, else the one named most alike."""
    same = next((c for c in candidates if c.id == item.id), None)
    if same:
        return same
    scored = [(fuzz.ratio(squeeze(item.name), squeeze(c.name)), c) for c in candidates]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= SAME_ITEM else None


def _item_change(old: Item | None, new: Item | None) -> ItemChange:
    if old is None or new is None:
        return ItemChange(old, new)
    changes = tuple(c for kind in SECTION_TITLES for c in _changes(kind, old, new))
    before, after = _facts(old), _facts(new)
    return ItemChange(old, new, changes, tuple(f for f in before if f not in after),
                      tuple(f for f in after if f not in before))


def _facts(item: Item) -> tuple[str, ...]:
    found = (atom.fact for condition in conditions_of(item) for atom in atoms(condition))
    return tuple(dict.fromkeys(found))


def _changes(kind: str, old: Item, new: Item) -> Iterator[Change]:
    lines = [old.of_kind(kind), new.of_kind(kind)]
    single = kind != "materials" and all(len(column) == 1 for column in lines)
    for before, after in [tuple(lines)] if single else aligned(lines):
        one, other = next(iter(before), None), next(iter(after), None)
        if one is None or other is None or _identity(one) != _identity(other):
            yield Change(kind, one, other, _effect(kind, one, other))


def _identity(rule: Rule) -> tuple:
    line = rule.line
    return (squeeze(rule.text), squeeze(line.when_text), line.modality, line.effect,
            line.parts, line.form, line.deadline, line.when)


def _effect(kind: str, old: Rule | None, new: Rule | None) -> str:
    if old is None or new is None:
        return _of_presence(kind, gone=new is None, rule=new or old)
    if kind == "materials":
        return _told(_burden(new) - _burden(old))
    if kind == "deadlines":
        return _told(_days(old) - _days(new))
    if kind == "time_limits":
        return _told(_days(new) - _days(old))
    return NEUTRAL


def _of_presence(kind: str, gone: bool, rule: Rule | None) -> str:
    substitute = rule is not None and rule.line.effect in ("substitute", "waive", "replace_all")
    if kind in _FEWER_IS_LOOSER and not substitute:
        return LOOSER if gone else STRICTER
    if kind in _FEWER_IS_STRICTER or kind in _FEWER_IS_LOOSER:
        return STRICTER if gone else LOOSER
    return NEUTRAL


def _told(burden: float) -> str:
    return STRICTER if burden > 0 else LOOSER if burden < 0 else NEUTRAL


def _burden(rule: Rule) -> float:
    """Return how much a material asks for; only the difference of two means anything."""
    line, form = rule.line, rule.line.form or Form()
    burden = 4.0 * (line.modality == "required") - 2.0 * (line.when is not None)
    burden += form.original + form.copies + bool(form.stamp)
    return burden - _alternatives(line.parts)


def _alternatives(part: Part | None) -> int:
    if part is None:
        return 0
    return max(len(part.any) - 1, 0) + sum(map(_alternatives, part.children))


def _days(rule: Rule) -> float:
    """Return the length of a limit in calendar days, the longest where several are named."""
    found = _DAYS.findall(squeeze(rule.text))
    return max((number(figure) * _LENGTH[unit] for figure, unit in found), default=0.0)


def wordings_gone(changes: Iterable[ItemChange]) -> tuple[str, ...]:
    """Return the wordings that no longer stand, to find the cases and answers that hold them."""
    lines = (change.old.text for item in changes for change in item.changes
             if change.old and (not change.new or change.old.text != change.new.text))
    return tuple(dict.fromkeys(lines))


__all__ = [
    "Change", "ItemChange", "LOOSER", "NEUTRAL", "STRICTER", "diff", "wordings_gone",
]
