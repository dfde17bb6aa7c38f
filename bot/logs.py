"""The log of a running server: one JSON line per event on stderr, without personal data.

What is logged are events of few words with fields; texts, ids of conversations and addresses are
not. Should one get in all the same (in the message of an exception, say), it is masked here. In a
terminal the lines are made for reading.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from bot.paths import PROJECT
from bot.privacy import mask

_OURS = ("bot", "connectors", "knowledge")
_SAFE = frozenset({"at", "level", "logger", "request_id", "method", "route", "status",
                   "milliseconds", "channel", "outcome", "type", "frames"})
"""Fields that hold words of the code, numbers and random ids: nothing to be masked."""

_ESCAPED = re.compile(r"(\\\\?(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})|%[0-9a-fA-F]{2})+")
"""Characters written as bytes, in which the masking can see no name."""

_FIRST = ("at", "level", "event")
_MOST_FRAMES, _MOST_CAUSES, _LONGEST = 30, 4, 1000

_BEFORE = (
    structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"))

Event = MutableMapping[str, Any]


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the log of this process to a stream.

    ``level`` is for the project's own loggers. Libraries are heard from warnings on, whatever it
    is, since some tell what citizens write (websockets its frames, Rasa the messages).

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
        stream: where to; None: stderr.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_BEFORE, pass_foreign_args=True,
        processors=[_without_arguments, _tell_exception, _masked, _rendered(stream)]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    logging.raiseExceptions = False  # logging would print what it cannot format, unmasked
    structlog.configure(
        processors=[*_BEFORE, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def logger(name: str) -> Any:
    """Return a logger whose methods take an event and fields: ``log.info("turn", outcome=…)``."""
    return structlog.wrap_logger(
        logging.getLogger(name), wrapper_class=structlog.stdlib.BoundLogger, processors=[
            structlog.stdlib.filter_by_level, *_BEFORE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter])


def _without_arguments(_: Any, __: str, event: Event) -> Event:
    """Take what a library says without what it says it of: paths, keys, frames."""
    record: logging.LogRecord = event.pop("_record")
    event.pop("_from_structlog")
    if event.pop("positional_args", ()) and not record.name.startswith(_OURS):
        event["event"] = str(record.msg)
    return event


def _tell_exception(_: Any, __: str, event: Event) -> Event:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = _told(error)
    return event


def _told(error: BaseException, deep: int = 1) -> dict[str, Any]:
    """Return type, message and place of an exception and of what caused it, without any values."""
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    told: dict[str, Any] = {
        "type": type(error).__name__, "message": str(error),
        "frames": [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause and deep < _MOST_CAUSES:
        told["cause"] = _told(cause, deep + 1)
    return told


def _short(path: str) -> str:
    inside = path.rpartition("site-packages/")[2]
    return inside.removeprefix(f"{PROJECT}/") if inside == path else inside


def _masked(_: Any, __: str, event: Event) -> Event:
    first = {name: event.pop(name) for name in _FIRST if name in event}
    return _mask_all({**first, **event})


def _mask_all(value: Any, name: str = "") -> Any:
    if name in _SAFE or value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): _mask_all(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mask_all(inner) for inner in value]
    text = _ESCAPED.sub("…", str(value))
    return mask(text).text[:_LONGEST]  # cut afterwards: half a number would not be seen


def _rendered(stream: TextIO) -> Any:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(timestamp_key="at")
    return structlog.processors.JSONRenderer(ensure_ascii=False)


__all__ = ["configure", "logger"]
