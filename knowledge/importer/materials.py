"""Reading a clause on materials: who has to bring what, in which form, what may stand for what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.catalog import Fact
from knowledge.importer.circumstances import condition_for
from knowledge.importer.marks import mark
from knowledge.importer.papers import form_of, parts_of
from knowledge.importer.tokens import CELL_GAP
from knowledge.model import Line as Rule
from knowledge.text import squeeze

MAY = "可要求"
_CANNOT = "(?<!无法)(?<!未能)(?<!不能)(?<!无需)(?<!不需)(?<!不再)(?<!未)(?<!相互)"
_GIVE = "(?:补充)?(?:提供|提交|填写|出具|携带|出示)"
_ASK = re.compile(
    rf"(?P<when>.*?)(?P<verb>(?:还|另行|可要求|可|应当?|只?需要?|要|必?须)+){_CANNOT}{_GIVE}"
    r"(?P<paper>.+)|(?P<case>.*?)(?P<only>只需)(?P<rest>.+)", re.DOTALL)
_GIVEN = re.compile(rf"(?P<when>(?:.*?的[，,]?)?)(?P<verb>){_CANNOT}{_GIVE}(?P<paper>.+)"
                    r"(?P<only>)(?P<case>)(?P<rest>)", re.DOTALL)
_ASKS = re.compile(rf"只需|(?:需要?|应当?|须|要求|另行|还要|要|可|的[，,]?){_CANNOT}{_GIVE}")
_ASIDE = re.compile(r"^(?P<main>[^（()）]+)[（(](?P<aside>[^（()）]*(?:需|应|须)[^（()）]*)[）)]$")
_LONGEST_WHEN = 60


@dataclass(frozen=True)
class _Demand:
    """A paper that a clause asks for in a case: 急诊需提供急诊诊断证明."""

    when: str
    paper: str
    only: bool


def material_lines(
    clause: str, text: str, facts: Sequence[Fact], plain: bool = False
) -> tuple[list[Rule], str]:
    """Return the lines of a clause under 办理材料, and what a person should look at ('' nothing).

    Args:
        clause: the clause's id in its file.
        text: its wording, with its number.
        facts: facts that conditions may use.
        plain: show the clause as it is, as structure drafted before did not hold.
    """
    if CELL_GAP in text:
        return [_of_row(clause, text)], ""
    wording = _wording(text)
    if not wording.strip("—- ―－"):
        return [], ""
    if plain:
        return [_line(clause, "", text)], "这一条没能拆开，请核对条件和材料"
    aside = _ASIDE.match(wording)
    demands = _demands(aside["aside"]) if aside else []
    if aside and demands:
        main = Rule(clause=clause, text=aside["main"], modality=_modality(text),
                    parts=parts_of(aside["main"]), form=form_of(aside["main"]))
        return [main, *_conditional(clause, demands, facts, text)], _case_doubt(demands)
    demands = _demands(wording)
    if any(d.when for d in demands):
        return _conditional(clause, demands, facts, text), _case_doubt(demands)
    return [_line(clause, wording, text)], _doubt(wording)


def note_lines(
    clause: str, text: str, facts: Sequence[Fact], plain: bool = False
) -> tuple[list[Rule], str]:
    """Return the materials that a note asks for; none for a note that asks for none."""
    wording = _wording(text)
    if not _ASKS.search(squeeze(wording)):
        return [], ""
    demands = [] if plain else _demands(wording, strict=False)
    if not demands:
        return [_line(clause, "", text)], "备注要求提供材料，请核对是什么情形、什么材料"
    return _conditional(clause, demands, facts, text), _case_doubt(demands)


def _of_row(clause: str, text: str) -> Rule:
    """Return the line of a row of a table of materials: its first words name the paper."""
    cells = [cell for cell in text.split(CELL_GAP) if cell.strip() and not cell.strip().isdigit()]
    return Rule(clause=clause, modality=_modality(text), form=form_of(text),
                parts=parts_of(cells[0]) if cells else None)


def _wording(text: str) -> str:
    return text[mark(text).end :].strip().rstrip("。；;. ")


def _line(clause: str, wording: str, text: str) -> Rule:
    return Rule(clause=clause, modality=_modality(text), form=form_of(wording),
                parts=parts_of(wording))


def _modality(text: str) -> str:
    return "may_be_required" if MAY in squeeze(text) else "required"


def _demands(wording: str, strict: bool = True) -> list[_Demand]:
    """Return what a clause asks for; [] where a part of it (strict) or all of it is unclear."""
    found = [_demand(part) for part in _sentences(wording)]
    demands = [demand for demand in found if demand]
    return [] if strict and len(demands) < len(found) else demands


def _sentences(wording: str) -> list[str]:
    """Part a clause where one demand ends: at stops, and at a comma after which the next begins."""
    parts: list[str] = []
    for sentence in re.split("[；;。]", wording):
        run = ""
        for phrase in re.split("(?<=[，,])", sentence):
            if re.search(_GIVE, run) and _demand(run) and _opens_case(phrase):
                parts.append(run)
                run = ""
            run += phrase
        parts.append(run)
    return [part for part in parts if part.strip()]


def _opens_case(phrase: str) -> bool:
    return bool(_ASKS.search(phrase) or phrase.rstrip("，, ").endswith("的"))


def _demand(part: str) -> _Demand | None:
    found = _ASK.fullmatch(part.strip("，, ")) or _GIVEN.fullmatch(part.strip("，, "))
    if not found:
        return None
    when = (found["when"] if found["when"] is not None else found["case"]).strip("，, （(")
    paper = (found["paper"] or found["rest"]).strip("，,：: ")
    if len(re.findall("[)）]", paper)) > len(re.findall("[(（]", paper)):
        paper = paper.rstrip("）)")
    plainly = bool(found["verb"] or found["only"]) or when.endswith("的") or not when
    if len(when) > _LONGEST_WHEN or not plainly:
        return None
    return _Demand(when, paper, bool(found["only"]) or "只需" in (found["verb"] or ""))


def _conditional(
    clause: str, demands: Sequence[_Demand], facts: Sequence[Fact], text: str
) -> list[Rule]:
    lines = []
    for demand in demands:
        when = condition_for(demand.when, facts)
        effect = "replace_all" if demand.only and when else "add"
        lines.append(Rule(
            clause=clause, text=demand.paper, when_text=demand.when, when=when, effect=effect,
            modality=_modality(text), parts=parts_of(demand.paper), form=form_of(demand.paper)))
    return lines


def _case_doubt(demands: Sequence[_Demand]) -> str:
    cases = "、".join(f"「{d.when or '（未写明情形）'}」" for d in demands)
    return f"有条件的材料：{cases}，请核对条件（when）"


def _doubt(wording: str) -> str:
    unread = re.search("[或/]|任选|任一|之一", wording) and parts_of(wording) is None
    if unread:
        return "材料有几种选择，没能拆开，请核对"
    if re.search("[；;].|详见|按照|根据.{2,20}(协议|规定|规程)", wording) and len(wording) > 20:
        return "这一条不是单一材料，请核对"
    return ""


__all__ = ["MAY", "material_lines", "note_lines"]
