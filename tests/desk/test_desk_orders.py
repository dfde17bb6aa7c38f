"""Work orders and call-back numbers at the desk: who may see them, and what is noted of it."""

from __future__ import annotations

import asyncio
import json
import os
import sys

import pytest

pytestmark = pytest.mark.asyncio
MATTER = "湖北门诊费用报销要带什么材料"
NUMBER = "13655667788"


class Clerk:
    """Somebody who is signed in and uses the API of the desk; ``origin`` is whose page asks."""

    def __init__(self, session, server, desk) -> None:
        self.session, self.server, self.desk = session, server, desk

    async def call(self, method: str, path: str, body=None, csrf: str | None = None):
        """Return status, headers and text of an answer."""
        headers = {**self.desk.cookie, "Origin": self.server.url,
                   "x-csrf": self.desk.welcome["csrf"] if csrf is None else csrf}
        async with self.session.request(method, f"{self.server.url}/desk{path}", json=body,
                                        headers=headers) as answer:
            return answer.status, answer.headers, await answer.text()

    async def api(self, method: str, path: str, body=None) -> dict:
        """Return the JSON that an answer holds, which is no refusal."""
        status, _, text = await self.call(method, f"/api/{path}", body)
        assert status == 200, text
        return json.loads(text)

    async def status(self, method: str, path: str, body=None, **more) -> int:
        """Return the status of an answer."""
        return (await self.call(method, path, body, **more))[0]


@pytest.fixture
def clerk(session, server, at_desk):
    """Seats somebody at a desk who uses its API."""
    async def seat(number: str) -> Clerk:
        return Clerk(session, server, await at_desk(number))
    return seat


@pytest.fixture
async def served(citizen, clerk):
    """A citizen with a question who left a number, and the agent who has taken them."""
    page, agent = await citizen(MATTER), await clerk("8001")
    kept = await page.do(type="number", number=NUMBER, consent=True)
    assert kept[-1]["type"] == "ack", kept
    taken = await agent.desk.do("take", page.conversation)
    assert taken["type"] == "ack", taken
    return page, agent


async def test_an_order_is_drafted_changed_closed_exported_and_printed(served, office):
    page, agent = served
    one = f"orders/{page.conversation}"
    order = (await agent.api("POST", one))["order"]
    assert (order["region"], order["callback"], order["agent"]) == ("湖北省", True, "8001")
    assert order["answered"][0]["citations"]
    assert (await agent.api("POST", one))["order"] == order
    changed = await agent.api("PUT", one, {"note": f"已回电{NUMBER}", "category": "求助"})
    assert changed["order"]["category"] == "求助" and NUMBER not in changed["order"]["note"]
    assert await agent.status("PUT", f"/api/{one}", {"category": "闲聊"}) == 400
    closed = (await agent.api("POST", f"{one}/close"))["order"]
    assert closed["status"] == "closed" and closed == (await agent.api("GET", one))["order"]
    assert await agent.status("PUT", f"/api/{one}", {"note": "再改"}) == 409
    status, headers, text = await agent.call("GET", f"/api/{one}/json")
    assert status == 200 and f'{order["number"]}.json' in headers["content-disposition"]
    assert page.conversation not in text and NUMBER not in text
    status, headers, text = await agent.call("GET", f"/orders/{order['id']}/print")
    assert status == 200 and order["number"] in text and "no-store" in headers["cache-control"]
    assert closed in (await agent.api("GET", "orders"))["orders"]
    noted = await office.noted("8001", page.conversation)
    assert noted[-4:] == ["order_saved", "order_closed", "order_exported", "order_exported"]


async def test_others_have_no_part_in_an_agents_orders_but_their_lead(served, clerk):
    page, agent = served
    order = (await agent.api("POST", f"orders/{page.conversation}"))["order"]
    other, lead = await clerk("8002"), await clerk("8100")
    paths = [("GET", f"/api/orders/{page.conversation}"), ("GET", f"/api/orders/{order['id']}"),
             ("POST", f"/api/orders/{page.conversation}"),
             ("PUT", f"/api/orders/{order['id']}"), ("POST", f"/api/orders/{order['id']}/close"),
             ("GET", f"/api/orders/{order['id']}/json"), ("GET", f"/orders/{order['id']}/print"),
             ("GET", f"/api/number/{page.conversation}")]
    body = {"PUT": {"note": "x"}}
    assert {await other.status(method, path, body.get(method)) for method, path in paths} == {404}
    assert order not in (await other.api("GET", "orders"))["orders"]
    assert (await lead.api("GET", f"orders/{order['id']}"))["order"] == order
    assert order in (await lead.api("GET", "orders"))["orders"]
    assert await agent.status("GET", "/api/orders/nothing-of-this-name") == 404


async def test_what_changes_something_has_to_come_from_our_own_page(served):
    page, agent = served
    assert await agent.status("POST", f"/api/orders/{page.conversation}", csrf="another") == 403


async def test_a_number_is_seen_starred_and_shown_to_who_serves_once_that_is_noted(served, office):
    page, agent = served
    panel = await agent.desk.open(page.conversation)
    assert panel["number"] == "136****7788"
    assert (await agent.api("GET", f"number/{page.conversation}")) == {"number": NUMBER}
    assert (await office.noted("8001", page.conversation))[-1] == "number_shown"
    await page.do(type="number_withdrawn")
    assert await agent.status("GET", f"/api/number/{page.conversation}") == 404
    await agent.desk.sees(lambda desk: not desk.panel.get("number"))


async def test_deleting_a_conversation_takes_orders_and_number_with_it(served, server):
    page, agent = served
    await agent.api("POST", f"orders/{page.conversation}")
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "log", "delete", page.conversation, "--yes",
        env={**os.environ, "YIBAO_VAR": str(server.folder)},
        stdout=asyncio.subprocess.PIPE)
    told = (await command.communicate())[0].decode()
    assert "工单：1 条" in told and "回电号码：1 条" in told
    assert await agent.status("GET", f"/api/orders/{page.conversation}") == 404
