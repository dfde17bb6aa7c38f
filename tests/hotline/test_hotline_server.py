"""The platform's conversation with the real server: what a contract's reader may rely on."""

from __future__ import annotations

import asyncio
import re

import pytest

from connectors.hotline12345.contract import document
from tests.hotline.conftest import GAP, KEYS, PER_MINUTE, PREFIX, until, validator_of

QUESTION = "湖北转诊备案要什么材料"


def texts(told: dict) -> str:
    return "\n".join(reply["text"] for reply in told["replies"])


# --- a session and a question -------------------------------------------------------------------


def posted(callbacks, platform) -> list[dict]:
    """Return what came for a platform's session; others may wait from earlier tests."""
    return [body for body in callbacks.got if body["session_id"] == platform.id]


async def test_the_contract_is_served_without_a_signature(hotline_server, http):
    async with http.get(f"{hotline_server.url}{PREFIX}/openapi.json") as response:
        assert response.status == 200 and await response.json() == document()


async def test_a_question_is_answered_with_a_card_and_its_buttons(platform):
    told = await platform.say(QUESTION)
    reply = told["replies"][0]
    assert (told["status"], told["holder"], reply["author"]) == ("answered", "bot", "bot")
    assert reply["card"]["type"] == "answer" and reply["in_reply_to"] == "m-1"
    assert reply["choices"] and reply["text"].startswith("【湖北省")


async def test_a_pressed_button_is_an_answer(platform):
    reply = (await platform.say(QUESTION))["replies"][0]
    choice = reply["choices"][0]
    told = await platform.say(choices=[choice["id"]])
    assert told["status"] == "answered" and told["replies"]
    assert "失效" not in texts(told)


async def test_without_cards_everything_is_text_and_a_number_chooses(new_platform):
    platform = new_platform()
    await platform.open(cards=False, region="梅州市")
    told = await platform.say("异地就医备案怎么办")
    assert all(set(reply) <= {"seq", "author", "text", "in_reply_to"} for reply in told["replies"])
    assert re.search(r"^1\. ", texts(told), re.MULTILINE)
    assert "1. " not in (await platform.say("1"))["replies"][0]["text"].splitlines()[0]


async def test_a_place_told_when_opening_is_not_asked_for(new_platform):
    platform = new_platform()
    await platform.open(region="梅州市")
    assert "参保在哪" not in texts(await platform.say("门诊费用报销要带什么材料"))


async def test_the_same_session_opened_twice_is_one_and_another_content_is_refused(new_platform):
    platform = new_platform()
    first, again = await platform.open(), await platform.open()
    assert (first[0], again[0]) == (201, 200) and first[1] == again[1]
    status, told = await platform.open(cards=False)
    assert (status, told["field"]) == (409, "session_id")


async def test_a_session_that_was_never_opened_is_not_there(new_platform):
    platform = new_platform()
    for answer in (await platform.send(platform.message("你好")), await platform.read(),
                   await platform.send(platform.happening("closed"))):
        assert (answer[0], answer[1]["field"]) == (404, "session_id")


# --- order ----------------------------------------------------------------------------------------


async def test_a_doubled_message_gets_the_same_replies_and_no_second_turn(platform):
    message = platform.message(QUESTION)
    first, again = await platform.send(message), await platform.send(message)
    assert first == again
    state = (await platform.read())[1]
    assert len(state["replies"]) == len(first[1]["replies"])


async def test_doubles_that_come_at_the_same_time_are_one_turn(platform):
    message = platform.message(QUESTION)
    answers = await asyncio.gather(*(platform.send(message) for _ in range(6)))
    assert all(answer == answers[0] for answer in answers)


async def test_the_same_id_with_another_content_and_a_number_used_twice_are_refused(platform):
    await platform.say(QUESTION)
    status, told = await platform.send({"message_id": "m-1", "seq": 1, "text": "别的"})
    assert (status, told["field"]) == (409, "message_id")
    status, told = await platform.send({"message_id": "other", "seq": 1, "text": "别的"})
    assert (status, told["field"]) == (409, "seq")
    assert (await platform.read())[1]["next_seq"] == 2


