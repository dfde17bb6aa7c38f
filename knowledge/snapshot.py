"""A knowledge base that was read and checked once, kept in a file for the next start.

Reading thousands of YAML files takes seconds, and they change rarely. A snapshot holds the
objects as they were after all checks, under a key that names the data and the code that read it;
any other key, and any damage, means that the files are read again. Only instances of classes of
``knowledge`` itself can come out of a snapshot, so a forged file cannot run anything.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar


class _Versioned(Protocol):
    version: str


Kept = TypeVar("Kept", bound=_Versioned)
_OWN = "knowledge."
_KEY_LENGTH = 64


def kept(path: Path, version: str, make: Callable[[], Kept]) -> Kept:
    """Return what is kept in ``path`` under ``version``, else what ``make`` returns, and keep it.

    What was made is kept only if its own ``version`` is the same: files may change while they are
    read. A file that cannot be written is no error: then every start makes it anew.
    """
    key = hashlib.sha256(f"{version} {_code()}".encode()).hexdigest()
    with without_collector():
        # What lies in the file may be older, cut short or damaged in any way.
        with suppress(Exception):
            return _restored(path, key)
        made = make()
        if made.version == version:
            with suppress(OSError):
                _keep(path, key, made)
        return made


@contextmanager
def without_collector() -> Iterator[None]:
    """Make millions of lasting objects without the garbage collector going through them.

    Afterwards it leaves them alone for good: nothing of a knowledge base is ever garbage, and
    going through it would hold up a turn.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def _code() -> str:
    """Return a digest of the code that reads the files."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Reader(pickle.Unpickler):
    """Restores nothing but instances of the classes of ``knowledge``."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_OWN) and name.isidentifier():
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a snapshot")


def _restored(path: Path, key: str) -> Any:
    with path.open("rb") as file:
        if file.read(_KEY_LENGTH).decode("ascii") != key:
            raise ValueError("kept under another key")
        return _Reader(file).load()


def _keep(path: Path, key: str, made: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key.encode("ascii"))
            pickle.dump(made, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise


__all__ = ["kept", "without_collector"]
