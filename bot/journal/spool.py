"""The spool: lines on the local disk, shared by the processes of one machine.

Every entry is one line of JSON, written whole under a lock. What was written outlives the process
(``kill -9``); it is not forced onto the disk, so that a power cut may cost the last seconds.

Entries wait in ``spool.jsonl``. Whoever ships (one process at a time, see :meth:`Spool.held`) takes
that file away as ``shipping.jsonl``, which stays until all of it has arrived: a killed shipper
leaves it to the next one.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.store import StoreDown

_log = logging.getLogger(__name__)
_ONLY_US = 0o600


class Spool:
    """The spool of this machine.

    Args:
        folder: made where missing; shared by all processes of the machine.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._spool, self._shipping = folder / "spool.jsonl", folder / "shipping.jsonl"
        self._spool_lock, self._ship_lock = folder / "spool.lock", folder / "ship.lock"

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write an entry as one whole line.

        Raises:
            StoreDown: it could not be written (disk full); nothing of it stays. A turn that cannot
                be logged is not to be answered.
        """
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        try:
            with _locked(self._spool_lock):
                _add_line(self._spool, line.encode("utf-8", "replace") + b"\n")
        except OSError as error:
            raise StoreDown(f"the spool cannot be written: {error.strerror}") from error

    @property
    def bytes_waiting(self) -> int:
        """How many bytes wait to be shipped."""
        return _size(self._spool) + _size(self._shipping)

    @contextmanager
    def held(self, wait: bool = False) -> Iterator[bool]:
        """Be the one process that ships; gives False where another does and we do not wait."""
        try:
            with _locked(self._ship_lock, wait):
                yield True
        except _Taken:
            yield False

    def take(self) -> Path | None:
        """Return the file to ship next, None where nothing waits. To be called while held."""
        if not self._shipping.exists():
            with _locked(self._spool_lock), suppress(FileNotFoundError):
                self._spool.rename(self._shipping)
        return self._shipping if self._shipping.exists() else None

    def forget(self, conversation: str) -> int:
        """Delete the entries of a conversation; return how many. To be called while held."""
        with _locked(self._spool_lock):
            return sum(_without(path, conversation) for path in (self._shipping, self._spool))


class _Taken(Exception):
    """Another process holds the lock."""


@contextmanager
def _locked(path: Path, wait: bool = True) -> Iterator[None]:
    # A file handle of its own each time: threads of one process exclude one another as well.
    handle = os.open(path, os.O_RDWR | os.O_CREAT, _ONLY_US)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise _Taken from None
        yield
    finally:
        os.close(handle)


def _add_line(path: Path, line: bytes) -> None:
    """Append a line, whole or not at all; one that was torn before it is closed off."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _ONLY_US)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        try:
            if os.write(handle, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def entries_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries of a spool file; lines that are none (torn by a kill) are left out."""
    for _, entry in _lines(path):
        if entry is not None:
            yield entry


def _lines(path: Path) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            entry = _parsed(line)
            if entry is None and line.strip():
                _log.warning("a torn line of %d bytes in %s is skipped", len(line), path.name)
            yield line, entry


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _without(path: Path, conversation: str) -> int:
    """Rewrite a file without the entries of a conversation, and without torn lines."""
    entries = [(line, entry) for line, entry in _lines(path) if entry is not None]
    kept = [line for line, entry in entries if entry.get("conversation") != conversation]
    if path.exists():
        new, owner = path.with_suffix(".new"), path.stat()
        new.touch(_ONLY_US)
        # An administrator may do this; the server has to be able to go on with the file.
        os.chown(new, owner.st_uid, owner.st_gid)
        new.write_bytes(b"".join(kept))
        new.replace(path)
    return len(entries) - len(kept)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


__all__ = ["Spool", "entries_of"]
