"""What the tests of the desk share: the staff of the shared server, desks, and citizens."""

from __future__ import annotations

import aiohttp
import pytest

from tests.connectors.test_web_chat import Page
from tests.desk.agents import Desk, Office


@pytest.fixture
async def office(server):
    """The staff of the shared server."""
    office = Office(server.folder)
    await office.hire()
    yield office
    office.database.close()


@pytest.fixture
async def session():
    """What pages and desks connect through."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def at_desk(session, server, office):
    """Seats somebody at a desk, by number."""
    async def seat(number: str) -> Desk:
        return await Desk(session, server, await office.cookie(number)).sit()
    return seat


@pytest.fixture
def citizen(session, server):
    """Begins a conversation with a first message, which asks for a person."""
    async def begin(text: str = "", waits: bool = True) -> Page:
        page = Page(session, server)
        await page.open()
        if text:
            await page.say(text)
        if waits:
            answer = (await page.do(type="person"))[-1]
            assert answer["type"] == "ack", answer
        return page
    return begin
