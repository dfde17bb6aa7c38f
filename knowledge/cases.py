"""For whom a line holds: what a clause says in front of its demand has to be the line's condition.

A guide asks for papers in one form of sentence: a case, a verb, the papers (意外伤害就医的 应提供
出入院记录). The case has to stand in the ``when_text`` of the lines made from the papers, and a
``when`` has to decide it, unless ``unasked.yml`` says why nobody is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.base import Clause, Item, Rule
from knowledge.conditions import atoms
from knowledge.mirror import Problem
from knowledge.store import ROOT, read_yaml
from knowledge.text import squeeze

_DEMAND = re.compile(
    "(?:还|另行|可要求|可|应当?|只?需要?|要|必?须)*(?:提供|提交|填写|出示)(?![的,。;)或]|材料不|$)|只需")
_HAS_TO = re.compile("[需应要须]")
_WAIVED = re.compile("(?:无需|不需要?|免|不再|相互|一次性)$")
_SENTENCE = re.compile("[。;]")
_PHRASE = re.compile("[,:()。;]")
_EVERYBODY = re.compile(
    "(?:由)?(?:申[请办]人|参保人员?|办理人|用人单位|单位|职工|待遇享受人|救助对象|提供)?")
"""Subjects of a demand that are no case: it is meant for whoever the item is for."""
_CANNOT = re.compile("(?:无法|未能|不能)提供")
_CONNECTING = re.compile(r"[可提供替代还需应的或及和等0-9]|\W")
"""What may be left of a demand once lines have taken its papers."""
_PARTS_OF_A_LIST = re.compile("主件|附件")
_NUMBER = re.compile(r"\s*(\d+)[.．、]")
_OPENS_WITH_CASE = re.compile("(?:[^。;]{3,90}?的|[^。;,]{3,}时|[如若][^。;,]{3,}),")
_CITIZENS_DEADLINE = re.compile(
    "(?:[0-9]个?(?:年|月|日|工作日)内|之前)[^。;]*向[^。;]*机构|自[^。;]*起可(?:办理|申请)")


@dataclass(frozen=True)
class Demand:
    """A demand for papers within a squeezed clause: its case ('' for everybody) and its place."""

    case: str
    start: int
    end: int


def demands(wording: str) -> list[Demand]:
    """Return the demands of a squeezed clause in their order."""
    found = []
    for verb in _DEMAND.finditer(wording):
        before = wording[: verb.start()]
        if not _WAIVED.search(before):
            found.append(Demand(_case(before), verb.start(), verb.end()))
    return found


def _case(before: str) -> str:
    sentence = re.sub(r"[,:(\-0-9.]*$", "", _SENTENCE.split(before)[-1])
    phrase = _PHRASE.split(sentence)[-1]
    return "" if _EVERYBODY.fullmatch(phrase) else phrase


def check_cases(item: Item) -> Iterator[Problem]:
    """Tell which lines hold for more people than their clauses say, and which are not there."""
    file = f"{item.guide}/{item.id}.yml"
    for rule in item.rules:
        key = f"lines.{rule.kind}.{rule.line.id or rule.line.clause}"
        for problem in (*_unasked(rule), *_check_demands(rule)):
            yield Problem(file, key, problem)
    checks = (_check_stand_ins, _check_whole, _check_demanded, _check_deadlines,
              _check_told_apart, _check_subjects, _check_alternatives, _check_order,
              _check_own_kind)
    for problem in (problem for check in checks for problem in check(item)):
        yield Problem(file, "lines", problem)


def _unasked(rule: Rule) -> Iterator[str]:
    line = rule.line
    if line.when_text and line.when is None and not _is_unasked(line.when_text):
        yield f"「{line.when_text}」 without a condition, and not in unasked.yml"
    if line.effect != "add" and line.when is None:
        yield f"{line.effect} in every case"


def _check_demands(rule: Rule) -> Iterator[str]:
    if rule.kind != "materials":
        return
    wording, shown = squeeze(rule.clause.text), squeeze(rule.line.text)
    start = wording.find(shown)
    end = start + len(shown) if shown else len(wording)
    for demand in _governing(demands(wording), wording, start, end):
        told = squeeze(rule.line.when_text)
        decided = rule.line.when is not None or _is_unasked(demand.case)
        inside = start <= demand.start < end
        said = inside or (told and (told in demand.case or demand.case in told))
        if wording[demand.start : demand.end] == "只需" and rule.line.effect != "replace_all":
            yield "the clause says 只需, but the line stands in place of nothing"
        if demand.case and not (decided and said):
            yield f"holds for everybody, but the clause says 「{demand.case}」"


def _governing(
    found: Sequence[Demand], wording: str, start: int, end: int
) -> Iterator[Demand]:
    """Yield the demand whose papers begin at ``start``, and those within the shown wording."""
    before = [d for d in found if d.end <= start and _reaches(wording[d.end : start])]
    yield from before[-1:]
    yield from (d for d in found if start <= d.start < end)


def _reaches(between: str) -> bool:
    """Tell whether a demand still holds after these words: not past a stop or an open bracket."""
    return not _SENTENCE.search(between) and between.count("(") <= between.count(")")


def _check_stand_ins(item: Item) -> Iterator[str]:
    """What stands in for a paper that cannot be given is not asked for beside the paper."""
    materials = item.of_kind("materials")
    for rule in materials:
        if not _CANNOT.search(squeeze(rule.line.when_text)) or rule.line.when is None:
            continue
        facts = {atom.fact for atom in atoms(rule.line.when)}
        others = [c for r in materials if r is not rule
                  for c in (r.condition, *r.part_conditions.values())]
        if not facts & {atom.fact for c in others for atom in atoms(c)}:
            yield f"「{rule.text}」 stands in for nothing"


def _check_whole(item: Item) -> Iterator[str]:
    """No half of a clause on materials, and no note that asks for papers, is without its line."""
    materials = _lines_by_clause(item, "materials")
    for clause, lines in materials.items():
        wording = squeeze(clause.text)
        shown = _shown(wording, lines)
        left = "".join(word for at, word in enumerate(wording) if at not in shown)
        if clause.kind == "materials" and _CONNECTING.sub("", left):
            yield f"no line shows 「{left}」 of {clause.id}"
    for rule in item.of_kind("notes"):
        if rule.clause not in materials and _asks(rule.clause):
            yield f"{rule.clause.id} asks for papers, but no material cites it"


def _asks(clause: Clause) -> bool:
    wording = squeeze(clause.text)
    return any(d.case.endswith("的") or _HAS_TO.search(wording[d.start : d.end])
               for d in demands(wording))


def _check_demanded(item: Item) -> Iterator[str]:
    """The papers that a note demands are shown, each by some line."""
    for clause, lines in _lines_by_clause(item, "materials").items():
        wording = squeeze(clause.text)
        if clause.kind == "materials":
            continue
        shown = _shown(wording, lines)
        for demand in demands(wording):
            papers = _PHRASE.split(wording[demand.end :])[0]
            places = range(demand.end, demand.end + len(papers))
            left = "".join(wording[at] for at in places if at not in shown)
            if len(_CONNECTING.sub("", left)) > 1:
                yield f"no line shows 「{left}」 of {clause.id}"


def _shown(wording: str, lines: Sequence[Rule]) -> set[int]:
    shown: set[int] = set()
    for rule in lines:
        for part in (rule.line.text, rule.line.when_text) if rule.line.text else (wording,):
            at = wording.find(squeeze(part)) if part else -1
            shown |= set(range(at, at + len(squeeze(part)))) if at >= 0 else set()
    return shown


def _check_deadlines(item: Item) -> Iterator[str]:
    """A last day for the citizen is a deadline, not only a note."""
    stated = _lines_by_clause(item, "deadlines")
    for clause in item.clauses.values():
        if _CITIZENS_DEADLINE.search(squeeze(clause.text)) and clause not in stated:
            yield f"{clause.id} sets a last day, but no deadline cites it"


def _check_subjects(item: Item) -> Iterator[str]:
    """What stands in front of a deadline says for whom it is."""
    for rule in item.of_kind("deadlines"):
        wording, told = squeeze(rule.clause.text), squeeze(rule.line.when_text)
        before = wording[: max(wording.find(squeeze(rule.line.text)), 0)]
        case = _case(before) if before else ""
        decided = rule.line.when is not None and told and (told in before or case in told)
        if case and not decided and not _is_unasked(case):
            yield f"{rule.line.id} holds for everybody, but the clause says 「{case}」"


def _check_alternatives(item: Item) -> Iterator[str]:
    """Of several limits, lists of papers, or lines with the same words each says when it holds."""
    limits = item.of_kind("time_limits")
    if any(rule.line.when for rule in limits):
        yield from (f"{r.clause.id} holds beside another limit" for r in limits if not r.line.when)
    materials, several = item.of_kind("materials"), _has_several_lists(item)
    shown = Counter(squeeze(rule.text) for rule in materials)
    for rule in materials:
        alone = shown[squeeze(rule.text)] == 1 and not (several and rule.clause.kind == "materials")
        if not alone and not rule.line.when:
            yield f"{rule.clause.id} is one of several lists or asked for twice"


def _has_several_lists(item: Item) -> bool:
    """Tell whether numbers of the materials begin anew, or several headings stand among them."""
    own = {local: c for local, c in item.clauses.items() if c.kind == "materials"}
    numbers = [int(m[1]) for clause in own.values() if (m := _NUMBER.match(clause.printed))]
    anew = any(after <= before for before, after in zip(numbers, numbers[1:]))
    groups = [c for local, c in own.items() if local in item.data.silent]
    return anew or sum(not _PARTS_OF_A_LIST.match(c.text) for c in groups) > 1


def _check_order(item: Item) -> Iterator[str]:
    """Behind a case nothing in the clause is for everybody."""
    for clause, lines in _lines_by_clause(item, "materials").items():
        wording = squeeze(clause.text)
        starts = [wording.find(squeeze(r.line.when_text)) for r in lines if r.line.when_text]
        for rule in lines:
            always = rule.line.text and not rule.line.when and not rule.line.when_text
            if always and wording.find(squeeze(rule.line.text)) > min(starts, default=len(wording)):
                yield f"「{rule.text}」 holds for everybody, but stands behind a case"


def _check_own_kind(item: Item) -> Iterator[str]:
    """Papers are shown as papers, and a kind that is named has lines."""
    cited = {rule.clause for rule in item.of_kind("materials")}
    for local, clause in item.clauses.items():
        empty = clause.empty or local in item.data.silent
        if clause.kind == "materials" and clause not in cited and not empty:
            yield f"{clause.id} is not among the materials"
    yield from (f"{kind} has no lines" for kind, lines in item.data.lines.items() if not lines)


def _check_told_apart(item: Item) -> Iterator[str]:
    """Among lines of which some hold in a case only, none that begins with a case is always."""
    elsewhere = {*_lines_by_clause(item, "materials"), *_lines_by_clause(item, "deadlines")}
    for kind in set(item.data.lines) - {"materials", "deadlines"}:
        rules = item.of_kind(kind)
        for rule in rules if any(r.line.when for r in rules) else ():
            case = _OPENS_WITH_CASE.match(squeeze(rule.text))
            always = case and not rule.line.when and rule.clause not in elsewhere
            if always and not _is_unasked(case[0]):
                yield f"{rule.clause.id} holds for everybody, but says 「{case[0]}」"


def _lines_by_clause(item: Item, kind: str) -> Mapping[Clause, list[Rule]]:
    found: dict[Clause, list[Rule]] = {}
    for rule in item.of_kind(kind):
        found.setdefault(rule.clause, []).append(rule)
    return found


def _is_unasked(words: str) -> bool:
    return any(squeeze(case) in squeeze(words) for case in unasked())


@lru_cache(maxsize=1)
def unasked() -> Mapping[str, str]:
    """Return the cases that no question decides, each with the reason."""
    return {row["case"]: row["reason"] for row in read_yaml(ROOT / "unasked.yml")}


__all__ = ["Demand", "check_cases", "demands", "unasked"]
