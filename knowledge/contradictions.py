"""What a guide says twice and differently: places, limits, papers, numbers, names of forms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from rapidfuzz import fuzz

from knowledge.base import Guide, Item, KnowledgeBase
from knowledge.finding import Finding
from knowledge.text import squeeze

PLACES = {
    "经办机构": re.compile("经办机构|经办窗口|经办服务|服务大厅|政务服务(?:中心|窗口)"),
    "定点医疗机构": re.compile("定点医(?:疗机构|院)"),
    "基层服务点": re.compile("乡镇|街道|村|社区|基层"),
}
"""Whose counter a clause speaks of."""
ONLINE = re.compile("网上|线上|网厅|APP|小程序|公众号|粤省事|掌上")
_GO_TO = re.compile("(?:到|在|向|由)([^,。;:]{2,24}?)(?:申请|办理|提出|提交)")
_LIMIT = re.compile("即时(?!受理)|当[日天场]|([0-9]+)个?(工作日|自然日|天|日|个?月|年)")
_HEADING_NUMBER = re.compile(r"[0-9/]+(?:\.[0-9]+)+")
_FORM = re.compile("《([^《》]*?(?:表|书|卡|证明))》")
_FORM_TO_FILL = re.compile("填[写报]《?([^,。;《》]{2,30}?(?:表|书))")
_BARE_FORM = re.compile("[一-鿿]{2,24}?(?:表|申请卡)")
_ORDINARY = re.compile(
    "基本医疗保险|医疗保险|医疗保障|医保|[一-鿿]{2}[省市]|参保|人员|登记|申请|申报|异地|就医")
"""Words that come and go in the name of one and the same form."""
AT_ONCE = "即时"
_TELLING = re.compile(
    "变更|注销|转移|支取|生育|转诊|转外|单位|职工|居民|灵活就业|批量|续期|减员|承诺|证明")
"""Words that make two forms of what else would be one."""
SAME_FORM = 78.0
"""Similarity (0–100) from which two names seem to be one form's."""


def within_guide(kb: KnowledgeBase, guide: Guide) -> Iterator[Finding]:
    """Yield what a guide contradicts itself in."""
    for item in guide.items.values():
        for check in (_places, _days, _papers):
            yield from (Finding.of(item, rule, text) for rule, text in check(item))
    yield from _forms(kb, guide)
    yield from _twice(guide)
    yield from _phones(guide)


def _text(item: Item, *kinds: str) -> str:
    """Return what is printed under the headings of these kinds, wherever it is shown."""
    return "。".join(squeeze(c.text) for c in item.clauses.values() if c.kind in kinds)


def places_of(text: str) -> set[str]:
    """Return whose counters a squeezed text speaks of."""
    return {name for name, words in PLACES.items() if words.search(text)}


def _places(item: Item) -> Iterator[tuple[str, str]]:
    """办理方式 names one place, the steps or notes send people to another."""
    offered = places_of(_text(item, "channels"))
    named = places_of("。".join(_GO_TO.findall(_text(item, "steps", "notes"))))
    extra = sorted(named - offered - {"基层服务点"})
    if offered and extra:
        yield (f"地点/{'、'.join(extra)}",
               f"办理渠道写的是{'、'.join(sorted(offered))}，办理流程或备注又写到{'、'.join(extra)}办理")


def limits_of(text: str) -> tuple[str, ...]:
    """Return the limits of a squeezed text, each once: ``("即时", "20工作日")``."""
    found = (m[1] + m[2] if m[1] else AT_ONCE for m in _LIMIT.finditer(text))
    return tuple(sorted(set(found)))


def _days(item: Item) -> Iterator[tuple[str, str]]:
    """The steps or notes allow more days than the limit, or settle at once what has days."""
    stated = limits_of(_text(item, "time_limits"))
    sentences = re.split("[。;]", _text(item, "steps", "notes"))
    other = limits_of("。".join(s for s in sentences if not _CITIZENS.search(s)))
    beyond = [one for one in other if one not in stated and _days_of(one) > _longest(stated)]
    beyond += [one for one in other if one not in stated and one == AT_ONCE]
    if stated and beyond:
        yield (f"时限/{'、'.join(stated)}/{'、'.join(beyond)}",
               f"办理时限写的是{'、'.join(stated)}，办理流程或备注写的是{'、'.join(beyond)}")


