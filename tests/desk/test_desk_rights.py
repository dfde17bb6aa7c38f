"""Who may see and do what at a desk: agents, their lead, others, and those who have signed out."""

from __future__ import annotations

import asyncio

import pytest

from bot.staff.roles import Role
from connectors.desk import channel
from tests.desk.agents import Desk

pytestmark = pytest.mark.asyncio


async def test_an_agent_sees_neither_what_the_bot_has_nor_what_others_have(at_desk, citizen):
    with_bot, held = await citizen("你好", waits=False), await citizen()
    desk, other = await at_desk("8001"), await at_desk("8002")
    await other.do("take", held.conversation)
    for page in (with_bot, held):
        with pytest.raises(PermissionError):
            await desk.open(page.conversation)
        for act in ("note", "seen", "end", "give_back", "edit", "say"):
            answer = await desk.do(act, page.conversation, text="在吗", seq=1, edits={})
            assert answer["type"] == "error", act
    assert (await desk.do("take", with_bot.conversation))["type"] == "error"
    assert "8002" in (await desk.do("take", held.conversation))["text"]
    assert (await desk.do("take_over", held.conversation))["type"] == "error"
    await desk.sees(lambda desk: any(a["holds"] for a in desk.lists.get("agents", ())))
    shown = {c for name in ("waiting", "mine", "others") for c in desk.listed(name)}
    assert not shown & {with_bot.conversation, held.conversation}


async def test_what_waits_may_be_read_and_only_who_has_it_acts(at_desk, citizen):
    page, desk = await citizen(), await at_desk("8001")
    await desk.open(page.conversation)
    for act in ("say", "note", "end", "give_back", "edit", "transfer"):
        answer = await desk.do(act, page.conversation, text="在吗", edits={}, to="")
        assert answer["type"] == "error", act


async def test_a_conversation_that_somebody_else_takes_is_closed_at_the_desk(at_desk, citizen):
    page, desk, other = await citizen(), await at_desk("8001"), await at_desk("8002")
    await desk.open(page.conversation)
    await other.do("take", page.conversation)
    await desk.sees(lambda desk: desk.closed == [page.conversation])
    await page.say("这句不该到第一个工作台")
    await other.sees(lambda other: other.lists and any(
        row["unread"] for row in other.lists["mine"] if row["conversation"] == page.conversation))
    assert all("这句" not in m["text"] for m in desk.scripts[page.conversation])


async def test_ones_own_closed_conversations_stay_ones_own(at_desk, citizen):
    page, desk, other = await citizen(), await at_desk("8001"), await at_desk("8002")
    await desk.do("take", page.conversation)
    assert (await desk.do("end", page.conversation))["type"] == "ack"
    await desk.open(page.conversation)
    with pytest.raises(PermissionError):
        await other.open(page.conversation)


async def test_the_lead_sees_all_takes_over_and_leaves_notes(at_desk, citizen):
    with_bot, held = await citizen("你好", waits=False), await citizen()
    desk, lead = await at_desk("8001"), await at_desk("8100")
    await desk.do("take", held.conversation)
    both = {with_bot.conversation, held.conversation}
    await lead.sees(lambda lead: both <= set(lead.listed("others")))
    await lead.open(with_bot.conversation)
    await lead.open(held.conversation)
    assert (await lead.do("note", held.conversation, text="请核对参保地"))["type"] == "ack"
    for act in ("say", "end", "give_back", "edit"):
        answer = await lead.do(act, held.conversation, text="您好", edits={})
        assert answer["type"] == "error", act
    assert (await lead.do("take_over", held.conversation))["type"] == "ack"
    await desk.sees(lambda desk: held.conversation not in desk.listed("mine"))
    assert (await desk.do("say", held.conversation, text="还是我"))["type"] == "error"
    await lead.sees(lambda lead: held.conversation in lead.listed("mine"))


async def test_what_is_seen_and_done_stands_in_the_audit_log_once(at_desk, office, citizen):
    page, desk = await citizen(), await at_desk("8001")
    await desk.open(page.conversation)
    again = Desk(desk.session, desk.server, desk.cookie)
    await again.sit()
    await again.open(page.conversation, after=1)  # the line was lost and came back
    for frame_id in ("taken", "taken"):
        await desk.do("take", page.conversation, id=frame_id)
    await desk.do("note", page.conversation, text="核对")
    await desk.do("transfer", page.conversation, to="")
    assert await office.noted("8001", page.conversation) == [
        "opened", "took", "noted", "transferred"]


@pytest.mark.parametrize("number", ["7001", "9001"])
async def test_who_has_no_desk_gets_none(session, server, office, number):
    address, cookie = f"{server.url}/desk", await office.cookie(number)
    async with session.get(address, headers=cookie, allow_redirects=False) as response:
        assert response.status == 403
    async with session.get(f"{address}/api/history", headers=cookie) as response:
        assert response.status == 403
    with pytest.raises(Exception, match="403"):
        await session.ws_connect(f"{address}/ws".replace("http", "ws"), headers=cookie)


async def is_sent_away(desk: Desk) -> bool:
    """Tell whether a desk is told that nobody is signed in, and its socket closed in time."""
    closing = {8, 256, 257}  # CLOSE, CLOSING, CLOSED of aiohttp
    async def listen() -> None:
        while True:
            message = await desk.socket.receive()
            if message.type.value in closing:
                return
            desk.signed_out |= '"signed_out"' in message.data
    await asyncio.wait_for(listen(), 3 * channel.CHECK_SECONDS)
    return desk.signed_out


async def test_who_is_signed_out_or_loses_the_account_is_sent_away(at_desk, server, office):
    await office.accounts.add("8090", Role.AGENT, "another sentence nobody guesses", "8090")
    await office.accounts.add("8091", Role.AGENT, "another sentence nobody guesses", "8091")
    signed_out, dismissed = await at_desk("8090"), await at_desk("8091")
    token = signed_out.cookie["Cookie"].partition("=")[2]
    await office.sessions.end(token)
    await office.accounts.deactivate("8091", "9001")
    assert await asyncio.gather(is_sent_away(signed_out), is_sent_away(dismissed)) == [True, True]


async def test_nothing_is_done_for_who_is_signed_out_meanwhile(at_desk, office, citizen):
    page, desk = await citizen(), await at_desk("8002")
    await office.sessions.end(desk.cookie["Cookie"].partition("=")[2])
    await desk.send(type="do", id="late", act="take", conversation=page.conversation)
    await desk.until(lambda frame: frame["type"] == "signed_out")
    other = await at_desk("8001")
    await other.sees(lambda other: page.conversation in other.listed("waiting"))
