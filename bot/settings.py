"""What an installation can set: one frozen object, read from the environment and checked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from bot.errors import SetupError
from bot.paths import state_folder

PREFIX = "YIBAO_"
"""A field's variable is its name in capitals behind this: ``keep_log_days`` is
``YIBAO_KEEP_LOG_DAYS``. An empty variable counts as one that is not set."""

SHORTEST_SECRET = 32
"""Characters of the shortest key or token that is accepted: too many to be tried out."""

_SOURCE = re.compile(r"'self'|https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

Reader = Callable[[str], Any]
"""Turns the text of a variable into a value; raises ValueError that says what is allowed."""


def _whole(least: int, most: int) -> Reader:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or not least <= int(text) <= most:
            raise ValueError(f"应为 {least} 到 {most} 之间的整数")
        return int(text)
    return read


def _seconds(least: float, most: float) -> Reader:
    def read(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", text) or not least <= float(text) <= most:
            raise ValueError(f"应为 {least:g} 到 {most:g} 之间的秒数，可带小数")
        return float(text)
    return read


def _address(*schemes: str) -> Reader:
    def read(text: str) -> str:
        try:
            scheme = urlsplit(text).scheme
        except ValueError:
            scheme = ""
        if scheme not in schemes or "://" not in text or any(sign.isspace() for sign in text):
            raise ValueError("应为以 " + " 或 ".join(f"{s}://" for s in schemes) + " 开头的地址")
        return text
    return read


def _level(text: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if text.upper() not in levels:
        raise ValueError("应为 " + "、".join(levels) + " 之一")
    return text.upper()


def _sources(text: str) -> str:
    if not all(_SOURCE.fullmatch(source) for source in text.split()):
        raise ValueError("应为用空格分开的网站地址，例如 'self' https://hotline.example.cn")
    return " ".join(text.split())


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET or not text.isascii() or not text.isprintable():
        raise ValueError(f"应为至少 {SHORTEST_SECRET} 个英文字母、数字或符号")
    return text


def _keys(text: str) -> dict[str, str]:
    pairs = [pair.strip().partition(":") for pair in text.split(",")]
    keys = {name: secret for name, _, secret in pairs}
    right = all(_KEY_ID.fullmatch(name) and len(secret) >= SHORTEST_SECRET and secret.isascii()
                for name, secret in keys.items())
    if not right or len(keys) != len(pairs):
        raise ValueError(
            f"应为“编号:密钥,编号2:密钥2”，编号不能重复，密钥至少 {SHORTEST_SECRET} 个字符")
    return keys


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(_secret(part.strip()) for part in text.split(","))


def _set_by(reader: Reader, default: Any, hidden: bool = False) -> Any:
    kept = {"default_factory": dict} if default == {} else {"default": default}
    return field(**kept, repr=not hidden, metadata={"reader": reader})


@dataclass(frozen=True)
class Settings:
    """What an installation can set; each field can be left out.

    ``repr`` shows neither keys nor addresses that may hold a password.
    """

    redis_url: str = _set_by(_address("redis", "rediss", "unix"), "", hidden=True)
    """Redis for several workers; '' keeps everything in one process."""

    log_database: str = _set_by(
        _address("sqlite", "postgresql", "postgresql+psycopg2"), "", hidden=True)
    """SQLAlchemy address of the log database; '' is SQLite under the state folder."""

    staff_database: str = _set_by(
        _address("sqlite", "postgresql", "postgresql+psycopg2"), "", hidden=True)
    """SQLAlchemy address of accounts, work orders and audit; '' is SQLite under the state
    folder."""

    keep_conversations_days: int = _set_by(_whole(1, 3650), 30)
    """Days after its last message that a conversation is kept."""

    keep_log_days: int = _set_by(_whole(1, 3650), 180)
    """Days that an entry of the log is kept."""

    keep_audit_days: int = _set_by(_whole(30, 3650), 730)
    """Days that an entry of the audit log is kept."""

    keep_numbers_days: int = _set_by(_whole(1, 90), 7)
    """Days that a call-back number is kept after its owner gave it."""

    number_keys: tuple[str, ...] = _set_by(_secrets, (), hidden=True)
    """Secrets under which call-back numbers are encrypted, separated by commas: the first
    encrypts, all decrypt. '' takes the one that ``bot.secrets`` generates; several machines need
    the same."""

    session_per_minute: int = _set_by(_whole(1, 100_000), 120)
    """Messages a minute that one conversation may send."""

    address_per_minute: int = _set_by(_whole(1, 1_000_000), 1200)
    """Requests and messages a minute from one network address; many people may share one."""

    sockets_per_address: int = _set_by(_whole(1, 100_000), 50)
    """WebSockets that one network address may hold open with one process."""

    failed_sign_ins_per_address: int = _set_by(_whole(1, 100_000), 30)
    """Failures to sign in, in a quarter of an hour, from one network address with one process; a
    whole office may share one."""

    proxies: int = _set_by(_whole(0, 10), 0)
    """Reverse proxies in front, each of which adds to X-Forwarded-For; 0: none is believed."""

    frame_ancestors: str = _set_by(_sources, "")
    """Sites that may show our pages in a frame, separated by spaces; '' means none."""

    metrics_token: str = _set_by(_secret, "", hidden=True)
    """Bearer token for /metrics; '' takes the one that ``bot.secrets`` generates."""

    hotline_callback: str = _set_by(_address("https", "http"), "", hidden=True)
    """Where messages for the hotline's platform are posted; '' keeps them to the responses."""

    hotline_keys: Mapping[str, str] = _set_by(_keys, {}, hidden=True)
    """Keys of the hotline's platform by id, two while one is exchanged for the other; without
    any, ``bot.secrets`` generates one for trying things out."""

    hotline_gap_seconds: float = _set_by(_seconds(0, 600), 5.0)
    """How long a message waits for a missing one before it, seconds."""

    log_level: str = _set_by(_level, "INFO")
    """The least that is logged: DEBUG, INFO, WARNING or ERROR."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of this process.

        Args:
            environment: variables by name; None: those of the process.

        Raises:
            SetupError: a variable has a value that is not allowed; names it and says what is.
        """
        given = os.environ if environment is None else environment
        variables = {f.name: (PREFIX + f.name.upper(), f.metadata["reader"]) for f in fields(cls)}
        values = {name: _read(variable, reader, given[variable].strip())
                  for name, (variable, reader) in variables.items()
                  if given.get(variable, "").strip()}
        return cls(**values)

    @property
    def staff_address(self) -> str:
        """The SQLAlchemy address of the staff database, the default filled in."""
        return self.staff_database or f"sqlite:///{state_folder() / 'staff.db'}"

    @property
    def log_address(self) -> str:
        """The SQLAlchemy address of the log database, the default filled in."""
        return self.log_database or f"sqlite:///{state_folder() / 'log.db'}"


def _read(variable: str, reader: Reader, text: str) -> Any:
    try:
        return reader(text)
    except ValueError as error:
        raise SetupError(f"环境变量 {variable} 的值不对：{error}") from None


__all__ = ["PREFIX", "SHORTEST_SECRET", "Reader", "Settings"]