async def test_swapped_messages_are_answered_in_order(platform):
    status, told = await platform.send(platform.message("要带什么材料", seq=2))
    assert (status, told) == (202, {"status": "held", "missing": [1], "wait_seconds": GAP})
    told = (await platform.send(platform.message("湖北转诊备案", seq=1)))[1]
    assert told["status"] == "answered"
    assert [r["in_reply_to"] for r in told["replies"]] == ["m-1", "m-2"]
    assert (await platform.send(platform.message("湖北转诊备案", seq=1)))[1] == told
    again = (await platform.send(platform.message("要带什么材料", seq=2)))[1]
    assert [r["in_reply_to"] for r in again["replies"]] == ["m-2"]


async def test_a_missing_message_is_given_up_and_late_when_it_comes(platform):
    await platform.send(platform.message(QUESTION, seq=2))
    assert (await platform.read())[1]["missing"] == [1]

    async def answered() -> bool:
        return bool((await platform.read())[1]["replies"])

    for _ in range(150):
        if await answered():
            break
        await asyncio.sleep(0.1)
    state = (await platform.read())[1]
    assert [r["in_reply_to"] for r in state["replies"]] == ["m-2"] and state["next_seq"] == 3

    status, late = await platform.send(platform.message("是的", seq=1))
    assert (status, late["status"]) == (200, "late")
    # What was answered meanwhile comes along, for no response has carried it yet.
    assert [(r["author"], r["in_reply_to"]) for r in late["replies"]] == [
        ("bot", "m-2"), ("system", "m-1")]
    platform.seq = 2
    assert (await platform.say("谢谢"))["status"] == "answered"


# --- a person -------------------------------------------------------------------------------------


async def test_a_person_takes_over_in_a_form_and_gives_back(platform):
    asked = await platform.say("我妈跟我住东莞，医保在梅州，怎么备案")
    question = asked["replies"][-1]
    assert question["card"]["type"] == "question"
    told = await platform.say("转人工")
    assert told["handover"]["reason"] == "asked" and told["holder"] == "bot"
    assert told["handover"]["region"].startswith("梅州") and told["handover"]["open"]

    joined = await platform.event("agent_joined", agent="A1024")
    assert (joined["status"], joined["holder"], joined["replies"]) == ("noted", "person", [])
    assert "handover" in joined
    silent = await platform.say(QUESTION)
    assert (silent["status"], silent["replies"]) == ("with_person", [])
    spoken = await platform.event("agent_message", agent="A1024", text="请稍等，我帮您查。")
    assert spoken["replies"] == []
    assert (await platform.read())[1]["agent"] == "A1024"

    left = await platform.event("agent_left", agent="A1024")
    assert left["holder"] == "bot" and len(left["replies"]) == 1
    assert left["replies"][0]["text"].endswith(question["text"].splitlines()[-1])
    assert "in_reply_to" not in left["replies"][0]
    on = await platform.say("没迁")
    assert on["status"] == "answered" and "没听明白" not in texts(on)


async def test_a_closed_session_takes_no_message_but_repeats_what_it_said(platform):
    message = platform.message(QUESTION)
    first = await platform.send(message)
    closed = platform.happening("closed")
    assert (await platform.send(closed))[0] == 200
    assert (await platform.send(closed))[0] == 200
    assert (await platform.send(message)) == first
    status, told = await platform.send(platform.message("还在吗"))
    assert (status, told["field"]) == (409, "session_id") and "结束" in told["error"]
    assert (await platform.read())[1]["closed"] is True


async def test_an_unhappy_rating_asks_for_a_person(platform):
    seq = (await platform.say(QUESTION))["replies"][0]["seq"]
    told = await platform.event("rated", message_seq=seq, rating="bad")
    assert told["handover"]["reason"] == "rating" and told["replies"]


