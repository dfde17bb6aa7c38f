"""What ``yibao kb check`` prints."""

from __future__ import annotations

from pathlib import Path

from knowledge.store import load
from knowledge.verify import Coverage, check_guides, check_references


def check(guides: Path | None) -> bool:
    """Print problems and coverage of the knowledge base; return whether all is well."""
    kb = load()
    problems = check_references(kb)
    coverage: list[Coverage] = []
    if guides:
        found, coverage = check_guides(kb, guides)
        problems += found
    for problem in problems:
        print(problem)
    items = sum(len(guide.items) for guide in kb.guides.values())
    print(f"{len(kb.guides)} 份指南，{items} 个事项，知识版本 {kb.version}：{len(problems)} 处问题")
    for figure in coverage:
        print(_coverage(figure))
    return not problems


def _coverage(figure: Coverage) -> str:
    accounted = figure.quoted + figure.headings + figure.excluded
    share = accounted / figure.characters if figure.characters else 1.0
    return (f"{figure.guide}: 已收录段落 {figure.characters} 字，逐字核对 {share:.1%}"
            f"（条文 {figure.quoted}，标题 {figure.headings}，排除 {figure.excluded}）")


__all__ = ["check"]
