"""What a screen reader needs of any page: headings in order, one main part, names, unique ids."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def expect_sound_outline(page: Page) -> None:
    """Check the page that is open."""
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:]))
    expect(page.get_by_role("main")).to_have_count(1)
    unlabelled = page.evaluate("""
        [...document.querySelectorAll('input, button, textarea, a, summary')].filter(e =>
          e.type !== 'hidden' && !e.textContent.trim() && !e.labels?.length
          && !e.getAttribute('aria-label')).length""")
    assert unlabelled == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
