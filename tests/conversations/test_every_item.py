"""Every item of every guide answers every facet asked about it by name, from its own clauses."""

from __future__ import annotations

import pytest

from knowledge.store import load
from knowledge.text import squeeze

pytestmark = pytest.mark.asyncio

ASKED = {
    "materials": "要带什么材料",
    "time_limits": "要多久办好",
    "channels": "在哪里办理",
    "steps": "办理流程是怎样的",
    "audience": "哪些人可以办",
    "basis": "设定依据是什么",
    "fee": "收费吗",
}
KB = load()
ITEMS = [item for guide in KB.guides.values() for item in guide.items.values()]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.guide}-{item.id}")
@pytest.mark.parametrize("kind", ASKED)
async def test_an_item_answers_what_is_asked_about_it(new_conversation, item, kind):
    conversation = new_conversation()
    region = KB.guide(item.guide).data.region
    await conversation.say(f"{region}{item.name.split('/')[-1]}{ASKED[kind]}")
    said = squeeze(conversation.text)
    for rule in item.of_kind(kind):
        conditional = "care_type" in str(rule.condition) and rule.line.when is not None
        assert conditional or squeeze(rule.text) in said, rule.text
    if not item.of_kind(kind):
        assert "没有写明" in conversation.text
