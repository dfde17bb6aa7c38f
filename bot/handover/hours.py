"""Hours of service: when people answer, by the installation's own ``service.yml``."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError, validator

from bot import clock
from bot.errors import DataError, SetupError
from bot.paths import service_file
from bot.wording import say, wording
from knowledge.day_count import DAY, is_working_day
from knowledge.model import Shape
from knowledge.store import read_yaml

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_END_OF_DAY = 24 * 60
_LONGEST_CLOSED = 30
"""Days to look ahead for the next opening: longer than any holiday."""

Span = tuple[int, int]
"""From and until, in minutes of the day."""

_WHOLE_DAY: tuple[Span, ...] = ((0, _END_OF_DAY),)


class _Hours(Shape):
    """Spans of service by kind of day, in order; a day without any is a day without service."""

    working_days: tuple[Span, ...]
    days_off: tuple[Span, ...]

    @validator("working_days", "days_off", pre=True)
    def _spans(cls, stated: list[str]) -> tuple[Span, ...]:  # noqa: N805 - pydantic's own
        spans = tuple(map(_span, stated or ()))
        if any(after[0] < before[1] for before, after in pairwise(spans)):
            raise ValueError("时间段要按先后排列，不能重叠")
        return spans

    @validator("days_off")
    def _some(cls, off: tuple[Span, ...], values: dict) -> tuple[Span, ...]:  # noqa: N805
        if not off and not values.get("working_days"):
            raise ValueError("至少写一个时间段；不公布服务时间时，把 hours 整个留空")
        return off


class ServiceHours(Shape):
    """When people answer; with ``hours`` None nothing is stated, and nothing may be claimed."""

    hours: _Hours | None = None

    @property
    def text(self) -> str:
        """The hours in words; '' where none are stated."""
        if self.hours is None:
            return ""
        working, off = map(_in_words, (self.hours.working_days, self.hours.days_off))
        if working == off:
            whole = self.hours.working_days == _WHOLE_DAY
            return working if whole else say("service_every_day", spans=working)
        days = {"service_working_days": working, "service_days_off": off}
        return "；".join(say(key, spans=spans) for key, spans in days.items() if spans)

    def open_at(self, moment: datetime) -> bool:
        """Tell whether people answer at a moment (aware); True where no hours are stated."""
        at = moment.astimezone(clock.CHINA)
        minute = at.hour * 60 + at.minute
        return self.hours is None or any(
            start <= minute < end for start, end in self._spans_of(at.date()))

    def next_opening(self, moment: datetime) -> str:
        """Return in words when people answer next (明天09:00); '' where they do, or none is stated.

        Args:
            moment: the present, aware.
        """
        if self.open_at(moment):
            return ""
        now = moment.astimezone(clock.CHINA)
        days = (now.date() + n * DAY for n in range(_LONGEST_CLOSED))
        openings = (datetime.combine(day, time(), clock.CHINA) + timedelta(minutes=start)
                    for day in days for start, _ in self._spans_of(day))
        opening = next((at for at in openings if at > now), None)
        return _day_named(opening.date(), now.date()) + f"{opening:%H:%M}" if opening else ""

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        assert self.hours is not None
        return self.hours.working_days if is_working_day(day) else self.hours.days_off


def service_hours() -> ServiceHours:
    """Return the hours of this installation (``$YIBAO_SERVICE_FILE``, else ``service.yml``).

    Raises:
        DataError: the file breaks its schema; file and key are named.
        SetupError: there is no such file.
    """
    return _read(service_file())


@lru_cache(maxsize=4)
def _read(path: Path) -> ServiceHours:
    if not path.is_file():
        raise SetupError(f"没有找到人工服务时间的文件 {path}：请检查 YIBAO_SERVICE_FILE")
    stated = read_yaml(path)
    if not isinstance(stated, dict):
        raise DataError(path.name, "hours", "没有写 hours", "见 bot/data/service.yml 里的例子")
    try:
        return ServiceHours(**stated)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise DataError(path.name, key, first["msg"], "见 bot/data/service.yml 里的例子") from None


def _span(stated: str) -> Span:
    match = _SPAN.fullmatch(str(stated))
    hours_and_minutes = tuple(map(int, match.groups())) if match else (0, 0, 0, 0)
    start, end = (60 * h + m for h, m in zip(hours_and_minutes[::2], hours_and_minutes[1::2],
                                             strict=True))
    if not start < end <= _END_OF_DAY:
        raise ValueError(f"“{stated}”要写成 09:00-12:00 这样，先早后晚，不跨午夜")
    return start, end


def _in_words(spans: tuple[Span, ...]) -> str:
    if spans == _WHOLE_DAY:
        return say("service_all_day")
    return "、".join(f"{_clock(start)}—{_clock(end)}" for start, end in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day_named(day: date, today: date) -> str:
    near = {today: "today", today + DAY: "tomorrow"}.get(day)
    weekday = wording()["weekdays"][day.weekday()]
    return wording()["near_days"][near] if near else say(
        "day_of_week", month=day.month, day=day.day, weekday=weekday)


__all__ = ["ServiceHours", "Span", "service_hours"]
