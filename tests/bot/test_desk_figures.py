"""The figures of the desk, counted from the log."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.desk.figures import MOST_DAYS, figures, span
from bot.errors import BadInput
from bot.journal.database import Database

START = datetime(2026, 11, 2, tzinfo=timezone.utc)
END = START + timedelta(days=1)
_ids = itertools.count()


@pytest.fixture
def database(tmp_path):
    opened = Database(f"sqlite:///{tmp_path / 'log.db'}")
    yield opened
    opened.close()


def event(conversation: str, at: float, kind: str, **data: Any) -> dict[str, Any]:
    """An event, ``at`` seconds after the start of the span."""
    moment = (START + timedelta(seconds=at)).isoformat(timespec="milliseconds")
    return {"kind": "event", "id": f"event-{next(_ids)}", "conversation": conversation,
            "at": moment, "type": kind, "data": data}


def counted(database: Database, *events: dict[str, Any]) -> dict[str, Any]:
    database.add(events)
    return figures(database, START, END)


def of(counted: dict[str, Any], agent: str) -> dict[str, Any]:
    return next(numbers for numbers in counted["agents"] if numbers["agent"] == agent)


def times(*seconds: float) -> dict[str, Any]:
    """The times of one or two."""
    return {"count": len(seconds), "p50": seconds[0] if seconds else None,
            "p90": seconds[-1] if seconds else None}


def test_of_an_empty_log_there_is_nothing_to_say(database):
    found = counted(database)
    assert found["agents"] == found["reasons"] == found["rejections"] == []
    assert found["all"]["waiting"] == times()
    assert found["all"]["suggestions"]["acceptance"] is None
    assert (found["since"], found["until"]) == (START.isoformat(), END.isoformat())


def test_a_conversation_is_measured_from_asking_to_its_end(database):
    found = counted(
        database, event("c", 10, "asked_for_person", reason="asked"),
        event("c", 40, "joined", agent="8002"), event("c", 52, "said_by_agent", agent="8002"),
        event("c", 60, "said_by_agent", agent="8002"), event("c", 340, "ended"))
    for numbers in (found["all"], of(found, "8002")):
        assert numbers["taken"] == 1
        assert numbers["waiting"] == times(30.0)
        assert numbers["first_reply"] == times(12.0)
        assert numbers["handling"] == times(300.0)
    assert (found["all"]["asked"], of(found, "8002")["asked"]) == (1, 0)
    assert found["reasons"] == [{"reason": "asked", "text": "要求转人工", "count": 1}]


def test_who_waits_no_longer_is_no_waiting_time_of_a_later_taker(database):
    found = counted(
        database, event("c", 0, "asked_for_person", reason="rating"),
        event("c", 9, "stopped_waiting"), event("c", 50, "joined", agent="8002"))
    assert (found["all"]["stopped"], found["all"]["waiting"]["count"]) == (1, 0)


def test_each_of_those_who_had_it_is_measured_apart(database):
    found = counted(
        database, event("c", 0, "joined", agent="8002"), event("c", 5, "said_by_agent",
                                                              agent="8002"),
        event("c", 100, "transferred", agent="8002", to="8003"),
        event("c", 100, "joined", agent="8003", instead_of="8002"),
        event("c", 103, "said_by_agent", agent="8003"),
        event("c", 150, "joined", agent="7001"), event("c", 190, "left", agent="7001"))
    handled = {agent: of(found, agent)["handling"]["p50"] for agent in ("8002", "8003", "7001")}
    assert handled == {"8002": 100.0, "8003": 50.0, "7001": 40.0}
    assert of(found, "8003")["first_reply"] == times(3.0)
    assert of(found, "7001")["first_reply"] == found["all"]["waiting"] == times()
    assert found["all"]["taken"] == found["all"]["handling"]["count"] == 3


def test_what_goes_back_to_the_queue_waits_again_from_then(database):
    found = counted(
        database, event("c", 0, "joined", agent="8002"),
        event("c", 100, "transferred", agent="8002", to=""),
        event("c", 120, "joined", agent="8003"))
    assert of(found, "8003")["waiting"] == times(20.0)
    assert (found["all"]["asked"], found["reasons"]) == (0, [])


def test_suggestions_are_counted_by_the_message_they_were_made_for(database):
    kinds = ("joined", "said_to_agent", "facts_edited", "said_to_agent", "said_to_agent")
    said = [event("c", n, kind, agent="8002", seq=seq, offered=[{"item": "filing"}])
            for n, (kind, seq) in enumerate(zip(kinds, (1, 2, 2, 3, 4)))]
    used = [event("c", 20 + n, "said_by_agent", agent="8002",
                  used={"seq": seq, "rank": 1, "edited": edited})
            for n, (seq, edited) in enumerate([(1, False), (1, True), (2, True), (2, True)])]
    found = counted(
        database, *said, *used, event("c", 5, "said_to_agent", agent="8002", seq=5, offered=[]),
        event("c", 30, "suggestion_rejected", agent="8002", seq=3, rank=1, reason="wrong_item"),
        event("c", 31, "suggestion_rejected", agent="8002", seq=3, rank=2, reason="wrong_item"))
    expected = {"offered": 4, "used": 1, "edited": 1, "rejected": 2, "acceptance": 0.5}
    assert of(found, "8002")["suggestions"] == found["all"]["suggestions"] == expected
    assert found["rejections"] == [{"reason": "wrong_item", "count": 2}]


def test_a_suggestion_made_for_a_colleague_counts_for_whoever_uses_it(database):
    found = counted(
        database, event("c", 0, "joined", agent="8002", seq=1, offered=[{"item": "filing"}]),
        event("c", 5, "transferred", agent="8002", to="8003"),
        event("c", 5, "joined", agent="8003", instead_of="8002"),
        event("c", 9, "said_by_agent", agent="8003", used={"seq": 1, "rank": 2, "edited": False}))
    shares = {agent: of(found, agent)["suggestions"]["acceptance"] for agent in ("8002", "8003")}
    assert shares == {"8002": 0.0, "8003": 1.0}
    assert found["all"]["suggestions"]["acceptance"] == 1.0


def test_the_last_rating_of_an_answer_counts_and_is_of_whoever_had_the_conversation(database):
    found = counted(
        database, event("c", 0, "rated", seq=2, rating="bad", turn="c:1"),
        event("c", 5, "joined", agent="8002"),
        event("c", 9, "rated", seq=8, rating="bad", turn="c:7"),
        event("c", 9.5, "rated", seq=8, rating="good", turn="c:7"), event("c", 10, "ended"),
        event("c", 20, "rated", seq=9, rating="good", turn="c:7"))
    assert found["all"]["ratings"] == {"good": 2, "bad": 1}
    assert of(found, "8002")["ratings"] == {"good": 2, "bad": 0}


def test_only_the_span_counts_but_what_led_to_it_is_known(database):
    outside = END - START
    found = counted(
        database, event("c", -600, "asked_for_person", reason="asked"),
        event("c", -300, "joined", agent="8001"), event("c", -200, "transferred", to=""),
        event("c", 100, "joined", agent="8002"),
        event("d", outside.total_seconds(), "joined", agent="8003"))
    assert [numbers["agent"] for numbers in found["agents"]] == ["8002"]
    assert (found["all"]["asked"], found["all"]["waiting"]) == (0, times(300.0))


def test_half_of_them_and_nine_tenths_of_them_took_no_longer(database):
    events = [[event(f"c{n}", 0, "asked_for_person", reason="asked"),
               event(f"c{n}", n, "joined", agent="8002")] for n in range(1, 21)]
    found = counted(database, *itertools.chain(*events))
    assert found["all"]["waiting"] == {"count": 20, "p50": 10.0, "p90": 18.0}


def test_the_last_days_begin_at_midnight_in_china():
    now = datetime(2026, 11, 2, 17, tzinfo=timezone.utc)  # the 3rd in China
    assert span(None, now) == (datetime(2026, 11, 2, 16, tzinfo=timezone.utc), now)
    assert span("7", now)[0] == datetime(2026, 10, 27, 16, tzinfo=timezone.utc)
    assert span(str(MOST_DAYS), now)


@pytest.mark.parametrize("days", ["0", "-1", "93", "1.5", "", "一", "１", "9" * 30])
def test_another_span_is_refused(days):
    with pytest.raises(BadInput, match="天数") as error:
        span(days, START)
    assert error.value.field == "days"
