"""The ten difficult rows of the design, said to the assistant: question by question to the end.

The cases are those of ``tests/cases`` that bear a ``row``; the engine is held to them in
``tests/knowledge/test_cases.py``, the conversation here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.store import load
from knowledge.text import squeeze

pytestmark = pytest.mark.asyncio

CASES = Path(__file__).parents[1] / "cases"
MOST_QUESTIONS = 8
DONT_KNOW = "不知道"
KB = load()


def cases() -> list[Any]:
    """Return the cases with a row whose outcome a conversation can reach by what it is asked."""
    found = []
    for path in sorted(CASES.glob("*/*.yml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            facts = case.get("facts", {})
            asked = all(not KB.facts[name].unknowable for name in facts)
            if "row" in case and "outcome" in case and asked:
                found.append(pytest.param(path.parent.name, path.stem, case,
                                          id=f"{path.parent.name}/{path.stem}: {case['case']}"))
    return found


def opening(guide: str, item: str, case: Mapping[str, Any]) -> str:
    """Return a first message: place, item, and what nobody is asked (更改备案)."""
    own = KB.guide(guide).items.get(item)
    name = own.name.split("/")[0] if own else KB.canonical(item).label
    said = [KB.facts[fact].option(value).label for fact, value in case["facts"].items()
            if KB.facts[fact].default and value != KB.facts[fact].default]
    return "，".join([f"{KB.guide(guide).data.region}{name}", *said, "要带什么材料"])


async def answered(conversation: Any, case: Mapping[str, Any]) -> None:
    """Answer what is asked from the facts of the case, by pressing buttons, to the end."""
    for _ in range(MOST_QUESTIONS):
        card = next((c for c in conversation.cards if c["type"] == "question"), None)
        if card is None:
            return
        fact = next(f for f in KB.facts.values() if f.question.split("{who}")[-1] in card["text"])
        value = case["facts"].get(fact.name, DONT_KNOW)
        if value == DONT_KNOW:
            await conversation.press("不清楚")
        elif isinstance(value, list):
            labels = [fact.option(v).label for v in value]
            offered = {c["label"] for c in conversation.choices}
            await conversation.press(*([x for x in labels if x in offered] or ["都不是"]))
        else:
            await conversation.press(fact.option(value).label)


def shown(conversation: Any) -> str:
    return squeeze(conversation.text)


@pytest.mark.parametrize(("guide", "item", "case"), cases())
async def test_the_conversation_ends_with_what_the_guide_says(new_conversation, guide, item, case):
    conversation = new_conversation()
    await conversation.say(opening(guide, item, case))
    if any(c["label"] == "按我的情况列清单" for c in conversation.choices):
        await conversation.press("按我的情况列清单")
    await answered(conversation, case)
    wanted = case["outcome"]
    for kind in ("materials", "time_limits", "deadlines", "conditional"):
        assert [w for w in wanted.get(kind, ()) if squeeze(w) not in shown(conversation)] == []
    assert [w for w in wanted.get("include", ()) if squeeze(w) not in shown(conversation)] == []
    if wanted.get("no_item"):
        assert f"里没有“{wanted['no_item']}”" in conversation.text
    if wanted.get("status") == "not_applicable":
        assert "不适用" in conversation.text or "不符合" in conversation.text


def test_every_row_is_played() -> None:
    rows = [param.values[2]["row"] for param in cases()]
    assert {r for row in rows for r in (row if isinstance(row, list) else [row])} >= {
        1, 2, 3, 4, 5, 6, 7, 9, 10}
