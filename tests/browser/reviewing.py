"""The review page under the fingers of a test, and what citizens wrote for it."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playwright.sync_api import Page, expect

from connectors.signed_in import COOKIE
from tests.desk.agents import Office

PATIENCE = 30.0
TRAINER = "7001"


def sign_in(server: Any, number: str = TRAINER) -> str:
    """Return the token of a new session of a member of the staff."""
    async def begin() -> str:
        office = Office(server.folder)
        await office.hire()
        token = (await office.sessions.begin(number)).token
        office.database.close()
        return token
    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, begin()).result()


def ask_as_citizens(server: Any, texts: Sequence[str]) -> str:
    """Let each text be said by another citizen, with a word of its own at the end.

    Returns:
        The word, by which these messages and no others are found.
    """
    word = "".join(chr(ord("a") + byte % 26) for byte in uuid.uuid4().bytes[:8])
    for text in texts:
        server.ask(uuid.uuid4().hex, f"{text} {word}")
    return word


class Reviewer:
    """A reviewer at the page; counts every key, a chord once.

    Args:
        page: a page of a browser.
        server: where the page is.
    """

    def __init__(self, page: Page, server: Any) -> None:
        self.page, self.server, self.keys = page, server, 0
        self.sign_in()

    def sign_in(self) -> None:
        """Begin a session."""
        self.page.context.add_cookies([
            {"name": COOKIE, "value": sign_in(self.server), "url": self.server.url}])

    def open(self, query: str = "") -> None:
        """Open the page, and find what has a word in it."""
        self.page.goto(f"{self.server.url}/console")
        expect(self.page.locator("#review")).not_to_have_attribute("data-view", "loading")
        if query:
            self.page.get_by_role("textbox", name="搜索").fill(query)
            self.page.get_by_role("textbox", name="搜索").press("Enter")
            expect(self.page.locator("#review")).to_have_attribute("data-view", "ready")
            expect(self.text).to_contain_text(query)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        """Type letters."""
        self.press(*text)

    @property
    def text(self) -> Any:
        """The sentence that is looked at."""
        return self.page.locator("#card-text")

    @property
    def proposed(self) -> str:
        """What is proposed for it, in words."""
        return self.page.locator(".proposal__what").inner_text()

    @property
    def group(self) -> int:
        """How many sentences are alike."""
        return max(1, self.page.locator(".member").count())

    def expect_saved(self) -> None:
        """See to it that nothing is on its way any more."""
        expect(self.page.locator("#saving")).to_have_text("全部已保存", timeout=PATIENCE * 1000)

    def get(self, path: str) -> Any:
        """Ask the API."""
        return self.page.request.get(f"{self.server.url}/console/api/{path}").json()

    def labels(self, query: str) -> list[dict[str, Any]]:
        """Return the labels of sentences with a word, the oldest first, without withdrawn ones."""
        found = self.get(f"labels?q={query}")["labels"]
        return [label for label in reversed(found) if label["state"] != "withdrawn"]

    def wait_for(self, query: str, count: int) -> None:
        """Wait until so many messages with a word have come from the log into the inbox."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.get(f"inbox?q={query}"))["messages"] < count:
            assert time.monotonic() < deadline, json.dumps(found, ensure_ascii=False)
            time.sleep(0.2)
