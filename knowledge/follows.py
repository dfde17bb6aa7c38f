"""What is shown has to follow from the clause: wording, names, figures, form, modality, case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from knowledge.base import Clause, Item, Rule
from knowledge.catalog import Fact, Option
from knowledge.conditions import Condition, Has, Is, Not, atoms
from knowledge.mirror import Problem
from knowledge.model import Line, Part
from knowledge.text import squeeze

_MAY = "可要求"
_NUMERALS = "0-9一二三四五六七八九十"
_CHINESE_FIGURES = {2: "两", 1: "一", 3: "三", 5: "五"}
_FIGURES_OF_CASE = re.compile(
    "(?:[0-9]+|[一二两三四五六七八九十半百]+)(?:个?月|个?工作日|年|周?岁|人|天|日|元|%)")


_COMMON = re.compile("人员|参保|办理|转移|材料|提供")
"""Words that tell no option from another."""


def check_rule(rule: Rule, file: str) -> Iterator[Problem]:
    """Tell what a line shows that its clause does not say."""
    key = f"lines.{rule.kind}.{rule.line.id or rule.line.clause}"
    for problem in _problems(rule, squeeze(rule.clause.text)):
        yield Problem(file, key, problem)


def _problems(rule: Rule, wording: str) -> Iterator[str]:
    line = rule.line
    for quoted in _quoted(line):
        if squeeze(quoted) not in wording:
            yield f"「{quoted}」 does not stand in clause {rule.clause.id}"
    if (line.modality == "may_be_required") != (_MAY in wording) and rule.kind == "materials":
        yield f"modality {line.modality} against the clause's wording"
    if line.form and line.form.original and "原件" not in wording:
        yield "the clause asks for no original"
    for amount, unit in _figures(line):
        if not re.search(_figure(amount) + re.escape(squeeze(unit)), wording):
            yield f"{amount}{unit} does not stand in clause {rule.clause.id}"


def _quoted(line: Line) -> Iterator[str]:
    yield from filter(None, (line.text, line.when_text))
    yield from (w for part in parts_of(line.parts) for w in (part.text, part.name) if w)
    if line.deadline:
        yield from (line.deadline.start, *line.deadline.except_for)
    if line.form and line.form.stamp:
        yield line.form.stamp


def parts_of(part: Part | None) -> Iterator[Part]:
    """Yield a part and everything below it."""
    if part:
        yield part
        for child in part.children:
            yield from parts_of(child)


def _figures(line: Line) -> Iterator[tuple[int, str]]:
    if line.deadline:
        yield line.deadline.amount, line.deadline.unit
    if line.form and line.form.copies:
        yield line.form.copies, "份"


def _figure(amount: int) -> str:
    return f"(?<![0-9])({amount}|{_CHINESE_FIGURES.get(amount, amount)}|壹)个?"


def check_names(item: Item) -> Iterator[Problem]:
    """Tell where name, number or code of an item are not those that the guide prints."""
    file, data = f"{item.guide}/{item.id}.yml", item.data
    printed = {kind: squeeze(clause.text) for kind, clause in item.clauses.items()}
    headings = [squeeze(section.heading) for section in data.text.values()]
    places = [*headings, printed.get("name", "")]
    for part in filter(None, re.split("[()/、]", squeeze(data.name))):
        if not any(part in place for place in places):
            yield Problem(file, "name", f"「{part}」 is not printed as a name of this item")
    for key, value in (("number", data.number), ("code", data.code)):
        own = [printed[key]] if key in printed else headings
        whole = re.compile(f"{re.escape(squeeze(value))}(?![{_NUMERALS}])")
        if value and not any(whole.match(place) for place in own):
            yield Problem(file, key, f"{value!r} is not printed for this item")


def check_figures_of_cases(item: Item, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    """Tell where a condition speaks of a figure (半年以上, 50人以上) that its clause does not."""
    for clause, condition in _conditions(item):
        for figure in _FIGURES_OF_CASE.findall(squeeze("".join(_labels(condition, facts)))):
            if figure not in squeeze(clause.text):
                yield Problem(f"{item.guide}/{item.id}.yml", clause.id,
                              f"a condition speaks of {figure}, the clause does not")


def check_options(item: Item, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    """Tell where the guide's words for a case speak of another option than the condition does."""
    for rule in item.rules:
        words = _plain(rule.line.when_text)
        stated = stated_options(rule.line.when, facts) if words and rule.line.when else {}
        spoken = {name: {o.value: _shared(words, o) for o in facts[name].options}
                  for name in stated}
        meant = max((spoken[name][v] for name, chosen in stated.items() for v in chosen), default=0)
        for name, chosen in stated.items():
            other = max(spoken[name], key=spoken[name].__getitem__)
            if spoken[name][other] > max(meant, 1):
                yield Problem(f"{item.guide}/{item.id}.yml", f"lines.{rule.kind}.{rule.line.id}",
                              f"「{rule.line.when_text}」 is {other}, not {sorted(chosen)}")


def stated_options(condition: Condition, facts: Mapping[str, Fact]) -> dict[str, set[str]]:
    """Return for each fact of a condition the options for which it may hold."""
    stated: dict[str, set[str]] = {}
    for atom, holds in _signed(condition, True):
        values = {atom.option} if isinstance(atom, Has) else set(atom.values)
        known = {o.value for o in facts[atom.fact].options} if atom.fact in facts else set()
        if known:
            stated.setdefault(atom.fact, set()).update(values & known if holds else known - values)
    return stated


def _signed(condition: Condition, holds: bool) -> Iterator[tuple[Is | Has, bool]]:
    if isinstance(condition, (Is, Has)):
        yield condition, holds
    elif isinstance(condition, Not):
        yield from _signed(condition.term, not holds)
    else:
        for term in condition.terms:
            yield from _signed(term, holds)


def _shared(words: str, option: Option) -> int:
    """Return the length of the longest run of signs that an option has in common with words."""
    phrases = map(_plain, (option.value, option.label, option.condition, *option.everyday))
    return max(SequenceMatcher(None, words, phrase, autojunk=False).find_longest_match().size
               for phrase in phrases)


def _plain(words: str) -> str:
    return _COMMON.sub("", re.sub("未能|无法|没有", "不能", squeeze(words)))


def _conditions(item: Item) -> Iterator[tuple[Clause, Condition]]:
    if item.data.applies and item.data.applies.when:
        yield item.clauses[item.data.applies.clause], item.data.applies.when
    yield from ((rule.clause, rule.line.when) for rule in item.rules if rule.line.when)
    yield from ((item.clauses[bar.clause], bar.when) for bar in item.data.barred)


def _labels(condition: Condition, facts: Mapping[str, Fact]) -> Iterator[str]:
    for atom in atoms(condition):
        values = {atom.option} if isinstance(atom, Has) else atom.values
        options = facts[atom.fact].options if atom.fact in facts else ()
        yield from (option.condition for option in options if option.value in values)


__all__ = [
    "check_figures_of_cases", "check_names", "check_options", "check_rule", "parts_of",
    "stated_options",
]
