"""A desk's WebSocket: greeting, lists, a conversation opened, taken, answered, given back."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from connectors.desk.acts import LONGEST

pytestmark = pytest.mark.asyncio
MATTER = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"


async def test_whoever_sits_down_hears_who_they_are_and_what_is_listed(at_desk, citizen):
    page, desk = await citizen(MATTER), await at_desk("8001")
    assert desk.welcome["account"] == {
        "id": "8001", "role": "agent", "role_text": "坐席", "may": ["desk"]}
    assert desk.welcome["csrf"] and desk.welcome["version"] == 1
    await desk.sees(lambda desk: page.conversation in desk.listed("waiting"))
    row = next(r for r in desk.lists["waiting"] if r["conversation"] == page.conversation)
    assert row["waiting"]["reason"] == "asked" and row["region"] and row["gist"]
    agent = next(agent for agent in desk.lists["agents"] if agent["id"] == "8001")
    assert (agent["role"], agent["status"]) == ("agent", "online")
    assert agent["holds"] == len(desk.listed("mine"))


async def test_a_conversation_is_opened_taken_and_answered(at_desk, citizen):
    page, desk = await citizen(MATTER), await at_desk("8001")
    panel = await desk.open(page.conversation)
    assert panel["facts"] and panel["open"]["asked"]
    assert desk.seqs(page.conversation) == [1, 2, 3]
    assert (await desk.do("take", page.conversation))["type"] == "ack"
    assert desk.panel["suggestions"]["made"]  # for what was said before anybody was there
    assert desk.seqs(page.conversation)[-1] == 4
    await desk.sees(lambda desk: page.conversation in desk.listed("mine"))
    await page.until("control")
    assert (page.control["holder"], page.control["agent"]) == ("person", "8001")
    await desk.do("say", page.conversation, text="您好，请问办哪一项？")
    said = (await page.until("message"))[-1]["message"]
    assert (said["author"], said["text"], said["card"]["agent"]) == (
        "agent", "您好，请问办哪一项？", "8001")


async def test_what_the_citizen_says_comes_with_suggestions_and_facts(at_desk, citizen):
    page, desk = await citizen(MATTER), await at_desk("8001")
    await desk.open(page.conversation)
    await desk.do("take", page.conversation)
    await page.say("要带什么材料")
    await desk.sees(lambda desk: desk.panel["suggestions"]["of"] == "要带什么材料")
    made = desk.panel["suggestions"]["made"]
    assert made[0]["citations"] and made[0]["region"]
    used = {"seq": desk.panel["suggestions"]["seq"], "rank": 1, "edited": False}
    answer = await desk.do("say", page.conversation, text=made[0]["text"][:900], used=used)
    assert answer["type"] == "ack"
    gone = {**used, "rank": 3 if len(made) < 3 else 4}
    assert (await desk.do("reject", page.conversation, seq=used["seq"], rank=gone["rank"],
                          reason="没有关系"))["type"] == "error"


async def test_an_agents_words_are_masked_and_bounded(at_desk, citizen):
    page, desk = await citizen(), await at_desk("8001")
    await desk.do("take", page.conversation)
    await desk.do("say", page.conversation, text="请打 13912345678 找我")
    said = (await page.until("message"))[-1]["message"]
    while said["author"] != "agent":
        said = (await page.until("message"))[-1]["message"]
    assert "13912345678" not in said["text"]
    for text in ("", "  ", "字" * (LONGEST + 1), "/restart", None, 7):
        answer = await desk.do("say", page.conversation, text=text)
        assert answer["type"] == "error" and not answer["again"]


async def test_the_same_act_twice_is_done_once(at_desk, citizen):
    page, desk = await citizen(), await at_desk("8001")
    for act, fields in (("take", {}), ("note", {"text": "先核对参保地"}),
                        ("say", {"text": "在的"}), ("transfer", {"to": "", "note": "请接"})):
        frame = {"id": uuid.uuid4().hex, **fields}
        for _ in range(2):
            assert (await desk.do(act, page.conversation, **frame))["type"] == "ack", act
    panel = await desk.open(page.conversation)
    assert [note["text"] for note in panel["notes"]] == ["先核对参保地", "请接"]
    texts = [message["text"] for message in desk.scripts[page.conversation]]
    assert texts.count("在的") == 1
    authors = [message["author"] for message in desk.scripts[page.conversation]]
    assert authors == ["bot", "system", "agent", "system"]


async def test_a_form_goes_on_where_facts_were_edited_meanwhile(at_desk, citizen):
    page, desk = await citizen(MATTER), await at_desk("8001")
    await desk.do("take", page.conversation)
    panel = await desk.open(page.conversation)
    asked = next(fact for fact in panel["facts"] if fact["open"])
    value = asked["options"][0]["value"]
    answer = await desk.do("edit", page.conversation, edits={"facts": {asked["name"]: value}})
    assert answer["type"] == "ack"
    fact = next(f for f in desk.panel["facts"] if f["name"] == asked["name"])
    assert (fact["value"], fact["source"], fact["open"]) == (value, "agent", False)
    await desk.do("give_back", page.conversation)
    await page.until("control")
    assert desk.closed == [] and desk.scripts[page.conversation][-1]["author"] == "bot"
    assert desk.scripts[page.conversation][-1]["text"] != asked["question"]


async def test_a_conversation_goes_to_a_colleague_with_a_note_for_them(at_desk, citizen):
    page, first, second = await citizen(), await at_desk("8001"), await at_desk("8002")
    await first.do("take", page.conversation)
    await first.open(page.conversation)
    await first.do("transfer", page.conversation, to="8002", note="要医保局的电话")
    assert first.closed == [page.conversation]
    await second.sees(lambda desk: page.conversation in desk.listed("mine"))
    panel = await second.open(page.conversation)
    assert panel["notes"][-1]["text"] == "要医保局的电话" and panel["served_by"] == ["8001", "8002"]
    texts = [message["text"] for message in second.scripts[page.conversation]]
    assert not any("要医保局的电话" in text for text in texts)


@pytest.mark.parametrize("to", ["8001", "9001", "7001", "nobody", 5])
async def test_a_conversation_goes_to_nobody_who_cannot_have_it(at_desk, citizen, to):
    page, desk = await citizen(), await at_desk("8001")
    await desk.do("take", page.conversation)
    assert (await desk.do("transfer", page.conversation, to=to))["type"] == "error"
    await desk.sees(lambda desk: page.conversation in desk.listed("mine"))


async def test_of_two_who_take_at_once_one_has_it(at_desk, citizen):
    page, desks = await citizen(), [await at_desk("8001"), await at_desk("8002")]
    answers = await asyncio.gather(*(desk.do("take", page.conversation) for desk in desks))
    assert sorted(answer["type"] for answer in answers) == ["ack", "error"]
    loser = next(answer for answer in answers if answer["type"] == "error")
    winner = desks[[answer["type"] for answer in answers].index("ack")]
    number = winner.welcome["account"]["id"]
    assert number in loser["text"] and not loser["again"]
    await winner.sees(lambda desk: page.conversation in desk.listed("mine"))


async def test_how_far_has_been_read_is_kept(at_desk, citizen):
    page, desk = await citizen(), await at_desk("8001")
    await desk.do("take", page.conversation)
    await page.say("你好")
    await page.say("在吗")

    def unread(desk) -> list[int]:
        return [row["unread"] for row in desk.lists.get("mine", ())
                if row["conversation"] == page.conversation]

    await desk.sees(lambda desk: unread(desk) == [2])
    await desk.do("seen", page.conversation, seq=4)
    await desk.sees(lambda desk: unread(desk) == [0])


async def test_the_citizen_sees_that_the_agent_types_and_only_the_one_who_has_it(at_desk, citizen):
    page, desk, other = await citizen(), await at_desk("8001"), await at_desk("8100")
    await desk.do("take", page.conversation)
    await page.until("control")
    await other.open(page.conversation)
    await other.send(type="typing", conversation=page.conversation)
    await desk.open(page.conversation)
    await desk.send(type="typing", conversation=page.conversation)
    assert await page.next() == {"type": "typing", "on": True, "agent": "8001"}


async def test_how_somebody_is_is_told_to_the_others(at_desk):
    desk, other = await at_desk("8003"), await at_desk("8001")

    def status(desk) -> str:
        return next((a["status"] for a in desk.lists.get("agents", ()) if a["id"] == "8003"), "")

    await desk.send(type="presence", status="busy")
    await other.sees(lambda desk: status(desk) == "busy")
    await desk.send(type="presence", status="dancing")
    assert (await desk.until(lambda frame: frame["type"] == "error"))["text"]
    await desk.send(type="presence", status="online")
    await other.sees(lambda desk: status(desk) == "online")


@pytest.mark.parametrize("frame", [
    "no json", "[]", '{"type": "dance"}', '{"type": []}', '{"type": "do"}',
    '{"type": "do", "id": "a", "act": "dance", "conversation": "c"}',
    '{"type": "do", "id": "a", "act": ["take"], "conversation": "c"}',
    '{"type": "do", "id": "a", "act": "take", "conversation": null}',
    '{"type": "do", "id": "a", "act": "take", "conversation": "unknown"}',
    '{"type": "open", "conversation": 7}', '{"type": "open", "conversation": "unknown"}',
    '{"type": "presence", "status": {}}',
])
async def test_a_frame_that_is_none_is_refused_in_chinese_and_the_next_one_is_taken(at_desk, frame):
    desk = await at_desk("8001")
    await desk.socket.send_str(frame)
    error = await desk.until(lambda answer: answer["type"] == "error")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in error["text"]) and not error["again"]
    await desk.send(type="hello")
    await desk.until(lambda answer: answer["type"] == "welcome")
