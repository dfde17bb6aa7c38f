"""Files that are there whole or as they were before, and acts on files that exclude one another."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import DataError


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file's content: after a crash or a power cut it is all there, or what was before.

    Args:
        path: its folder is made where it is missing.
        content: all of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    make_lasting(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Replace a file's content by a value as JSON; see :func:`write_whole`."""
    write_whole(path, json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in a file; None where there is no such file.

    Raises:
        DataError: it is no JSON object.
    """
    try:
        held = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DataError(path.name, "", str(error)) from None
    if not isinstance(held, dict):
        raise DataError(path.name, "", "is no JSON object")
    return held


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process or thread is in here with the same path.

    Args:
        path: a folder, or a lock file, which is made where it is missing and left there.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make_lasting(folder: Path) -> None:
    """See to it that what was renamed in a folder stays so if the machine goes down."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["alone", "make_lasting", "read_json", "write_json", "write_whole"]
