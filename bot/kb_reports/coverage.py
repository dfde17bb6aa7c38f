"""What ``yibao kb coverage`` prints, and its pages."""

from __future__ import annotations

from pathlib import Path

from bot.kb_reports.coverage_page import write_pages
from knowledge.coverage import EXCLUDED, GAP, HEADING, QUOTED, Account, accounts, exclusion_reasons
from knowledge.store import load
from knowledge.verify import check_references


def coverage(guides: Path, html: Path | None) -> bool:
    """Print what every guide in ``guides`` consists of, and write its pages into ``html``.

    Returns whether every character and every clause is accounted for.
    """
    kb = load()
    found, problems = accounts(kb, guides)
    problems += check_references(kb)
    for problem in problems:
        print(problem)
    for account in found:
        print(summary(account))
    print(f"{len(found)} 份指南：{len(problems)} 处问题")
    if html:
        write_pages(kb, found, problems, html)
        print(f"网页：{html / 'index.html'}")
    return not problems


def summary(account: Account) -> str:
    """Return one line: the characters of a guide by what they are."""
    reasons = exclusion_reasons()
    excluded = "，".join(
        f"{reasons[name].label if name in reasons else name} {account.size(EXCLUDED, name)}"
        for name in account.reasons)
    return (f"{account.guide.data.title}：共 {len(account.origins)} 字 = "
            f"条文 {account.size(QUOTED)} + 标题 {account.size(HEADING)} + "
            f"排除 {account.size(EXCLUDED)}{f'（{excluded}）' if excluded else ''} + "
            f"未收录 {account.size(GAP)}")


__all__ = ["coverage", "summary"]