async def test_a_rating_of_nothing_is_refused_and_takes_no_number(platform):
    await platform.say(QUESTION)
    status, told = await platform.send(platform.happening("rated", message_seq=99, rating="good"))
    assert (status, told["field"]) == (422, "message_seq")
    assert (await platform.read())[1]["next_seq"] == 2


# --- call-backs -----------------------------------------------------------------------------------


async def test_replies_are_posted_where_the_settings_say(new_platform, callbacks):
    platform = new_platform()
    await platform.open(reply_by="callback")
    assert await platform.say(QUESTION) == {"status": "accepted"}
    await until(lambda: posted(callbacks, platform))
    body = posted(callbacks, platform)[0]
    validator_of({"$ref": "#/components/schemas/CallbackBody"}).validate(body)
    assert (body["session_id"], body["holder"]) == (platform.id, "bot")
    assert body["replies"][0]["in_reply_to"] == "m-1"
    assert await platform.send(platform.message(QUESTION, seq=1)) == (202, {"status": "accepted"})
    await asyncio.sleep(0.3)
    assert len(posted(callbacks, platform)) == 1
    assert (await platform.read())[1]["replies"] == body["replies"]


async def test_a_platform_that_was_down_gets_its_replies_once_it_is_back(
    hotline_server, new_platform, callbacks
):
    platform = new_platform()
    await platform.open(reply_by="callback")
    await callbacks.stop()
    await platform.say(QUESTION)
    await platform.say("转人工")
    await asyncio.sleep(0.5)
    await callbacks.start()
    await until(lambda: len(posted(callbacks, platform)) == 2)
    first, second = posted(callbacks, platform)
    assert first["replies"][0]["in_reply_to"] == "m-1" and "handover" not in first
    assert second["handover"]["reason"] == "asked"


async def test_what_was_held_is_posted_when_the_gap_is_given_up(new_platform, callbacks):
    platform = new_platform()
    await platform.open(reply_by="callback")
    assert (await platform.send(platform.message(QUESTION, seq=2)))[1]["status"] == "held"
    await until(lambda: posted(callbacks, platform))
    assert posted(callbacks, platform)[0]["replies"][0]["in_reply_to"] == "m-2"


# --- what is refused ------------------------------------------------------------------------------


async def test_a_replayed_request_is_refused(platform):
    from connectors.hotline12345 import signing

    path = f"{PREFIX}/sessions/{platform.id}?after=0"
    headers = signing.signed(KEYS, "GET", path, b"")
    assert (await platform.call("GET", path, headers=headers))[0] == 200
    status, told = await platform.call("GET", path, headers=headers)
    assert (status, told["field"]) == (403, signing.NONCE)


async def test_both_keys_are_taken_during_rotation(platform):
    path = f"{PREFIX}/sessions/{platform.id}"
    for key in KEYS:
        assert (await platform.call("GET", path, key=key))[0] == 200


async def test_unsigned_requests_change_nothing(hotline_server, http, platform):
    path = f"{hotline_server.url}{PREFIX}/sessions/{platform.id}/messages"
    async with http.post(path, json=platform.message(QUESTION)) as response:
        assert response.status == 401 and (await response.json())["field"] == "X-Yibao-Key"
    assert (await platform.read())[1]["next_seq"] == 1


async def test_what_is_signed_is_free_of_the_limit_by_address_and_what_is_not_is_not(
    hotline_server, http, platform
):
    path = f"{PREFIX}/sessions/{platform.id}"
    behind = {"X-Forwarded-For": "203.0.113.7"}
    for _ in range(PER_MINUTE + 1):
        assert (await platform.call("GET", path, headers=behind))[0] == 200
    statuses = []
    for _ in range(PER_MINUTE + 1):
        async with http.get(hotline_server.url + path, headers=behind) as response:
            statuses.append(response.status)
    assert statuses == [401] * PER_MINUTE + [429]
    assert (await platform.call("GET", path, headers=behind))[0] == 200


