"""Contradictions in and between guides, each explained in ``lint.yml`` or open."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Extra

from knowledge.base import Guide, Item, KnowledgeBase
from knowledge.compare import Row, compare
from knowledge.conditions import Condition
from knowledge.contradictions import ONLINE, forms_of, limits_of, one_form, within_guide
from knowledge.errors import DataError
from knowledge.finding import Finding
from knowledge.follows import stated_options
from knowledge.store import ROOT, read_yaml
from knowledge.text import squeeze

_NAME = re.compile(r"[《》\s,，。;；]")


class Explanation(BaseModel):
    """Why findings are as they are and what is shown; see the header of ``lint.yml``."""

    explanation: str
    findings: tuple[str, ...]

    class Config:
        extra = Extra.forbid
        frozen = True


@dataclass(frozen=True)
class Report:
    """Every finding; explanations by finding id; explained ids that are found no more."""

    findings: tuple[Finding, ...]
    explained: Mapping[str, str]
    stale: tuple[str, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nobody has explained."""
        return tuple(f for f in self.findings if f.id not in self.explained)


def lint(kb: KnowledgeBase, root: Path = ROOT) -> Report:
    """Return the contradictions of all guides, with the explanations of ``root``/lint.yml.

    Raises:
        DataError: the explanations break their shape, or explain a finding twice.
    """
    findings = tuple(dict.fromkeys(_findings(kb)))
    explained = _explanations(root / "lint.yml")
    there = {finding.id for finding in findings}
    return Report(findings, explained, tuple(sorted(set(explained) - there)))


def _explanations(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in map(Explanation.parse_obj, read_yaml(path) or ()):
        for finding in row.findings:
            if finding in found or not row.explanation.strip():
                raise DataError(path.name, finding, "explained twice or with nothing")
            found[finding] = row.explanation
    return found


def _findings(kb: KnowledgeBase) -> Iterator[Finding]:
    for guide in kb.guides.values():
        yield from within_guide(kb, guide)
        province = _province_of(kb, guide)
        if province:
            yield from _against(kb, guide, province)
    yield from _same_words(kb)


def _province_of(kb: KnowledgeBase, guide: Guide) -> Guide | None:
    """Return the guide of the province that a city's guide lies in, if there is one."""
    whole = guide.data.code[:2] + "0000"
    return next((g for g in kb.guides.values() if g is not guide and g.data.code == whole), None)


def _against(kb: KnowledgeBase, city: Guide, province: Guide) -> Iterator[Finding]:
    """Yield what a city says otherwise than its province about the same item."""
    offline: dict[str, None] = {}
    for canonical in dict.fromkeys(c for item in city.items.values() for c in item.canonical):
        own, other = kb.item(city.id, canonical), kb.item(province.id, canonical)
        if own is None or other is None:
            continue
        for rule, text in (*_limits(own, other), *_forms(own, other)):
            yield Finding.of(own, f"省/{rule}", text)
        rows = compare(kb, canonical, (city.id, province.id)).differences
        papers = [text for row in rows for text in _materials(row)]
        if papers:
            yield Finding.about(city.id, f"{own.id}/省/材料", f"{own.name}：{'；'.join(papers)}")
        if ONLINE.search(_all(other, "channels")) and not ONLINE.search(_all(own, "channels")):
            offline[own.name] = None
    if offline:
        yield Finding.about(city.id, "省/线上",
                            f"省的指南写了线上渠道，市的指南没有写：{'、'.join(offline)}")


def _all(item: Item, kind: str) -> str:
    return "。".join(squeeze(rule.text) for rule in item.of_kind(kind))


def _limits(own: Item, other: Item) -> Iterator[tuple[str, str]]:
    for kind, title in (("time_limits", "时限"), ("deadlines", "申请期限"), ("fee", "收费")):
        city, province = _all(own, kind), _all(other, kind)
        if kind != "fee":
            city, province = "、".join(limits_of(city)), "、".join(limits_of(province))
        if city != province and (kind == "deadlines" or city and province):
            said = f"{city or '没写'}~{province or '没写'}"
            yield (f"{title}/{said}",
                   f"{title}：市的指南是{city or '没写'}，省的指南是{province or '没写'}")


def _forms(own: Item, other: Item) -> Iterator[tuple[str, str]]:
    here, there = forms_of(own), forms_of(other)
    for city in (name for name in here if name not in there):
        for province in (name for name in there if name not in here):
            if one_form(city, province):
                yield (f"表格名称/{city}~{province}",
                       f"市的指南叫《{city}》，省的指南叫《{province}》，像是同一份表格")


def _materials(row: Row) -> Iterator[str]:
    """Tell of a paper that only one of the two asks for, or that they word differently."""
    if row.kind != "materials":
        return
    city, province = ("、".join(rule.text for rule in cell) for cell in row.cells)
    modality = {rule.line.modality for cell in row.cells for rule in cell}
    if not province:
        yield f"只有市的指南要“{city}”"
    elif not city:
        yield f"只有省的指南要“{province}”"
    elif len(modality) > 1:
        yield f"“{city}”，一边是应提供，一边是可要求提供"
    elif _NAME.sub("", city) != _NAME.sub("", province):
        yield f"市的指南写“{city}”，省的指南写“{province}”"


def _same_words(kb: KnowledgeBase) -> Iterator[Finding]:
    """The same words for a case, decided by different facts in two places."""
    decided: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for guide in kb.guides.values():
        for item in guide.items.values():
            for rule in item.rules:
                if rule.line.when_text:
                    where = f"{guide.data.short}{item.name}"
                    way = _way(kb, rule.line.when)
                    decided[squeeze(rule.line.when_text)][way].append(where)
    for words, ways in decided.items():
        if len(ways) > 1:
            said = "；".join(f"{way}：{'、'.join(dict.fromkeys(where))}"
                            for way, where in sorted(ways.items()))
            yield Finding(f"情形/{words}/{'~'.join(sorted(ways))}", "",
                          f"“{words}”在不同地方由不同的情况决定（{said}）")


def _way(kb: KnowledgeBase, condition: Condition | None) -> str:
    """Return in a few words what a condition depends on: labels of facts and their options."""
    stated = stated_options(condition, kb.facts) if condition else {}
    return "，".join(f"{kb.facts[name].label}={'/'.join(sorted(options))}"
                    for name, options in sorted(stated.items())) or "不问"


__all__ = ["Explanation", "Report", "lint"]
