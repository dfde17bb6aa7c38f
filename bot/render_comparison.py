"""A comparison of guides as a message: each guide's own lines, side by side by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.messages import Reply, new_id
from bot.plain_text import plain_text
from bot.sections import quoted_line
from bot.wording import say
from knowledge.base import KnowledgeBase, Rule
from knowledge.compare import Comparison, Row
from knowledge.model import SECTION_TITLES


def comparison_reply(kb: KnowledgeBase, comparison: Comparison, kinds: Sequence[str]) -> Reply:
    """Return the lines of ``kinds`` guide by guide, each with its clause, and what differs."""
    data = [kb.guide(guide).data for guide in comparison.guides]
    rows = [row for row in comparison.rows if row.kind in kinds]
    sections = [s for kind in kinds for s in _sections(kb, comparison, rows, kind)]
    card = {
        "type": "answer", "id": new_id(), "status": "comparison",
        "knowledge_version": kb.version, "region": "、".join(d.region for d in data),
        "guide": "、".join(d.title for d in data),
        "source": {"title": "》《".join(d.title for d in data),
                   "edition": "；".join(d.edition for d in data)},
        "family": kb.family_of(comparison.canonical).id, "item": "", "facet": "",
        "title": say("comparison_title", item=kb.canonical(comparison.canonical).label),
        "lead": "\n".join(_leads(kb, comparison, rows, kinds)), "sections": sections,
        "reasons": [], "choices": [],
        "link": {"label": say("comparison_link"), "href": compare_address(comparison)},
    }
    return Reply(plain_text(card), card)


def compare_address(comparison: Comparison) -> str:
    """Return the path of the page that shows the whole comparison."""
    return f"/compare/{comparison.canonical}?guides={','.join(comparison.guides)}"


def _leads(
    kb: KnowledgeBase, comparison: Comparison, rows: Sequence[Row], kinds: Sequence[str]
) -> Iterator[str]:
    for guide, item in zip(comparison.guides, comparison.items):
        if item is None:
            yield say("no_such_item", guide=kb.guide(guide).data.title,
                      item=kb.canonical(comparison.canonical).label)
    differing = {row.kind for row in rows if not row.same}
    for key, wanted in (("comparison_differs", True), ("comparison_same", False)):
        names = [SECTION_TITLES[k] for k in kinds
                 if (k in differing) is wanted and any(r.kind == k for r in rows)]
        if names:
            yield say(key, kinds="、".join(names))
    for guide, item in zip(comparison.guides, comparison.items):
        silent = [SECTION_TITLES[k] for k in kinds if item and not item.of_kind(k)
                  and any(r.kind == k for r in rows)]
        if item and silent:
            yield say("not_stated", guide=kb.guide(guide).data.title, item=item.name,
                      section="、".join(silent))


def _sections(
    kb: KnowledgeBase, comparison: Comparison, rows: Sequence[Row], kind: str
) -> Iterator[dict[str, Any]]:
    for n, guide in enumerate(comparison.guides):
        lines = [_line(rule, row.only)
                 for row in rows if row.kind == kind for rule in row.cells[n]]
        if lines:
            title = f"{SECTION_TITLES[kind]} · {kb.guide(guide).data.region}"
            yield {"kind": kind, "title": title, "lines": lines, "collapsed": False}


def _line(rule: Rule, only: bool) -> dict[str, Any]:
    line = rule.line
    notes = [say("may_be_required")] if line.modality == "may_be_required" else []
    notes += [say("only_in_this_guide")] if only else []
    row = {**quoted_line(rule.text, rule.clause), "effect": line.effect, "modality": line.modality}
    if line.when_text:
        row["when"] = line.when_text
    if notes:
        row["form"] = " · ".join(notes)
    return row


__all__ = ["compare_address", "comparison_reply"]
