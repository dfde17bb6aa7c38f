"""The wording of one paper: choices in it (或, 、…等, 任选其一) and its form (原件, 份, 章)."""

from __future__ import annotations

import re

from knowledge.importer.vocabulary import vocabulary
from knowledge.model import Form, Part
from knowledge.numerals import number

_FIGURE = r"[\d一二两三四五壹]"
_FORM_ASIDE = re.compile(rf"[（(][^（()）]*(?:原件|复印件|章|{_FIGURE}份|扫描件)[^（()）]*[）)]")
_ANY_ASIDE = re.compile(r"^(?P<one>[^（()）或]{2,20})[（(]或(?P<rest>[^（()）]+)[）)]$")
_CHOICE_ASIDE = re.compile(r"^[^（()）]{2,30}[（(](?P<rest>[^（()）]*或[^（()）]*)[）)]$")
_PICK = re.compile(r"^(?P<few>[^（()）]+?)[（(]?(?:任选其一|任选一|任一|之一|其中之一)[）)]?"
                   r"(?:即可)?(?:或者?(?P<else>.+))?$")
_SUCH_AS = re.compile(r"^(?P<few>[^（()）等]+、[^（()）等]+)等(?P<rest>[^、]*)$")
_SUCH_LIKE = re.compile("等(?:其他|相关|有关)(?:资料|材料|证明材料)$")
_ALTOGETHER = re.compile("[，,](?:以上|上述)?[二两三四五]?者?(?=任选|任一|之一)")
_LEAD = re.compile("^(?:需|应|须)?(?:提供|提交|出具|携带|填写)")
_COPIES = re.compile("(?:一式)?(?P<n>\\d{1,2}|[一二两三四五壹])个?份")
_STAMP = re.compile("(?:加?盖)(?:有|具)?(?P<stamp>[^，。；、（()）]{0,12}?章)")
_FILL_IN = re.compile(
    "填写|(?:申请表|登记表|备案表|申报表|变更表|承诺书|申请书|审批表|汇总表)[》”\"]?$")
_TAIL = re.compile("(?:的)?(?:原件及复印件|原件和复印件|原件、复印件|原件|复印件|扫描件)?"
                   rf"(?:{_FIGURE}{{1,2}}份)?$")
_LONGEST_CHOICE = 32


def form_of(wording: str) -> Form | None:
    """Return how a paper has to look, or None where the wording says nothing of it."""
    copies = _COPIES.search(wording)
    stamp = _STAMP.search(wording)
    form = Form(
        original="原件" in wording,
        copies=_figure(copies["n"]) if copies else 0,
        stamp=stamp["stamp"] if stamp else "",
        fill_in=bool(_FILL_IN.search(_FORM_ASIDE.sub("", wording))),
    )
    return form if form != Form() else None


def _figure(text: str) -> int:
    return number(text.replace("壹", "一"))


def parts_of(wording: str) -> Part | None:
    """Return the alternatives or components of a paper, or None where it is a single one."""
    core = _LEAD.sub("", _FORM_ASIDE.sub("", wording).strip("，, "))
    aside = _CHOICE_ASIDE.match(core)
    if _ANY_ASIDE.match(core):
        found = _ANY_ASIDE.match(core)
        return _all_named("any", [found["one"], *re.split("或者?|、", found["rest"])])  # type: ignore[index]
    if aside:
        return parts_of(aside["rest"].replace("，或", "或").replace(",或", "或"))
    core = _ALTOGETHER.sub("", core)
    if any(c in core for c in "，。；;：:"):
        return None
    picked, such = _PICK.match(core), _SUCH_AS.match(core)
    if picked:
        return _picked(picked["few"], picked["else"] or "")
    if such and "或" not in core:
        return _all_named("as_applicable", such["few"].split("、"))
    core = _SUCH_LIKE.sub("", core)
    return _all_named("any", re.split("或者?", core)) if "或" in core else None


def _picked(few: str, otherwise: str) -> Part | None:
    names = re.split("、|或者?", few)
    if not _are_papers(names):
        return None
    if not otherwise:
        return Part.parse_obj({"any": names})
    return Part.parse_obj({"any": [{"text": few, "any": names}, {"name": otherwise}]})


def _all_named(how: str, names: list[str]) -> Part | None:
    cleaned = [name.strip("，, “”\"") for name in names]
    if len(cleaned) < 2 or not _are_papers(cleaned):
        return None
    return Part.parse_obj({how: cleaned})


def _are_papers(names: list[str]) -> bool:
    """Tell whether each of several wordings is the name of a paper."""
    cores = [_TAIL.sub("", name.strip()).rstrip("》”\"）)") for name in names]
    return len(names) > 1 and all(
        1 < len(core) <= _LONGEST_CHOICE and core.endswith(vocabulary().papers)
        and not re.match("[的及和、]", core) for core in cores)


__all__ = ["form_of", "parts_of"]
