"""What ``yibao kb import`` and ``yibao kb measure-import`` print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.paths import state_folder
from knowledge.importer.importing import REPORT, Imported, import_guide, save
from knowledge.importer.measure import FIELDS, PRINTED, Measured, Score, measure, total
from knowledge.model import SECTION_TITLES
from knowledge.store import load

_TITLES = {**SECTION_TITLES, "names": "事项名称", "canonical": "对应的规范事项",
           "conditional": "有条件的材料", "choices": "材料中的选择", "deadlines": "申请期限"}


def import_file(file: Path, region: str, out: Path | None) -> bool:
    """Draft the files of the guide in ``file``; print what was read and what is to be looked at.

    Returns whether the drafts hold the whole text, character by character.

    Raises:
        BadInput: the file cannot be read, or a draft of this guide is there already (Chinese).
    """
    imported = import_guide(file, region)
    folder = save(imported, out or state_folder() / "drafts")
    print(imported.report)
    print(_summary(imported))
    print(f"草稿：{folder}　待核清单：{folder / REPORT}")
    return imported.whole


def _summary(imported: Imported) -> str:
    whole = "逐字核对一致" if imported.whole else "逐字核对有出入，请把原文件和草稿一并交给开发人员"
    return (f"{imported.draft.guide.title or imported.region}：{len(imported.draft.items)} 个事项，"
            f"{len(imported.files)} 个文件，{whole}；待核 {imported.unclear} 处")


def measure_import(guides: Path) -> None:
    """Import every curated guide afresh from its text and print how close the drafts come."""
    kb = load()
    measured = [measure(guide, guides / f"{guide.id}.txt") for guide in kb.guides.values()
                if (guides / f"{guide.id}.txt").is_file()]
    for each in measured:
        print(_table(each))
    sums = total(measured)
    print("\n全部指南合计\n" + _rows(sums, {}))


def _table(measured: Measured) -> str:
    lines = [f"\n{measured.guide}：{measured.items} 个事项，待核 {measured.unclear} 处"]
    lines += [f"  没有读出：{name}" for name in measured.missing]
    lines += [f"  多出：{name}" for name in measured.extra]
    return "\n".join([*lines, _rows(measured.scores, measured.whole)])


def _rows(scores: Mapping[str, Score], whole: Mapping[str, Score]) -> str:
    rows = ["  栏目            准确率  召回率   对/草稿/核定      按整条：准确率  召回率"]
    for field in FIELDS:
        score = scores[field]
        if not score.drafted and not score.curated:
            continue
        row = (f"  {_padded(_TITLES[field])}{score.precision:6.3f}  {score.recall:6.3f}   "
               f"{score.right}/{score.drafted}/{score.curated}")
        strict = whole.get(field) if field in PRINTED else None
        rows.append(f"{row:<46}{strict.precision:14.3f}  {strict.recall:6.3f}" if strict else row)
    return "\n".join(rows)


def _padded(title: str) -> str:
    return title + " " * max(1, 16 - 2 * len(title))


__all__ = ["import_file", "measure_import"]
