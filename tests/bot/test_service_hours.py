"""Hours of service: stated by the installation, told as they are, and never invented."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.clock import CHINA
from bot.errors import DataError, SetupError
from bot.handover.hours import ServiceHours, service_hours

OFFICE = "hours:\n  working_days: ['09:00-12:00', '14:00-17:00']\n  days_off: []\n"
ALWAYS = "hours:\n  working_days: ['00:00-24:00']\n  days_off: ['00:00-24:00']\n"


@pytest.fixture
def stated(tmp_path: Path, monkeypatch):
    """Reads the hours of a file of the operator's own."""
    def read(content: str) -> ServiceHours:
        path = tmp_path / f"service{len(list(tmp_path.iterdir()))}.yml"
        path.write_text(content, encoding="utf-8")
        monkeypatch.setenv("YIBAO_SERVICE_FILE", str(path))
        return service_hours()
    return read


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_as_delivered_no_hours_are_claimed(monkeypatch):
    monkeypatch.delenv("YIBAO_SERVICE_FILE", raising=False)
    hours = service_hours()
    assert hours.text == "" and hours.open_at(at("2026-11-22 03:00"))
    assert hours.next_opening(at("2026-11-22 03:00")) == ""


@pytest.mark.parametrize(("moment", "is_open", "opening"), [
    ("2026-11-23 08:59", False, "今天09:00"),
    ("2026-11-23 09:00", True, ""),
    ("2026-11-23 12:00", False, "今天14:00"),
    ("2026-11-23 16:59", True, ""),
    ("2026-11-23 17:00", False, "明天09:00"),
    ("2026-11-27 18:00", False, "11月30日（星期一）09:00"),
    ("2026-11-29 10:00", False, "明天09:00"),
])
def test_working_hours_of_a_week(stated, moment, is_open, opening):
    hours = stated(OFFICE)
    assert hours.open_at(at(moment)) is is_open
    assert hours.next_opening(at(moment)) == opening


@pytest.mark.parametrize(("moment", "is_open"), [
    ("2026-10-01 10:00", False),  # national holiday, a Thursday
    ("2026-10-10 10:00", True),  # a Saturday that is worked instead
    ("2026-10-08 10:00", True),
])
def test_holidays_and_swapped_weekends_count_as_they_are_worked(stated, moment, is_open):
    assert stated(OFFICE).open_at(at(moment)) is is_open


def test_before_a_long_holiday_the_next_opening_is_after_it(stated):
    assert stated(OFFICE).next_opening(at("2026-09-30 18:00")) == "10月8日（星期四）09:00"


def test_beyond_the_announced_years_weekdays_count(stated):
    hours = stated(OFFICE)
    assert hours.open_at(at("2055-05-05 10:00"))  # a Wednesday
    assert not hours.open_at(at("2055-05-08 10:00"))  # a Saturday


def test_moments_of_other_zones_are_read_as_the_time_in_china(stated):
    assert stated(OFFICE).open_at(datetime(2026, 11, 23, 1, 30, tzinfo=timezone.utc))


def test_service_round_the_clock_never_closes(stated):
    hours = stated(ALWAYS)
    assert hours.text == "全天"
    assert hours.open_at(at("2026-10-01 00:00")) and hours.open_at(at("2026-11-22 23:59"))
    assert hours.next_opening(at("2026-11-22 23:59")) == ""


@pytest.mark.parametrize(("working", "off", "text"), [
    ("['09:00-12:00', '14:00-17:00']", "[]", "工作日09:00—12:00、14:00—17:00"),
    ("['08:30-18:00']", "['09:00-12:00']", "工作日08:30—18:00；休息日09:00—12:00"),
    ("['08:00-20:00']", "['08:00-20:00']", "每天08:00—20:00"),
    ("['00:00-24:00']", "[]", "工作日全天"),
    ("[]", "['10:00-12:00']", "休息日10:00—12:00")])
def test_hours_in_words(stated, working, off, text):
    assert stated(f"hours:\n  working_days: {working}\n  days_off: {off}\n").text == text


@pytest.mark.parametrize(("content", "key"), [
    ("hours:\n  working_days: ['9-12']\n  days_off: []\n", "working_days"),
    ("hours:\n  working_days: ['12:00-09:00']\n  days_off: []\n", "working_days"),
    ("hours:\n  working_days: ['09:00-24:30']\n  days_off: []\n", "working_days"),
    ("hours:\n  working_days: ['14:00-17:00', '09:00-12:00']\n  days_off: []\n", "working_days"),
    ("hours:\n  working_days: ['09:00-12:00', '11:00-17:00']\n  days_off: []\n", "working_days"),
    ("hours:\n  working_days: ['09:00-12:00']\n", "days_off"),
    ("hours:\n  working_days: []\n  days_off: []\n", "days_off"),
    ("hours:\n  working_day: []\n  days_off: []\n", "hours"),
    ("open: always\n", "open"),
    ("", "hours"),
    ("- 09:00\n", "hours"),
    ("hours: [\n", "line")])
def test_a_file_that_breaks_the_schema_is_refused_with_file_and_key(stated, content, key):
    with pytest.raises(DataError) as error:
        stated(content)
    assert key in error.value.key and "service" in error.value.file


def test_a_missing_file_is_said_with_its_name(monkeypatch, tmp_path):
    monkeypatch.setenv("YIBAO_SERVICE_FILE", str(tmp_path / "nowhere.yml"))
    with pytest.raises(SetupError, match="nowhere.yml"):
        service_hours()
