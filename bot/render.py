"""From an outcome of the engine to a message: sections of lines, each with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.counted import Days
from bot.counters import Counters
from bot.facet_kinds import (
    COLLAPSED,
    FACET_KINDS,
    INSTEAD,
    PERIOD,
    PHONE,
    kinds_of,
    kinds_shown,
)
from bot.lines import condition_of, details, line_text
from bot.messages import Choice, Reply, new_id
from bot.plain_text import plain_text
from bot.sections import plain_section, quoted_line
from bot.wording import say
from knowledge.model import SECTION_TITLES
from knowledge.outcome import DecidedLine, Outcome, Reason
from knowledge.store import Clause, Item, KnowledgeBase, shown

Groups = tuple[tuple[str, Outcome], ...]
"""Items that say the same, by their names ('' for all), with the outcome of one of them."""


class Renderer:
    """Turns outcomes into messages.

    Args:
        kb: the knowledge base.
        guide: the guide the answer comes from.
        place_code: division code of the place of insurance, to choose its counter ('' if unknown).
        counter: the name of a counter that was asked for as such (市直), else ''.
        audience: how the person is called whom the answer is for ('' if unknown).
        days: the days the person stated, to count from.
    """

    def __init__(
        self, kb: KnowledgeBase, guide: str, place_code: str = "", counter: str = "",
        audience: str = "", days: Days | None = None,
    ) -> None:
        self.kb, self.guide, self.audience, self.days = kb, kb.guide(guide), audience, days
        self.counters = Counters(self.guide, place_code, counter)

    def answer(
        self, outcome: Outcome, facets: Sequence[str], leads: Sequence[str],
        choices: Iterable[Choice] = (), quoted: Iterable[Clause] = (), link: str = "",
        entire: bool = False,
    ) -> Reply:
        """Return the answer for an item: the facets asked about, or the whole where none is.

        Args:
            outcome: an outcome with an item.
            facets: the facets asked about; empty for the whole answer.
            leads: sentences to open with.
            choices: what may come next.
            quoted: clauses to show in any case, in full.
            link: path of the answer's 一次性告知单, '' for none.
            entire: show the whole after the facets asked about.
        """
        kinds = kinds_shown(facets, entire)
        if not any(outcome.of_kind(kind) for kind in kinds):
            kinds = (*kinds, *INSTEAD)
        outcome = outcome if facets else _settled(outcome)
        found = (self._section(outcome, kind, kind in kinds_of(facets)) for kind in kinds)
        sections = [section for section in found if section]
        sections += self._quotes(quoted, sections)
        missing = [k for k in kinds_of(facets) if k not in {s["kind"] for s in sections}]
        name = outcome.item.name if outcome.item else ""
        leads = [*leads, *self._silences(name, facets, missing, outcome.item)]
        choices = tuple(choices)
        card = self._card(outcome, leads, sections, facets, choices)
        if link:
            card["link"] = {"label": say("notice_link"), "href": link}
        return Reply(plain_text(card), card, choices)

    def _quotes(
        self, quoted: Iterable[Clause], sections: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return the clauses that no section shows yet, as a section of their own."""
        present = {line["citation_id"] for section in sections for line in section["lines"]}
        clauses = [c for c in dict.fromkeys(quoted) if c.id not in present]
        rows = [quoted_line(shown(clause.text), clause) for clause in clauses]
        section = plain_section("notes", say("quoted"), rows)
        return [section] if section else []

    def common(
        self, outcome: Outcome, kinds: Sequence[str], facets: Sequence[str],
        leads: Sequence[str], choices: tuple[Choice, ...], quoted: Iterable[Clause] = (),
    ) -> Reply:
        """Return what holds for a whole family, with the lines of one of its items."""
        sections = [s for s in (self._section(outcome, kind, True) for kind in kinds) if s]
        name = self.kb.family(outcome.family).name
        missing = [k for k in kinds_of(facets) if k not in {s["kind"] for s in sections}]
        leads = [*leads, *self._silences(name, facets, missing)]
        sections += self._quotes(quoted, sections)
        card = self._card(outcome, leads, sections, facets, choices)
        card.update(item="", reasons=[], title=name)
        return Reply(plain_text(card), card, choices)

    def by_item(
        self, outcome: Outcome, grouped: Mapping[str, Groups], facets: Sequence[str],
        leads: Sequence[str], choices: tuple[Choice, ...],
    ) -> Reply:
        """Return what the items still in question say, each line with the items it is for."""
        sections = [plain_section(kind, SECTION_TITLES[kind], [
            self._line_of(names, line) for names, one in groups for line in one.of_kind(kind)])
            for kind, groups in grouped.items()]
        card = self._card(outcome, leads, [s for s in sections if s], facets, choices)
        return Reply(plain_text(card), card, choices)

    def _line_of(self, names: str, line: DecidedLine) -> dict[str, Any]:
        row = self.line(line)
        whose = [say("if_items", items=names)] if names else []
        when = say("and").join([*whose, *([row["when"]] if row.get("when") else [])])
        return {**row, "when": when} if when else row

    def contacts(self, leads: Sequence[str] = ()) -> Reply:
        """Return counters and hotlines of the guide, for one place where its code is known."""
        data = self.guide.data
        sections = [s for s in (self.counters.offices(), self.counters.contacts()) if s]
        missing = "agency_elsewhere" if not data.contacts else "no_office_listed"
        silent = () if data.offices else (say(missing, guide=data.title), say("ask_elsewhere"))
        sections += () if sections else self.counters.general()
        card = {
            **self._head(), "status": "applies" if sections else "not_in_guide", "facet": "",
            "title": say("agency_title"),
            "lead": "\n".join((*leads, *silent)), "sections": sections,
            "reasons": [], "choices": [],
        }
        return Reply(plain_text(card), card)

    def statement(
        self, outcome: Outcome, lines: Sequence[str], failed: Sequence[Reason],
        choices: tuple[Choice, ...],
    ) -> Reply:
        """Return an answer that has only sentences: no item, or one that does not apply."""
        card = self._card(outcome, lines, [], (), choices)
        card["reasons"] = [self.reason(r) for r in failed if r.value]
        return Reply(plain_text({**card, "reasons": []}), card, choices)

    def missing(
        self, outcome: Outcome, topic: str, facet: str, leads: Sequence[str]
    ) -> Reply:
        """Return the answer to what no guide holds: leads, the clauses nearest to it, the counter.

        The counter is that of the person's own county, where it was named: there they may ask.
        """
        kinds = dict.fromkeys((*FACET_KINDS[facet], "own_office"))
        sections = [self._section(outcome, kind, True) for kind in kinds]
        card = self._card(outcome, leads, [s for s in sections if s], (facet,), ())
        card.update(status="not_in_guide", missing_topic=topic, reasons=[])
        return Reply(plain_text(card), card)

    def holds(self, outcome: Outcome, facet: str) -> bool:
        """Tell whether the guide has lines for a facet of the outcome's item."""
        return any(outcome.of_kind(kind) for kind in FACET_KINDS.get(facet, ()))

    def _head(self) -> dict[str, Any]:
        data = self.guide.data
        return {
            "type": "answer", "id": new_id(),
            "knowledge_version": self.kb.version, "region": data.region, "guide": data.title,
            "source": {"title": data.title, "edition": data.edition},
            **({"audience": self.audience} if self.audience else {}),
        }

    def _card(
        self, outcome: Outcome, leads: Sequence[str], sections: list[dict[str, Any]],
        facets: Sequence[str], choices: tuple[Choice, ...],
    ) -> dict[str, Any]:
        item = outcome.item
        name = item.name if item else self._name_without_item(outcome)
        return {
            **self._head(), "status": outcome.status, "family": outcome.family,
            "item": item.name if item else "", "facet": "、".join(facets), "title": name,
            "lead": "\n".join(leads), "sections": sections,
            "reasons": self._reasons(outcome),
            "choices": [choice.shown for choice in choices],
        }

    def _name_without_item(self, outcome: Outcome) -> str:
        if outcome.canonical:
            return outcome.canonical.label
        return self.kb.family(outcome.family).name

    def _reasons(self, outcome: Outcome) -> list[dict[str, str]]:
        """Return the deciding facts, each once, with the first clause that it met."""
        reasons = [self.reason(reason) for reason in outcome.reasons]
        return list({reason["text"]: reason for reason in reversed(reasons)}.values())[::-1]

    def reason(self, reason: Reason) -> dict[str, str]:
        """Return a deciding fact in words, with the clause that it met."""
        fact = self.kb.facts[reason.fact]
        text = say("reason", label=fact.label, value=fact.option(reason.value).label)
        return {"text": text, "citation_id": reason.clause.id, "heading": reason.clause.heading}

    def _section(self, outcome: Outcome, kind: str, asked: bool) -> dict[str, Any] | None:
        """Return the lines of a kind; notes that became lines of their own only where asked."""
        if kind == "own_office":
            return self.counters.offices(only_own=True)
        if kind == "offices":
            return self.counters.offices()
        lines = outcome.of_kind(kind)
        if kind == "contacts" and self.guide.data.contacts:
            return self.counters.contacts([self.line(line) for line in lines])
        if kind == "notes" and outcome.item:
            told = _for_others(outcome) if asked else _told_elsewhere(outcome.item)
            lines = tuple(line for line in lines if line.rule.clause.id not in told)
        rows = [self.line(line) for line in lines]
        return plain_section(kind, SECTION_TITLES[kind], rows, kind in COLLAPSED and not asked)

    def line(self, decided: DecidedLine) -> dict[str, Any]:
        """Return one line of a card; see ``message.schema.json``."""
        line, clause = decided.rule.line, decided.rule.clause
        row = {**quoted_line(line_text(decided), clause),
               "effect": line.effect, "modality": line.modality}
        condition = condition_of(self.kb.facts, decided)
        if condition:
            row["when"] = condition
        if decided.remaining is not None:
            row["undecided"] = True
        form = details(decided, row["text"])
        if form:
            row["form"] = form
        counted = self.days.of(decided) if self.days else None
        if counted:
            row["counted"] = counted
        return row

    def _silences(
        self, name: str, facets: Sequence[str], missing: Sequence[str], item: Item | None = None
    ) -> Iterator[str]:
        """Say for each facet asked about that the guide is silent on it."""
        guide = self.guide.data.title
        for facet in facets:
            kinds = FACET_KINDS.get(facet, ())
            if facet == PHONE and not self.guide.data.contacts:
                yield say("no_phone_listed", guide=guide) + say("ask_elsewhere")
            elif kinds and kinds[0] in missing and "notes" not in kinds:
                everything = all(kind in missing for kind in kinds)
                section = facet if everything else SECTION_TITLES[kinds[0]]
                empty = item is not None and _printed_empty(item, kinds[0])
                told = say("printed_empty" if empty else "not_stated", guide=guide, item=name,
                           section=section)
                yield told + (say("ask_elsewhere") if facet == PERIOD else "")


def _printed_empty(item: Item, kind: str) -> bool:
    """Tell whether the guide's table has a dash where it would state something."""
    cells = [clause for clause in item.clauses.values() if clause.kind == kind]
    return bool(cells) and all(clause.empty for clause in cells)


def _told_elsewhere(item: Item) -> set[str]:
    """Return the clauses of which other kinds of lines were made."""
    return {rule.clause.id for rule in item.rules if rule.kind != "notes"}


def _for_others(outcome: Outcome) -> set[str]:
    """Return the clauses that only ask for what does not hold for this person."""
    assert outcome.item is not None
    rules = [rule for rule in outcome.item.rules if rule.kind != "notes"]
    holding = {line.rule.clause.id for line in outcome.lines if line.rule.kind != "notes"}
    kept = holding | {rule.clause.id for rule in rules if rule.line.effect == "waive"}
    return {rule.clause.id for rule in rules} - kept


def _settled(outcome: Outcome) -> Outcome:
    """Leave out lines for other cases: a whole answer is for this person's own."""
    return replace(outcome, lines=tuple(line for line in outcome.lines if not line.other_case))


__all__ = ["Groups", "Renderer"]
