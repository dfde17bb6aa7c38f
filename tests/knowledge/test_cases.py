"""The specification: what each guide says to whom, case by case (``tests/cases/<guide>``).

A case has a sentence (``case``), what is known (``facts``, values as in ``knowledge/facts``; a
list for what can be several; 不知道 for what the person cannot tell), the item where the person
named one (``named``) and either the next question (``asks``) or the ``outcome``. Only what a
case states is compared, except that a stated list of ``materials`` is the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.conditions import ALWAYS, Value
from knowledge.engine import UNKNOWN, DecidedLine, Outcome, Question, decide
from knowledge.model import SECTION_TITLES, Part
from knowledge.store import load
from knowledge.text import squeeze

CASES = Path(__file__).parents[1] / "cases"
GUIDES = ("fujian", "guangdong", "hubei", "jiangmen", "meizhou")
ROWS = set(range(1, 11))
"""Rows of the design's section 3."""


@lru_cache(maxsize=1)
def every_case() -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Return (guide, item, case) of every case there is."""
    return tuple(
        (path.parent.name, path.stem, case)
        for path in sorted(CASES.glob("*/*.yml"))
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    )


def facts_of(case: Mapping[str, Any]) -> dict[str, Value]:
    """Return the facts of a case, with what naming the item implies."""
    implied = load().canonical(named(case)).implies if named(case) else {}
    return {**implied, **{name: value_of(name, value) for name, value in case["facts"].items()}}


def value_of(name: str, value: str | list[str]) -> Value:
    options = {option.value for option in load().facts[name].options}
    said = {value} if isinstance(value, str) else set(value)
    assert said <= options | {UNKNOWN}, f"{name}: {said - options}"
    return value if isinstance(value, str) else {option: option in said for option in options}


def named(case: Mapping[str, Any]) -> str:
    item = load().canonical_by_label(case["named"]) if "named" in case else None
    return item.id if item else ""


def wording(line: DecidedLine) -> str:
    """Return what a person reads: the line without the parts that another one stands in for."""
    parts = line.rule.line.parts
    if not line.dropped or parts is None:
        return squeeze(line.rule.text)
    return squeeze("、".join(p.text or p.name for p in parts.children if p.id not in line.dropped))


def shown(outcome: Outcome, kind: str) -> list[DecidedLine]:
    return [line for line in outcome.of_kind(kind) if not line.other_case]


def holding(outcome: Outcome, kind: str) -> list[str]:
    return [wording(line) for line in shown(outcome, kind) if line.remaining is None]


def still_open(outcome: Outcome) -> list[str]:
    return [wording(line) for line in shown(outcome, "materials") if line.remaining is not None]


def may_be_required(outcome: Outcome) -> list[str]:
    return [wording(line) for line in shown(outcome, "materials")
            if line.rule.line.modality == "may_be_required"]


def structure(part: Part | None) -> Any:
    """Return a part as the cases write it: a name, or ``{any|all|as_applicable: [...]}``."""
    if part is None or not part.children:
        return part and part.name
    how = "any" if part.any else "all" if part.all else "as_applicable"
    return {how: [structure(child) for child in part.children]}


def structures(outcome: Outcome) -> dict[str, Any]:
    return {wording(line): structure(line.rule.line.parts) for line in shown(outcome, "materials")}


def forms(outcome: Outcome) -> dict[str, Any]:
    return {wording(line): line.rule.line.form.dict(exclude_defaults=True)
            for line in shown(outcome, "materials") if line.rule.line.form}


def counted(outcome: Outcome) -> list[dict[str, Any]]:
    """Return how the deadlines of the outcome are counted."""
    deadlines = [line.rule.line.deadline for line in shown(outcome, "deadlines")]
    return [{"within": f"{d.amount}{d.unit}", "from": d.start,
             **({"except": list(d.except_for)} if d.except_for else {})} for d in deadlines if d]


def printed_at(outcome: Outcome) -> str:
    files = load().guide(outcome.guide).files
    return "".join(sorted({files[line.rule.clause.item].printed_at
                           for line in shown(outcome, "notes")}))


VIEWS: dict[str, Callable[[Outcome], Any]] = {
    "status": lambda outcome: outcome.status,
    "item": lambda outcome: outcome.item.name if outcome.item else None,
    "no_item": lambda outcome: outcome.canonical.label if outcome.canonical else None,
    "conditional": still_open,
    "may_be_required": may_be_required,
    "counted": counted,
    "failed": lambda outcome: {reason.fact: reason.value for reason in outcome.failed},
    "because": lambda outcome: sorted({squeeze(r.clause.text) for r in outcome.failed}),
    "decided_by": lambda outcome: {reason.fact: reason.value for reason in outcome.reasons},
    "instead": lambda outcome: [item.name for item in outcome.instead],
    "unsure": lambda outcome: "".join(squeeze(clause.text) for clause in outcome.unsure),
    **{kind: lambda outcome, kind=kind: holding(outcome, kind) for kind in SECTION_TITLES},
}


def found(outcome: Outcome, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the outcome says on everything that the case states."""
    papers = "".join(holding(outcome, "materials"))
    everywhere = papers + "".join(still_open(outcome)) + "".join(holding(outcome, "deadlines"))
    special: dict[str, Callable[[Any], Any]] = {
        "parts": lambda wanted: {k: v for k, v in structures(outcome).items() if k in wanted},
        "forms": lambda wanted: {k: v for k, v in forms(outcome).items() if k in wanted},
        "include": lambda wanted: [w for w in wanted if w in papers],
        "absent": lambda wanted: [w for w in wanted if w not in everywhere],
        "printed_at": lambda wanted: wanted if wanted in printed_at(outcome) else "",
    }
    return {key: special[key](wanted) if key in special else VIEWS[key](outcome)
            for key, wanted in expected.items()}


