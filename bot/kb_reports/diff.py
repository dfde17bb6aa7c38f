"""What ``yibao kb diff`` prints: what changes for citizens, and what depends on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.journal.database import Database
from bot.kb_reports.sources import both_sides
from bot.paths import PROJECT
from bot.settings import Settings
from knowledge.base import Guide, Rule
from knowledge.diff import LOOSER, NEUTRAL, STRICTER, Change, ItemChange, diff, wordings_gone
from knowledge.errors import SetupError
from knowledge.model import SECTION_TITLES
from knowledge.store import load, read_yaml
from knowledge.text import squeeze

CASES = PROJECT / "tests" / "cases"
_EFFECTS = {STRICTER: "更严", LOOSER: "更宽", NEUTRAL: "请人工判断"}


def report(old: str, new: str, only: str = "") -> str:
    """Return the report on two editions.

    Args:
        old, new: a guide as text, DOCX or PDF; a folder of knowledge or of one guide; or a git
            revision.
        only: id of the guide to compare; '' for all that both sides hold.

    Raises:
        SetupError: nothing can be compared (no guide in common).
    """
    pairs = _pairs(*both_sides(old, new, only), only)
    return "\n\n".join("\n".join(_of_guide(before, after)) for before, after in pairs)


def _pairs(
    old: Mapping[str, Guide], new: Mapping[str, Guide], only: str
) -> list[tuple[Guide, Guide]]:
    if len(old) == len(new) == 1:
        return [(*old.values(), *new.values())]
    common = [g for g in new if g in old and only in ("", g)]
    if not common:
        sides = f"旧：{'、'.join(old)}；新：{'、'.join(new)}"
        raise SetupError(f"两边没有可以对照的同一份指南（{sides}）。请用 --guide 指明是哪一份。")
    return [(old[g], new[g]) for g in common]


def _of_guide(old: Guide, new: Guide) -> Iterator[str]:
    changes = diff(old, new)
    effects = Counter(c.effect for item in changes for c in item.changes)
    counts = "，".join(f"{name} {effects[key]} 处" for key, name in _EFFECTS.items())
    yield f"{new.data.title or new.id}：{len(changes)} 个事项有变化（{counts}）"
    for item in changes:
        yield from _of_item(item)
    yield from _of_numbers(old, new)
    yield from _affected(old.id, changes)


def _of_numbers(old: Guide, new: Guide) -> Iterator[str]:
    """Yield the counters and hotlines that are gone, and those that are new."""
    before, after = _numbers(old), _numbers(new)
    for title, lines, others in (("不再有", before, after), ("新的", after, before)):
        yield from (f"网点和电话 {title}：{line}" for line in lines if line not in others)


def _numbers(guide: Guide) -> list[str]:
    counters = [f"{o.name} {squeeze(o.address)} {'、'.join(o.phones)}" for o in guide.data.offices]
    return counters + [f"{c.name} {c.phone}" for c in guide.data.contacts]


def _of_item(item: ItemChange) -> Iterator[str]:
    if item.old is None or item.new is None:
        yield f"■ {item.name}：{'新增的事项' if item.old is None else '已取消的事项'}"
        return
    yield f"■ {item.name}" + (f"（原名：{item.old.name}）" if item.renamed else "")
    yield from (f"  {_line(change)}" for change in item.changes)
    for label, facts in (("今后要多问", item.questions_new), ("今后不再问", item.questions_gone)):
        if facts:
            yield f"  {label}：{'、'.join(_fact_label(fact) for fact in facts)}"


def _fact_label(fact: str) -> str:
    known = load().facts.get(fact)
    return known.label if known else fact


def _line(change: Change) -> str:
    kind, effect = SECTION_TITLES[change.kind], _EFFECTS[change.effect]
    if change.old is None and change.new is not None:
        return f"{kind} 增加（{effect}）：{_said(change.new)}"
    if change.new is None and change.old is not None:
        return f"{kind} 删除（{effect}）：{_said(change.old)}"
    assert change.old and change.new
    return f"{kind} 改动（{effect}）：{_said(change.old)} → {_said(change.new)}"


def _said(rule: Rule) -> str:
    when = f"{rule.line.when_text}：" if rule.line.when_text else ""
    return f"{when}{rule.text}〔{rule.clause.heading}〕"


def _affected(guide: str, changes: Iterable[ItemChange]) -> Iterator[str]:
    changes = tuple(changes)
    cases = tuple(affected_cases(CASES / guide, changes))
    if cases:
        yield f"受影响的规格用例 {len(cases)} 条："
        yield from (f"  {path.relative_to(PROJECT).as_posix()}：{case}" for path, case in cases)
    stored = stored_answers(Database(Settings.from_environment().log_address), guide, changes)
    if stored:
        total = sum(stored.values())
        yield f"已经给出的清单 {total} 份（保留当时的版本，条文仍按当时的版本显示）："
        yield from (f"  {item}（版本 {version}）：{n} 份" for (item, version), n in stored.items())


def affected_cases(
    folder: Path, changes: Iterable[ItemChange]
) -> Iterator[tuple[Path, str]]:
    """Yield (file, case) of the specification cases that state what no longer stands."""
    changes = tuple(changes)
    gone = [squeeze(wording) for wording in wordings_gone(changes)]
    for item in (change.old for change in changes if change.old):
        path = folder / f"{item.id}.yml"
        for case in read_yaml(path) if path.is_file() else ():
            stated = [squeeze(text) for text in _texts(case.get("outcome", {}))]
            if any(wording in text for wording in gone for text in stated):
                yield path, case["case"]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield str(key)
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)


def stored_answers(
    database: Database, guide: str, changes: Iterable[ItemChange]
) -> Mapping[tuple[str, str], int]:
    """Return how many answers were given about changed items, by item and version."""
    if not database.exists:
        return {}
    names = {change.old.name for change in changes if change.old}
    try:
        return Counter(given for given in database.answered(guide) if given[0] in names)
    finally:
        database.close()


__all__ = ["affected_cases", "report", "stored_answers"]
