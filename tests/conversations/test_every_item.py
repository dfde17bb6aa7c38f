"""Every item of every guide answers every facet asked about it by name, from its own clauses."""

from __future__ import annotations

import pytest

from bot.free_speech import facts_in
from bot.lines import line_text
from bot.nlu.normalise import normalise
from knowledge.engine import assess
from knowledge.store import Item, load
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
    question = f"{region}{item.name.split('/')[-1]}{ASKED[kind]}"
    await conversation.say(question)
    said = squeeze(conversation.text)
    lines = to_be_shown(item, kind, question)
    assert [line for line in lines if squeeze(line) not in said] == []
    if not lines:
        assert "没有写明" in conversation.text


def to_be_shown(item: Item, kind: str, question: str) -> list[str]:
    """Return the lines that hold for somebody of whom only the question is known."""
    facts = {**KB.canonical(item.canonical[0]).implies,
             **facts_in(normalise(question), KB.facts.values())}
    family = KB.family_of(item.canonical[0]).id
    outcome = assess(KB, item.guide, family, facts, item.canonical[0])
    assert outcome.item is item
    return [line_text(line) for line in outcome.of_kind(kind)]
