"""The plain version of an answer card, complete for channels that show only text."""

from __future__ import annotations

from typing import Any

from bot.paths import site_address
from bot.wording import say


def plain_text(card: dict[str, Any]) -> str:
    """Return an answer card as text, section by section, each line with its clause."""
    blocks = [say("title", region=card["region"], item=card["title"]), card["lead"]]
    item = card.get("item", "")
    blocks += [_section_text(section, card["facet"], item) for section in card["sections"]]
    if card["reasons"]:
        reasons = "；".join(dict.fromkeys(reason["text"] for reason in card["reasons"]))
        blocks.append(f"{say('decided_by')}：{reasons}")
    blocks.append(say("source", guide=card["source"]["title"], edition=card["source"]["edition"]))
    if card.get("link") and site_address():
        blocks.append(f"{card['link']['label']}：{site_address()}{card['link']['href']}")
    labels = [choice["label"] for choice in card["choices"]]
    if labels:
        numbered = "　".join(f"{n}. {label}" for n, label in enumerate(labels, start=1))
        blocks.append(say("next_choices", choices=numbered))
    return "\n".join(block for block in blocks if block)


def _section_text(section: dict[str, Any], facet: str, item: str) -> str:
    if section["kind"] == "basis" and not facet:
        return say("basis_short", title=section["title"], count=len(section["lines"]))
    if section["kind"] == "offices" and section["collapsed"] and item:
        return say("offices_short", title=section["title"], count=len(section["lines"]))
    firm = [line for line in section["lines"] if not line.get("when")]
    open_lines = [line for line in section["lines"] if line.get("when")]
    rows = [f"{section['title']}："]
    rows += [f"{n}. {_row(line)}" for n, line in enumerate(firm, start=1)]
    if firm and open_lines:
        rows.append(f"{say('conditional_heading')}：")
    rows += [f"· {line['when']}：{_row(line)}" for line in open_lines]
    return "\n".join(rows)


def _row(line: dict[str, Any]) -> str:
    details = f"（{line['form']}）" if line.get("form") else ""
    counted = f"\n　{line['counted']['note']}" if line.get("counted") else ""
    return f"{line['text']}{details}{say('clause', heading=line['heading'])}{counted}"


__all__ = ["plain_text"]
