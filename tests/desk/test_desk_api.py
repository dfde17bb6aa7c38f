"""What the desk asks for beside its WebSocket: search, choices, texts, history, figures."""

from __future__ import annotations

import json

import pytest


class Api:
    """The API as somebody's page uses it."""

    def __init__(self, session, server, cookie, csrf: str) -> None:
        self.session, self.url = session, f"{server.url}/desk/api"
        self.headers = {**cookie, "x-csrf": csrf, "content-type": "application/json"}

    async def ask(self, method: str, path: str, body=None, **headers) -> tuple[int, dict]:
        """Return status and answer."""
        data = json.dumps(body) if body is not None else None
        async with self.session.request(method, f"{self.url}/{path}", data=data,
                                        headers={**self.headers, **headers}) as response:
            return response.status, await response.json()


@pytest.fixture
def api_of(session, server, office):
    """Signs somebody in."""
    async def sign_in(number: str) -> Api:
        secrets = await office.sessions.begin(number)
        return Api(session, server, {"Cookie": f"yibao_staff={secrets.token}"}, secrets.csrf)
    return sign_in


async def test_items_and_clauses_are_found_and_matters_can_be_chosen(api_of):
    api = await api_of("8001")
    status, answer = await api.ask("GET", "search?q=异地就医备案&guide=")
    assert status == 200 and {hit["kind"] for hit in answer["found"]} == {"item", "clause"}
    assert (await api.ask("GET", "search?q=备案&guide=nowhere"))[0] == 404
    status, answer = await api.ask("GET", "matters")
    assert status == 200 and answer["places"] and answer["families"] and answer["guides"]


async def test_texts_are_saved_once_shared_by_the_lead_and_deleted(api_of):
    api, lead, other = await api_of("8001"), await api_of("8100"), await api_of("8002")
    text = {"title": "稍等", "shortcut": "sd1", "text": "请稍等，正在核对。"}
    for _ in range(2):
        assert (await api.ask("PUT", "texts/own-1", text))[0] == 200
    mine = (await api.ask("GET", "texts"))[1]
    assert [t["id"] for t in mine["texts"] if t["owner"] == "8001"] == ["own-1"]
    assert mine["variables"]
    assert all(t["owner"] == "" for t in (await other.ask("GET", "texts"))[1]["texts"])
    shared = {**text, "shortcut": "sd2", "shared": True}
    assert (await api.ask("PUT", "texts/shared-1", shared))[0] == 403
    assert (await lead.ask("PUT", "texts/shared-1", shared))[0] == 200
    assert (await lead.ask("DELETE", "texts/shared-1"))[0] == 200
    assert (await other.ask("DELETE", "texts/own-1"))[0] == 404
    assert (await api.ask("DELETE", "texts/own-1"))[0] == 200


async def test_what_changes_something_comes_from_the_page_itself(api_of):
    api, text = await api_of("8001"), {"title": "稍等", "text": "请稍等。"}
    assert (await api.ask("PUT", "texts/own-2", text, **{"x-csrf": "guessed"}))[0] == 403
    assert (await api.ask("PUT", "texts/own-2", text, origin="https://elsewhere.example"))[0] == 403


async def test_the_history_has_ones_own_and_for_the_lead_those_of_all(api_of, at_desk, citizen):
    page, desk = await citizen(), await at_desk("8001")
    await desk.do("take", page.conversation)

    async def rows(number: str) -> list[str]:
        status, answer = await (await api_of(number)).ask("GET", "history")
        assert status == 200
        return [row["conversation"] for row in answer["rows"]]

    assert page.conversation not in await rows("8001")  # it is no history yet
    await desk.do("end", page.conversation)
    assert page.conversation in await rows("8001") and page.conversation in await rows("8100")
    assert page.conversation not in await rows("8002")


async def test_figures_are_for_the_lead(api_of):
    assert (await (await api_of("8001")).ask("GET", "figures"))[0] == 403
    status, answer = await (await api_of("8100")).ask("GET", "figures?days=7")
    assert status == 200 and answer["all"]["suggestions"]
    assert (await (await api_of("8100")).ask("GET", "figures?days=soon"))[0] == 400
