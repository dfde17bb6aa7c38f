"""A family's flow in words: the questions, the answers, and what each leads to.

What is drawn in the docs and what stands on the reference pages is made from the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.lines import condition_of, details, line_text
from bot.wording import say, wording
from knowledge.flow import Ask, Branch, End, Flow, Lines, Shown, flow, for_everybody
from knowledge.model import SECTION_TITLES
from knowledge.store import Clause, Item, KnowledgeBase, shown


@dataclass(frozen=True)
class Note:
    """A line that not everybody gets, with the clause it comes from."""

    text: str
    clause: Clause = field(compare=False)


@dataclass(frozen=True)
class Result:
    """What is got at a point: ``status`` and ``item`` are '' behind a question about lines.

    ``title`` is the item's name, or says that there is none; ``item`` is the guide's item id.
    ``notes`` are what differs from other ends with the same item; ``steps`` are asked next, each
    for itself.
    """

    status: str = ""
    label: str = ""
    title: str = ""
    item: str = ""
    because: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Step:
    """A question, the clauses that depend on it, and (answer, what follows) pairs."""

    question: str
    multiple: bool
    why: tuple[Clause, ...] = field(compare=False)
    answers: tuple[tuple[str, Step | Result], ...] = ()


def flow_in_words(kb: KnowledgeBase, guide: str, family: str) -> Step | Result:
    """Return the flow of a family in a guide, in words.

    Raises:
        UnknownId: guide or family are not in the knowledge base.
    """
    graph = flow(kb, guide, family)
    return _Words(kb, guide, for_everybody(graph)).of(graph)


class _Words:
    """Puts one flow into words; ``common`` are lines by item that need no mention."""

    def __init__(
        self, kb: KnowledgeBase, guide: str, common: Mapping[str, frozenset[Shown]]
    ) -> None:
        self.kb, self.guide, self.common = kb, kb.guide(guide), common

    def of(self, graph: Flow, item: Item | None = None) -> Step | Result:
        """Return what stands at a point of the flow; ``item`` is the one already arrived at."""
        if isinstance(graph, Ask):
            return self._step(graph, item)
        if isinstance(graph, End):
            return self._end(graph)
        behind = self._behind(graph, item)
        # An answer that only leads to one more question needs no stop in between.
        return behind.steps[0] if len(behind.steps) == 1 and not behind.notes else behind

    def _step(self, asked: Ask, item: Item | None) -> Step:
        fact = self.kb.facts[asked.fact]
        answers = [(self._answer(asked.fact, branch), self.of(branch.then, item))
                   for branch in asked.branches]
        if fact.multiple:
            answers = _without_empty_rests(answers)
        why = tuple(map(self.kb.clause, asked.why))
        return Step(fact.asked_of(say("somebody")), fact.multiple, why, tuple(answers))

    def _answer(self, fact: str, branch: Branch) -> str:
        option = self.kb.facts[fact].option
        if branch.values:
            return wording()["flow_or"].join(option(value).label for value in branch.values)
        chosen = [say("flow_chosen", label=option(value).label) for value in branch.chosen]
        left = [say("flow_left_out", label=option(value).label) for value in branch.left_out]
        return wording()["and"].join((*chosen, *left))

    def _end(self, end: End) -> Result:
        item = self.guide.items.get(end.item)
        clauses = map(self.kb.clause, end.because)
        because = tuple(Note(shown(clause.text), clause) for clause in clauses)
        known = {"status": end.status, "label": wording()["flow_status"][end.status],
                 "title": self._title(end, item), "item": end.item, "because": because}
        if item is None or not end.then.lines:
            return Result(**known)
        told_apart = [line for line in end.then.lines if line not in self.common[end.item]]
        behind = self._behind(Lines(tuple(told_apart), end.then.blocks), item)
        return Result(**known, notes=behind.notes, steps=behind.steps)

    def _title(self, end: End, item: Item | None) -> str:
        if item:
            return item.name
        if end.lacking:
            return say("flow_lacking", item=self.kb.canonical(end.lacking).label)
        return say("flow_none")

    def _behind(self, lines: Lines, item: Item | None) -> Result:
        assert item is not None
        notes = tuple(self._notes(lines.lines, item))
        steps = tuple(self._step(block, item) for block in lines.blocks)
        return Result(notes=notes, steps=steps)

    def _notes(self, lines: Sequence[Shown], item: Item) -> Iterator[Note]:
        for line in lines:
            decided = line.of(item)
            text, rule = line_text(decided), decided.rule
            form = details(decided, text)
            told = text + (say("flow_form", form=form) if form else "")
            lead = self._lead(rule.kind, rule.line.effect)
            condition = condition_of(self.kb.facts, decided) if line.remaining else ""
            yield Note(say("flow_note", condition=f"{condition}，" if condition else "",
                           lead=lead, text=told), rule.clause)

    def _lead(self, kind: str, effect: str) -> str:
        if kind != "materials":
            return SECTION_TITLES[kind]
        return wording()["flow_only" if effect == "replace_all" else "flow_also"]


def _without_empty_rests(answers: list[tuple[str, Step | Result]]) -> list:
    """Of several options, not choosing one needs a mention only where it leads to something."""
    nothing = Result()
    kept = [pair for pair in answers if pair[1] != nothing]
    return kept if len(kept) == len(answers) else [*kept, (say("none_of_these"), nothing)]


__all__ = ["Note", "Result", "Step", "flow_in_words"]
