"""The log database, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.errors import SetupError
from bot.journal.database import Database, DatabaseDown, _not_forgotten
from bot.journal.tables import SCHEMA_VERSION
from tests.journal.conftest import START, entry, ids, rating


def test_an_entry_comes_back_as_it_was_with_its_time_in_full_and_its_feedback(database):
    database.add([entry("c1", 1)])
    expected = {**entry("c1", 1), "at": "2026-11-01T08:00:01.000+00:00", "feedback": None}
    assert list(database.entries("c1")) == [expected]


def test_what_is_asked_about_has_a_column(database, url):
    database.add([entry("c1", 1)])
    with sa.create_engine(url).connect() as db:
        row = db.execute(sa.text(
            "select conversation, seq, at, channel, region, family, item, status, missing_topic, "
            "feedback, model_version, knowledge_version, milliseconds from turn")).one()
    assert tuple(row) == ("c1", 1, "2026-11-01T08:00:01.000+00:00", "web", "meizhou",
                          "reimbursement", "outpatient_reimbursement", "applies", "", None, "m1",
                          "k1", 31.5)


def test_an_entry_shipped_again_is_there_once_and_the_last_counts(database):
    database.add([entry("c1", 1), entry("c1", 1, text="后来的")])
    database.add([entry("c1", 1, text="最后的")])
    assert [logged["text"] for logged in database.entries()] == ["最后的"]


def test_an_older_entry_that_arrives_late_does_not_displace_the_newer(database):
    later = (START + timedelta(minutes=5)).isoformat()
    database.add([entry("c1", 1, text="重试后的", at=later)])
    database.add([entry("c1", 1, text="别的机器晚到的")])
    assert [logged["text"] for logged in database.entries()] == ["重试后的"]


def test_entries_of_all_conversations_come_by_time_from_a_moment_on(database):
    database.add([entry("b", 5), entry("a", 1), entry("a", 3), rating("a:3", "good", START)])
    assert [logged["id"] for logged in database.entries()][1:] == ["a:1", "a:3", "b:5"]
    since = [logged["id"] for logged in database.entries(since=START + timedelta(seconds=3))]
    assert since == ["a:3", "b:5"]


def test_its_state_differs_once_anything_since_a_moment_is_added_rated_or_deleted(database):
    def state():
        return database.state(START)

    states = [state()]
    for change in (lambda: database.add([entry("c1", 1)]),
                   lambda: database.add([rating("c1:1", "bad")]),
                   lambda: database.add([entry("c2", 2)]),
                   lambda: database.forget("c2", START + timedelta(hours=2))):
        assert state() == states[-1]
        change()
        states.append(state())
    assert len({*states}) == len(states) - 1  # the last is as before c2
    database.add([entry("old", 1, at=(START - timedelta(days=1)).isoformat())])
    assert state() == states[-1]


def test_a_time_zone_makes_no_difference_to_the_order(database):
    beijing = timezone(timedelta(hours=8))
    at = (START + timedelta(seconds=2)).astimezone(beijing).isoformat()
    database.add([entry("a", 3), entry("a", 1), entry("a", 9, at=at)])
    assert [logged["seq"] for logged in database.entries()] == [1, 9, 3]


@pytest.mark.parametrize("first", ["turn", "rating"])
def test_feedback_reaches_its_turn_whichever_arrives_first(database, first):
    both = [[entry("c1", 1), entry("c1", 3)], [rating("c1:1", "bad")]]
    for entries in both if first == "turn" else both[::-1]:
        database.add(entries)
    feedback = {e["id"]: e["feedback"] for e in database.entries() if e["kind"] == "turn"}
    assert feedback == {"c1:1": "bad", "c1:3": None}


def test_the_last_rating_counts_and_a_turn_shipped_again_keeps_it(database):
    database.add([entry("c1", 1), rating("c1:1", "good", START + timedelta(hours=2))])
    database.add([rating("c1:1", "bad", START + timedelta(hours=1))])
    database.add([entry("c1", 1)])
    assert next(database.entries())["feedback"] == "good"


def test_what_is_older_than_it_is_kept_goes_with_its_events(database):
    database.add([entry("c1", 1), entry("c1", 3), entry("c1", 60), rating("c1:1", "bad", START)])
    assert database.expire(START + timedelta(seconds=30)) == 3
    assert ids(database) == ["c1:60"]


def test_late_rows_of_a_forgotten_conversation_are_dropped_and_new_ones_are_not(database):
    database.add([entry("c1", 1), entry("c2", 1), rating("c1:1", "bad", START)])
    assert database.forget("c1", START + timedelta(seconds=30)) == 2
    database.add([entry("c1", 3), rating("c1:3", "good", START), entry("c1", 60), entry("c2", 3)])
    assert ids(database) == ["c1:60", "c2:1", "c2:3"]


def test_a_forgotten_conversation_is_remembered_by_its_digest_alone(database, url):
    database.forget("c1", START)
    with sa.create_engine(url).connect() as db:
        row = db.execute(sa.text("select * from forgotten")).one()
    assert len(row[0]) == 64 and "c1" not in row


def test_what_is_no_entry_does_not_hold_up_the_others(database, caplog):
    database.add([{"kind": "turn", "id": "x"}, entry("c1", 1), entry("c\0zero", 3, item="a\0b")])
    assert ids(database) == ["c1:1", "c\0zero:3".replace("\0", "")]
    assert "no entry" in caplog.text


def test_a_database_opened_again_holds_what_it_held(database, url):
    database.add([entry("c1", 1)])
    again = Database(url)
    assert ids(again) == ["c1:1"]
    again.close()


def test_a_database_of_a_later_version_is_not_touched(database, url):
    database.add([entry("c1", 1)])
    with sa.create_engine(url).begin() as db:
        db.execute(sa.text(f"update log_schema set version = {SCHEMA_VERSION + 1}"))
    with pytest.raises(SetupError, match="请先升级"):
        Database(url).add([entry("c1", 3)])


@pytest.mark.parametrize("wrong", ["mysql://h/db", "log.db", ""])
def test_an_address_of_another_kind_is_one_clear_sentence(wrong):
    with pytest.raises(SetupError, match="YIBAO_LOG_DATABASE"):
        Database(wrong)


def test_neither_password_nor_texts_stand_in_an_error():
    away = Database("postgresql://yibao:geheim@127.0.0.1:1/log")
    with pytest.raises(DatabaseDown) as error:
        away.add([entry("c1", 1, text="我的原话")])
    assert "geheim" not in str(error.value) + away.name and "原话" not in str(error.value)


def test_nothing_slips_in_behind_a_deletion_that_runs_at_the_same_time(database, monkeypatch):
    database.add([entry("c1", 1)])
    looked, go_on = threading.Event(), threading.Event()

    def look_and_dawdle(db, rows):
        kept = _not_forgotten(db, rows)
        looked.set()
        go_on.wait(20)
        return kept

    monkeypatch.setattr("bot.journal.database._not_forgotten", look_and_dawdle)
    adding = threading.Thread(target=database.add, args=([entry("c1", 3)],))
    deleting = threading.Thread(target=database.forget, args=("c1", START + timedelta(hours=1)))
    adding.start()
    assert looked.wait(20)
    deleting.start()
    deleting.join(0.3)  # it waits; without the lock it would be through by now
    go_on.set()
    for thread in (adding, deleting):
        thread.join(20)
    assert ids(database) == []
