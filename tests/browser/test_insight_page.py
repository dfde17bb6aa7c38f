"""What people ask, as a trainer sees it: sentences, charts, tables, files."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect
from test_staff_pages import PASSWORD, enter, look_at, on_staff

from bot.journal.database import Database
from bot.learning.insight.weeks import period
from bot.staff.roles import Role
from tests.learning.logged import turn

pytestmark = pytest.mark.browser

TRAINER, ALIKE = "ip-trainer", "断缴三年的能不能一次补上"


@pytest.fixture(scope="module", autouse=True)
def last_week(server):
    """A trainer, and three visits of last week that no guide answers."""
    on_staff(server, lambda staff: staff.accounts.add(TRAINER, Role.TRAINER, PASSWORD, TRAINER))
    since, _ = period("2", datetime.now(timezone.utc))
    log = Database(f"sqlite:///{server.folder / 'log.db'}")
    log.add([turn(f"ip-{n}", 0, ALIKE, "not_in_guide", missing_topic="补缴",
                  at=(since + timedelta(hours=n)).isoformat()) for n in range(3)])
    log.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_trainer_reads_how_the_week_was(page, server, scheme):
    page.emulate_media(color_scheme=scheme)
    enter(page, server, TRAINER, "/console/insight")
    expect(page.locator(".headline")).to_contain_text("3 次来访，自助解决 0 次")
    themes = page.get_by_role("region", name="没有答上的说法")
    expect(themes.get_by_role("row", name=ALIKE)).to_contain_text("补缴")
    drawn = page.get_by_role("main").get_by_role("img")
    page.wait_for_load_state("networkidle")
    assert drawn.evaluate_all("all => all.filter(i => i.naturalWidth > 600).length") == 5
    expect(drawn.last).to_have_attribute("alt", re.compile("指南没有写的问题.*补缴 "))
    look_at(page, f"insight-{scheme}")


def test_another_span_and_a_table_as_a_file(page, server):
    enter(page, server, TRAINER, "/console/insight")
    page.get_by_role("link", name="近 8 周").click()
    expect(page.get_by_role("link", name="近 8 周")).to_have_attribute("aria-current", "true")
    weeks = page.get_by_role("region", name="每周情况").get_by_role("row")
    expect(weeks).to_have_count(1 + 8)
    with page.expect_download() as told:
        page.get_by_role("link", name="下载“指南没有写的问题”表格").click()
    assert told.value.suggested_filename.startswith("指南没有写的问题 ")
    content = told.value.path().read_text(encoding="utf-8-sig")
    assert content.startswith("问题,来访,") and ALIKE in content


def test_nonsense_is_refused_in_a_sentence(page, server):
    enter(page, server, TRAINER, "/console/insight?weeks=many")
    expect(page.get_by_role("alert")).to_contain_text("统计周数")
    for part in ("charts/nothing", "tables/nothing"):
        assert page.goto(f"/console/insight/{part}").status == 404