@pytest.mark.parametrize("name", ["13800138000", "msg-44010619800101123X", "6222020200112233445"])
async def test_ids_that_tell_who_somebody_is_are_refused(platform, new_platform, name):
    status, told = await platform.send({"message_id": name, "seq": 1, "text": "你好"})
    assert (status, told["field"]) == (422, "message_id") and name not in told["error"]
    status, told = await platform.send(
        {"event_id": "e-1", "seq": 1, "type": "agent_joined", "agent": name})
    assert (status, told["field"]) == (422, "agent")
    other = new_platform()
    other.id = name
    status, told = await other.open()
    assert (status, told["field"]) == (422, "session_id")


async def test_personal_data_of_citizen_and_agent_is_masked_before_it_is_kept(
    hotline_server, platform
):
    await platform.say("我叫王小明，电话13912345678，转诊备案要什么")
    await platform.event("agent_joined", agent="A1")
    await platform.event("agent_message", agent="A1", text="请打13987654321找李大伟")
    kept = b"".join(path.read_bytes() for path in hotline_server.folder.rglob("*")
                    if path.is_file())
    for secret in ("13912345678", "13987654321", "王小明"):
        assert secret.encode() not in kept
    assert platform.id.encode() not in (hotline_server.folder / "server.log").read_bytes()


@pytest.mark.parametrize("raw, headers, status", [
    (b"{", {}, 400), (b"[]", {}, 400), (b'{"a":' * 5000, {}, 400), (b'{"seq":NaN}', {}, 400),
    (b"{}", {"Content-Type": "text/plain"}, 415), (b"{}", {}, 422),
    (b'{"x":"' + b"x" * 70_000 + b'"}', {}, 413),
], ids=["cut off", "a list", "nested", "no number", "plain text", "empty", "too large"])
async def test_bodies_that_cannot_be_used(platform, raw, headers, status):
    path = f"{PREFIX}/sessions/{platform.id}/messages"
    answer = await platform.call("POST", path, raw, headers=headers)
    assert answer[0] == status and re.search("[一-鿿]", answer[1]["error"])


async def test_a_number_that_is_none_is_refused(platform):
    for after in ("-1", "x", "1e3", "99999999999999999999"):
        status, told = await platform.call("GET", f"{PREFIX}/sessions/{platform.id}?after={after}")
        assert (status, told["field"]) == (422, "after")


@pytest.mark.parametrize("more, field", [
    ({"region": "北京市"}, "region"), ({"region": "不是地方"}, "region"),
    ({"callback": "http://127.0.0.1:1/"}, "callback"),
])
async def test_a_session_is_not_opened_with_what_cannot_be(new_platform, more, field):
    status, told = await new_platform().open(**more)
    assert (status, told["field"]) == (422, field)


# --- suggestions ----------------------------------------------------------------------------------


async def test_an_agent_gets_up_to_three_answers_with_their_clauses(new_platform):
    status, told = await new_platform().call(
        "POST", "/api/suggest", {"text": "门诊费用报销要带什么", "region": "梅州市", "limit": 2})
    assert status == 200 and 1 <= len(told["suggestions"]) <= 2
    first = told["suggestions"][0]
    assert first["citations"] and first["region"].startswith("梅州")
    assert 0 < first["confidence"] <= 1


async def test_suggestions_know_what_the_session_knows_and_leave_it_as_it_is(platform):
    await platform.say("我的医保在湖北")
    before = await platform.read()
    status, told = await platform.call(
        "POST", "/api/suggest", {"text": "转诊备案要什么材料", "session_id": platform.id})
    assert status == 200 and told["suggestions"][0]["region"] == "湖北省"
    assert await platform.read() == before


async def test_suggestions_are_signed_and_of_sessions_that_exist(hotline_server, http, platform):
    async with http.post(f"{hotline_server.url}/api/suggest", json={"text": "你好"}) as response:
        assert response.status == 401
    status, told = await platform.call(
        "POST", "/api/suggest", {"text": "你好", "session_id": "unknown"})
    assert (status, told["field"]) == (404, "session_id")
    status, told = await platform.call(
        "POST", "/api/suggest", {"text": "你好", "region": "不是地方"})
    assert (status, told["field"]) == (422, "region")
