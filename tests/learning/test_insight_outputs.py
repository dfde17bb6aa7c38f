"""The figures as tables, files and charts; counted anew once the log changes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from PIL import Image
from talking import Conversation, switchboard_over

from bot.errors import BadInput
from bot.journal.database import Database
from bot.journal.journal import Journal
from bot.learning.insight import insight as insight_module
from bot.learning.insight.captions import caption
from bot.learning.insight.charts import draw
from bot.learning.insight.figures import figures
from bot.learning.insight.insight import Insight, count
from bot.learning.insight.tables import Table, csv_of, tables
from bot.learning.insight.weeks import period
from bot.learning.insight.words import insight_words
from bot.paths import PROJECT
from knowledge.store import load
from tests.journal.conftest import database, url  # noqa: F401  (fixtures)
from tests.learning.logged import MONDAY, turn
from tests.postgres_service import postgres  # noqa: F401  (a fixture)

CHARTS = tuple(insight_words()["charts"])


def told(*entries: dict[str, Any]) -> dict[str, Any]:
    return figures(entries, MONDAY, MONDAY + timedelta(days=10), load())


def read(content: bytes) -> list[list[str]]:
    """The cells of a file as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def now() -> datetime:
    return datetime.now(timezone.utc)


# --- tables and files -----------------------------------------------------------------------------

def test_every_section_is_a_table_with_all_its_columns():
    found = told(turn("a", 1), turn("b", 2, status="not_in_guide", missing_topic="补缴"))
    by_name = {table.name: table for table in tables(found)}
    assert set(by_name) == set(found) - {"since", "until"}
    for name, table in by_name.items():
        assert len(table.rows) == len(found[name])
        assert all(len(row) == len(table.heads) for row in table.rows)
    assert by_name["matters"].rows[0][:3] == ("医疗费用手工（零星）报销", "门诊费用报销", 2)


def test_the_page_shows_the_first_rows_and_the_file_all():
    table, = (table for table in tables(told()) if table.name == "unshown")
    assert len(table.shown) == table.first < len(table.rows) == len(read(csv_of(table))) - 1


def test_a_file_opens_in_excel_and_nothing_in_it_acts():
    acting = ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r\n=1"]
    rows = (*((text, 3, 0.125) for text in acting), ("一，二\n“三”", 0, None))
    content = csv_of(Table("t", "表", "", ("=头", "次", "比例"), rows, 9))
    assert content.startswith(b"\xef\xbb\xbf")
    heads, *cells = read(content)
    assert heads == ["'=头", "次", "比例"]
    assert cells == [*([f"'{text}", "3", "12.5%"] for text in acting), ["一，二\n“三”", "0", ""]]


def test_a_count_below_nought_would_stay_a_number():
    assert read(csv_of(Table("t", "表", "", ("差",), ((-3,),), 9)))[1] == ["-3"]


# --- charts ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_shows_the_figures_and_says_them_in_words(name):
    found = told(*[turn(f"c{n}", n) for n in range(7)],
                 *[turn(f"d{n}", n, status="not_in_guide", missing_topic="补缴") for n in range(9)])
    empty = told()
    pictures = [draw(name, some) for some in (found, empty)]
    assert pictures[0] == draw(name, found) != pictures[1]
    assert all(Image.open(io.BytesIO(picture)).size > (600, 200) for picture in pictures)
    expected = {"solved": "11/2这一周44%", "ends": "自助解决7", "matters": "门诊费用报销 16",
                "heat": "门诊费用报销 16", "topics": "补缴 9"}
    assert expected[name] in caption(name, found)[1]
    assert "这段时间没有" in caption(name, empty)[1]


# --- counted from the log -------------------------------------------------------------------------

@pytest.fixture
def no_rest(monkeypatch):
    """Every look is a count of its own."""
    monkeypatch.setattr(insight_module, "_LEAST", 0)
    monkeypatch.setattr(insight_module, "_TIMES", 0)


def unanswered(n: int) -> dict[str, Any]:
    at = period(None, now())[0] + timedelta(hours=n)
    return turn(f"c{n}", 0, at=at.isoformat(), status="not_in_guide", missing_topic="补缴")


async def test_figures_follow_the_log_also_where_something_is_deleted(
    database: Database, no_rest  # noqa: F811
):
    insight = Insight(database)
    database.add([unanswered(n) for n in range(1, 4)])
    first = await insight.figures()
    assert first["weeks"][0]["silent"] == first["themes"][0]["visits"] == 3
    chart = await insight.chart("topics")
    database.add([unanswered(4)])
    assert (await insight.figures())["weeks"][0]["silent"] == 4
    assert await insight.chart("topics") != chart
    for n in (1, 2):
        database.forget(f"c{n}", now())
    forgotten = await insight.figures()
    assert forgotten["weeks"][0]["silent"] == 2 and forgotten["themes"] == []


async def test_a_page_and_its_charts_show_the_same_count(tmp_path):
    log = Database(f"sqlite:///{tmp_path / 'log.db'}")
    insight = Insight(log)
    log.add([unanswered(1)])
    first = await insight.figures()
    log.add([unanswered(2)])
    assert await insight.chart("topics") == draw("topics", first)
    assert await insight.figures() is first
    log.close()


async def test_another_number_of_weeks_is_another_count_and_nonsense_is_refused(tmp_path):
    log = Database(f"sqlite:///{tmp_path / 'log.db'}")
    insight = Insight(log)
    assert [len((await insight.figures(weeks))["weeks"]) for weeks in (None, "8")] == [4, 8]
    with pytest.raises(BadInput):
        await insight.figures("many")
    log.close()


async def test_conversations_through_the_real_switchboard_come_out_as_they_went(
    assistant, tmp_path
):
    journal = Journal(tmp_path, f"sqlite:///{tmp_path / 'log.db'}")
    switchboard = switchboard_over(assistant, tmp_path / "conversations.db", journal)
    talks = [Conversation(switchboard) for _ in range(5)]
    for talk, *messages in zip(talks, (
            "门诊费用报销要带什么材料", "今天天气真好，适合去公园", "在长沙参保，住院怎么报销",
            "梅州职工医保断缴了还能补缴吗", "梅州门诊费用报销多久能办好"),
            ("梅州", "", "", "", "转人工"), strict=True):
        for message in filter(None, messages):
            await talk.say(message)
    desk = talks[-1].sender
    await switchboard.exchange(desk, lambda talk: talk.take("8002"))

    async def other_item(talk):
        return await talk.edit("8002", {"item": "inpatient_reimbursement"})
    await switchboard.exchange(desk, other_item)
    journal.shipper.ship(wait=True)
    found = count(journal.database, *period("1", now()))
    journal.database.close()
    week, = found["weeks"]
    assert {end: week[end] for end in ("visits", "solved", "outside", "silent", "person")} == {
        "visits": 5, "solved": 1, "outside": 1, "silent": 2, "person": 1}
    assert found["moved"] == [{"was": "门诊费用报销", "became": "住院费用报销", "edits": 1}]
    assert "补缴" in [topic["topic"] for topic in found["topics"]]
    asked = {(told["region"], told["item"]) for told in found["asked"]}
    assert ("梅州市", "门诊费用报销") in asked
    assert week["models"] == assistant.version


def test_the_command_writes_every_table_and_says_the_week_in_words(tmp_path):
    arguments = ["insight", "--weeks", "2", "--out", str(tmp_path / "tables")]
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=PROJECT, capture_output=True, text=True,
        timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    files = {file.stem for file in (tmp_path / "tables").iterdir()}
    assert files == set(insight_words()["tables"]) and "还没有" in done.stdout
