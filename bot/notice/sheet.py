"""What stands on a 一次性告知单: the outcome for one case, in the words of the chat's own card.

A sheet holds wording of guides and labels of options only: nothing that a person typed, no date of
theirs, no place below the county.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from bot.counted import Days
from bot.counters import Counters
from bot.facet_kinds import WHOLE
from bot.lines import condition_of, details, line_text
from bot.notice.texts import text, texts
from bot.refusals import refusal
from bot.render import Renderer
from bot.wording import say
from knowledge.model import Shape
from knowledge.outcome import DecidedLine, Outcome
from knowledge.regions import Place, gazetteer, resolution
from knowledge.store import KnowledgeBase, shown

CHECK = "check"
"""The kind of clauses that may rule the person out: to be read before anything else."""


class Line(Shape):
    """One line: official wording, where it stands, its open condition, and what to mind."""

    text: str
    heading: str
    when: str = ""
    marks: tuple[str, ...] = ()


class Part(Shape):
    """The lines of one kind; see ``notice.yml`` for what the parts are called."""

    kind: str
    lines: tuple[Line, ...]

    @property
    def heading(self) -> str:
        """The heading that all of several lines share, where it is named once; '' otherwise."""
        headings = {line.heading for line in self.lines}
        shared = self.kind in texts()["cited_once"] and len(self.lines) > len(headings) == 1
        return self.lines[0].heading if shared else ""

    @property
    def firm(self) -> tuple[Line, ...]:
        """The lines that hold in any case."""
        return tuple(line for line in self.lines if not line.when)

    @property
    def conditional(self) -> list[tuple[str, tuple[Line, ...]]]:
        """The other lines, those under the same condition together."""
        open_ones = [line for line in self.lines if line.when]
        return [(when, tuple(same)) for when, same in groupby(open_ones, lambda line: line.when)]


class Sheet(Shape):
    """A sheet as it was made; it is kept as JSON, so a new field needs a default.

    ``guide`` and ``item`` are ids, ``region`` the guide's and ``place`` the person's ('' where it
    is not known), ``leads`` sentences to open with, ``told`` the answers that decided something.
    """

    guide: str
    item: str
    name: str
    region: str
    place: str
    source: str
    edition: str
    version: str
    made: date
    until: date
    leads: tuple[str, ...]
    told: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def applies(self) -> bool:
        """Whether the item is for the person; if not, the sheet only says why."""
        return bool(self.parts)

    def part(self, kind: str) -> Part | None:
        """Return the part of a kind, or None where the sheet has none."""
        return next((part for part in self.parts if part.kind == kind), None)


@dataclass(frozen=True)
class Case:
    """What a sheet is made for.

    ``outcome`` is the engine's, ``wanted`` the canonical item asked for, ``answered`` the facts
    that the person stated (others are assumed), ``place_code`` the place of insurance, ``counter``
    the name of a counter asked for as such ('' mostly), ``days`` those to count from.
    """

    outcome: Outcome
    wanted: str
    answered: frozenset[str]
    place_code: str
    counter: str = ""
    days: Days | None = None

    @property
    def place(self) -> Place | None:
        """The county or city that this guide serves; None where it is not known."""
        place = _places().get(self.place_code)
        return place if place and resolution([place]).guide == self.outcome.guide else None


def sheet_of(kb: KnowledgeBase, case: Case, made: date, until: date) -> Sheet:
    """Return the sheet for an outcome, made on a day and kept until another.

    Raises:
        ValueError: the outcome has no item.
    """
    outcome, item = case.outcome, case.outcome.item
    if item is None:
        raise ValueError(f"no sheet without an item: {outcome.status} in {outcome.guide}")
    data = kb.guide(outcome.guide).data
    return Sheet(
        guide=outcome.guide, item=item.id, name=item.name, region=data.region,
        place=_full_name(case.place), source=data.title, edition=data.edition, version=kb.version,
        made=made, until=until, leads=tuple(_leads(kb, case)), told=tuple(_told(kb, case)),
        parts=tuple(Part(kind=kind, lines=lines) for kind, lines in _parts(kb, case) if lines))


def _leads(kb: KnowledgeBase, case: Case) -> Iterator[str]:
    outcome, place = case.outcome, case.place
    data, wanted = kb.guide(outcome.guide).data, kb.canonical(case.wanted)
    name = outcome.item.name if outcome.item else ""
    if place and resolution([place]).fallback:
        yield say("fallback_city", place=place.full_name, region=data.region)
    if outcome.item and wanted.under and wanted.id not in outcome.item.canonical:
        yield say("not_listed_apart", guide=data.title, wanted=wanted.label, item=name)
    if outcome.status == "not_applicable":
        yield from refusal(kb, outcome)


def _told(kb: KnowledgeBase, case: Case) -> Iterator[str]:
    """Yield the answers that decided something, each once."""
    renderer = Renderer(kb, case.outcome.guide)
    reasons = [reason for reason in case.outcome.reasons if reason.fact in case.answered]
    yield from dict.fromkeys(renderer.reason(reason)["text"] for reason in reasons)


def _parts(kb: KnowledgeBase, case: Case) -> Iterator[tuple[str, tuple[Line, ...]]]:
    outcome = case.outcome
    if outcome.status == "not_applicable":
        return
    yield CHECK, tuple(Line(text=shown(c.text), heading=c.heading) for c in outcome.unsure)
    listed = _agency(kb, case)
    for kind in dict.fromkeys((*WHOLE, "offices")):
        own = tuple(_line(kb, line, case.days) for line in _lines(outcome, kind))
        yield kind, tuple(dict.fromkeys((*listed.get(kind, ()), *own)))


def _lines(outcome: Outcome, kind: str) -> Iterator[DecidedLine]:
    """Yield the lines of a kind that are for this person; no clause stands there twice."""
    rules = outcome.item.rules if outcome.item else ()
    used = {rule.clause.id for rule in rules if rule.kind != "notes"} if kind == "notes" else set()
    used |= {clause.id for clause in outcome.unsure} if kind == "audience" else set()
    for line in outcome.of_kind(kind):
        if not line.other_case and line.rule.clause.id not in used:
            yield line


def _line(kb: KnowledgeBase, decided: DecidedLine, days: Days | None) -> Line:
    wording, form = line_text(decided), decided.rule.line.form
    marks = [text("fill_in")] if form and form.fill_in else []
    marks += filter(None, details(decided, wording).split(" · "))
    marks += filter(None, [days.on_paper(decided)] if days else ())
    return Line(text=wording, heading=decided.rule.clause.heading, marks=tuple(marks),
                when=condition_of(kb.facts, decided))


def _agency(kb: KnowledgeBase, case: Case) -> Mapping[str, tuple[Line, ...]]:
    """Return counters and hotlines by kind: the county's where it is known, else all there are."""
    counters = Counters(kb.guide(case.outcome.guide), case.place_code, case.counter)
    sections = filter(None, (counters.offices(), counters.contacts()))
    return {section["kind"]: tuple(Line(text=line["text"], heading=line["heading"])
                                   for line in section["lines"]) for section in sections}


@lru_cache(maxsize=1)
def _places() -> Mapping[str, Place]:
    readings = (place for found in gazetteer().names.values() for place in found)
    return {place.code: place for place in readings if place.level != "zone"}


def _full_name(place: Place | None) -> str:
    """Return the city and county, or the province where no city is known."""
    names = (place.city, place.county) if place else ()
    return "".join(names) or (place.province if place else "")


__all__ = ["CHECK", "Case", "Line", "Part", "Sheet", "sheet_of"]
