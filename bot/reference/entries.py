"""An item's lines as its page shows them: nothing about the reader is known or assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.lines import condition_of, details, line_text
from bot.reference.texts import text, texts
from knowledge.follows import parts_of
from knowledge.model import SECTION_TITLES, Part
from knowledge.outcome import DecidedLine
from knowledge.store import Clause, Guide, Item, KnowledgeBase, Rule, shown
from knowledge.text import squeeze


@dataclass(frozen=True)
class Choice:
    """The parts of a material: how many of them are wanted, and each, nested where it is one."""

    label: str
    parts: tuple[str | Choice, ...]

    @property
    def flat(self) -> bool:
        """Whether no part is a choice itself."""
        return all(isinstance(part, str) for part in self.parts)


@dataclass(frozen=True)
class Entry:
    """One line: official wording, for whom, in what form, and its clause.

    ``anchor`` is where the clause stands on the page of the item, in the guide's own text;
    ``quote`` is the clause as printed, '' where the line already is all of it.
    """

    text: str
    heading: str
    anchor: str
    condition: str = ""
    details: str = ""
    effect: str = ""
    choice: Choice | None = None
    quote: str = ""


@dataclass(frozen=True)
class Group:
    """Lines under one condition; '' for those that hold for everybody."""

    condition: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """The lines of one kind; without any, the guide does not state it."""

    id: str
    title: str
    firm: tuple[Entry, ...]
    conditional: tuple[Group, ...]
    numbered: bool = False


def sections(kb: KnowledgeBase, item: Item) -> Iterator[Section]:
    """Yield the sections of an item's page, those the guide leaves empty included."""
    order = texts()["order"]
    kinds = [*order, *(kind for kind in SECTION_TITLES if kind not in order)]
    for kind in kinds:
        entries = tuple(_entry(kb, item, rule) for rule in item.of_kind(kind))
        if entries or kind in texts()["always"]:
            yield _section(kind, entries)
        if kind == "audience":
            yield from _barred(item)


def _section(kind: str, entries: Sequence[Entry]) -> Section:
    firm = tuple(entry for entry in entries if not entry.condition)
    open_ones = [entry for entry in entries if entry.condition]
    groups = tuple(Group(condition, tuple(same)) for condition, same in
                   groupby(open_ones, key=lambda entry: entry.condition))
    return Section(kind, SECTION_TITLES[kind], firm, groups, kind in texts()["numbered"])


def _barred(item: Item) -> Iterator[Section]:
    clauses = dict.fromkeys(item.clauses[bar.clause] for bar, _ in item.bars)
    if clauses:
        entries = tuple(cited(shown(clause.text), clause) for clause in clauses)
        yield Section("barred", text("barred"), entries, ())


def _entry(kb: KnowledgeBase, item: Item, rule: Rule) -> Entry:
    decided = for_anybody(rule)
    wording = line_text(decided)
    condition, choice = condition_of(kb.facts, decided), _choice(rule.line.parts)
    # Parts stand below one another here: what is to be chosen of them is said with them.
    form = details(decided, wording + "\n" if choice else wording)
    return cited(wording, rule.clause, condition, form, _effect(item, rule), choice)


def for_anybody(rule: Rule) -> DecidedLine:
    """Return a line as it stands for a reader of whom nothing is known."""
    return DecidedLine(rule, rule.line.when, other_case=rule.line.effect == "replace_all")


def cited(
    wording: str, clause: Clause, condition: str = "", form: str = "", effect: str = "",
    choice: Choice | None = None,
) -> Entry:
    """Return a line with its clause, quoted where the line is not all of it."""
    whole = squeeze(shown(clause.text)) == squeeze(wording)
    return Entry(wording, clause.heading, anchor_of(clause.id), condition, form, effect, choice,
                 "" if whole else clause.printed)


def anchor_of(clause: str) -> str:
    """Return the anchor of a clause on the page of its item."""
    return "c-" + clause.split("/", 1)[1]


def _effect(item: Item, rule: Rule) -> str:
    key = {"substitute": "substitutes", "waive": "waives"}.get(rule.line.effect)
    if not key or not rule.line.target:
        return ""
    names = _names(item.of_kind(rule.kind))
    return text(key, target=names.get(rule.line.target, rule.line.target))


def _names(rules: Sequence[Rule]) -> Mapping[str, str]:
    """Return what lines and their parts say, by ``line`` and ``line.part``."""
    names = {rule.line.id: rule.text for rule in rules}
    for rule in rules:
        for part in parts_of(rule.line.parts):
            names[f"{rule.line.id}.{part.id}"] = part.text or part.name
    return names


def _choice(part: Part | None) -> Choice | None:
    if part is None or not part.children:
        return None
    label = "choose_any" if part.any else "need_all" if part.all else "choose_applicable"
    return Choice(text(label), tuple(_choice(child) or child.text or child.name
                                     for child in part.children))


@dataclass(frozen=True)
class Printed:
    """A section of the guide as printed: heading, and each clause with its anchor."""

    heading: str
    lost: bool
    clauses: tuple[tuple[str, str], ...]


def verbatim(guide: Guide, item: Item) -> Iterator[tuple[str, tuple[Printed, ...]]]:
    """Yield (where it is printed, its sections) for the item, then for what it includes."""
    yield "", _printed(guide, item.id)
    for name in item.data.includes:
        yield getattr(guide.files[name], "printed_at", ""), _printed(guide, name)


def _printed(guide: Guide, name: str) -> tuple[Printed, ...]:
    clauses = [c for c in guide.clauses.values() if c.item == name]
    return tuple(
        Printed(section.heading or section.column, section.lost, tuple(
            (anchor_of(c.id), c.printed) for c in clauses if c.kind == kind))
        for kind, section in guide.files[name].text.items()
    )


__all__ = [
    "Choice", "Entry", "Group", "Printed", "Section", "anchor_of", "cited", "for_anybody",
    "sections", "verbatim",
]
