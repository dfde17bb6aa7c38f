"""What the browser tests of pages without a conversation share."""

from __future__ import annotations

import pytest


@pytest.fixture
def page(browser, server):
    """A 360 px phone; nothing may be asked of other servers, and no policy may be broken."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN",
                                  base_url=server.url)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text)
            if m.type == "error" and "with a status of 4" not in m.text else None)
    page.on("request", lambda r: None if r.url.startswith((server.url, "data:"))
            else problems.append(f"outside request {r.url}"))
    yield page
    context.close()
    assert problems == []