def expectation(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Return the expected outcome in the form used for comparison."""
    whole = {"conditional": [], "may_be_required": []} if "materials" in outcome else {}
    return same_form({**whole, **outcome})


def same_form(value: Any) -> Any:
    if isinstance(value, str):
        return squeeze(value)
    if isinstance(value, Mapping):
        return {same_form(key): same_form(entry) for key, entry in value.items()}
    return [same_form(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("guide", "item", "case"),
    [pytest.param(g, i, c, id=f"{g}/{i}: {c['case']}") for g, i, c in every_case()],
)
def test_the_guide_says(guide: str, item: str, case: dict[str, Any]) -> None:
    kb = load()
    own = kb.guide(guide).items.get(item)
    family = kb.family_of(own.canonical[0] if own else item)
    decision = decide(kb, guide, family.id, facts_of(case), named(case))
    if "asks" in case:
        assert isinstance(decision, Question), decision
        assert decision.fact.name == case["asks"]["fact"]
        assert [option.value for option in decision.options] == case["asks"]["offers"]
        assert decision.why, "a question has to say which clauses depend on it"
    else:
        assert isinstance(decision, Outcome), f"asks {decision.fact.name}"
        expected = expectation(case["outcome"])
        assert same_form(found(decision, expected)) == expected


@pytest.mark.parametrize("guide", GUIDES)
def test_every_item_of_a_guide_has_its_cases(guide: str) -> None:
    """Where papers depend on the person, three at least; one where nothing does."""
    lacking = {
        item.id: count for item in load().guide(guide).items.values()
        if (count := sum((g, i) == (guide, item.id) for g, i, _ in every_case()))
        < (3 if any(rule.condition != ALWAYS for rule in item.of_kind("materials")) else 1)
    }
    assert lacking == {}


def test_each_difficult_row_of_the_design_has_a_case() -> None:
    rows = [case["row"] for _, _, case in every_case() if "row" in case]
    assert {r for row in rows for r in (row if isinstance(row, list) else [row])} == ROWS


def test_every_case_is_a_sentence_of_its_own() -> None:
    sentences = [(guide, item, case["case"]) for guide, item, case in every_case()]
    assert len(sentences) == len(set(sentences))