def _longest(limits: Sequence[str]) -> int:
    return max(map(_days_of, limits), default=0)


def _days_of(limit: str) -> int:
    """Return a limit in days, good enough for telling which of two is longer."""
    figure = re.match("[0-9]+", limit)
    size = {"年": 365, "月": 30}.get(limit[-1], 1)
    return int(figure[0]) * size if figure else 0


_CITIZENS = re.compile("[0-9]个?(?:年|月|日|工作日)内[^。;]*向[^。;]*机构")
"""A sentence about the citizen's last day, which is no limit of the agency."""


def _papers(item: Item) -> Iterator[tuple[str, str]]:
    """The steps ask to fill in a form that is not among the materials."""
    steps = _text(item, "steps", "notes")
    materials = "。".join(squeeze(rule.text) for rule in item.of_kind("materials"))
    for form in dict.fromkeys(_FORM_TO_FILL.findall(steps)):
        if fuzz.partial_ratio(form, materials) < SAME_FORM:
            yield f"材料/{form}", f"办理流程或备注要填写《{form}》，办理材料里没有"


def forms_of(item: Item) -> tuple[str, ...]:
    """Return the names of forms that an item's clauses speak of, each once."""
    quoted = _FORM.findall(_text(item, "materials", "steps", "notes", "channels"))
    bare = [name for rule in item.of_kind("materials")
            for name in _BARE_FORM.findall(squeeze(rule.text)) if rule.line.form]
    return tuple(dict.fromkeys((*quoted, *bare)))


def _forms(kb: KnowledgeBase, guide: Guide) -> Iterator[Finding]:
    """Two names in one family that seem to be one form's."""
    by_family: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in guide.items.values():
        for name in forms_of(item):
            by_family[kb.family_of(item.canonical[0]).id][name].append(item.name)
    for names in by_family.values():
        for one, other in combinations(sorted(names), 2):
            if one_form(one, other):
                yield Finding(f"{guide.id}/表格名称/{one}~{other}", guide.id,
                              f"《{one}》（{'、'.join(names[one])}）和"
                              f"《{other}》（{'、'.join(names[other])}）像是同一份表格")


def one_form(one: str, other: str) -> bool:
    """Tell whether two different names seem to stand for one form."""
    if set(_TELLING.findall(one)) != set(_TELLING.findall(other)):
        return False
    first, second = _ORDINARY.sub("", one), _ORDINARY.sub("", other)
    general = one.endswith(other) or other.endswith(one)
    return one != other and (general or fuzz.ratio(first, second) >= SAME_FORM)


def _twice(guide: Guide) -> Iterator[Finding]:
    """Two items bear the same number or code, or two headings of an item the same number."""
    for key in ("number", "code"):
        named: dict[str, set[str]] = defaultdict(set)
        for item in guide.items.values():
            named[getattr(item.data, key)].add(item.name)
        for value, names in named.items():
            if value and len(names) > 1:
                yield Finding(f"{guide.id}/编号/{value}", guide.id,
                              f"{'、'.join(sorted(names))}用的是同一个编号 {value}")
    for item in guide.items.values():
        numbers = Counter(m[0] for section in item.data.text.values()
                          if (m := _HEADING_NUMBER.match(squeeze(section.heading))))
        for value in (value for value, times in numbers.items() if times > 1):
            yield Finding.of(item, f"标题编号/{value}", f"编号 {value} 用了不止一次")


def _phones(guide: Guide) -> Iterator[Finding]:
    """A number without area code that stands alone cannot be dialled from elsewhere."""
    stated: list[tuple[str, Sequence[str]]] = [(o.name, o.phones) for o in guide.data.offices]
    stated += [(c.name, (c.phone,)) for c in guide.data.contacts]
    for name, phones in stated:
        if phones and re.fullmatch("[2-8][0-9]{6,7}", phones[0]):
            yield Finding(f"{guide.id}/电话/{phones[0]}", guide.id,
                          f"{name} {phones[0]} 没有区号")


__all__ = [
    "AT_ONCE", "ONLINE", "PLACES", "SAME_FORM", "forms_of", "limits_of", "one_form", "places_of",
    "within_guide",
]
