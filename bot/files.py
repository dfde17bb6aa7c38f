"""Files that are there whole or as they were before, and acts on files that exclude one another."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


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


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process or thread is in here with the same lock file.

    Args:
        path: the lock file; made where it is missing, and left there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_lasting(folder: Path) -> None:
    """See to it that what was renamed in a folder stays so if the machine goes down."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["alone", "make_lasting", "write_json", "write_whole"]
