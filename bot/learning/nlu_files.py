"""Labels written into the NLU files as a person would, and taken out of them again.

Each file is replaced as a whole, after it was read again and found to hold just what is wanted;
one process at a time writes. Where a process dies between two files, the next writing goes on:
what is there already is found there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadInput
from bot.files import alone
from bot.learning.labels.labels import Labels
from bot.learning.labels.writing import Entry, Pending
from bot.learning.nlu_folder import NluFolder
from bot.paths import nlu_folder


@dataclass(frozen=True)
class Refused:
    """A label that was not written, and why (Chinese)."""

    entry: Entry
    why: str


@dataclass(frozen=True)
class Written:
    """What was done with pending labels; ``known`` stood there already."""

    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    known: tuple[Entry, ...] = ()
    refused: tuple[Refused, ...] = ()


async def write_pending(labels: Labels, folder: Path | None = None) -> Written:
    """Bring the NLU files up to the labels of this installation, and note that they are.

    For a process of its own: nothing else goes on in it meanwhile (a second or two).

    Args:
        labels: of the installation.
        folder: of the files; None for that of this installation.

    Raises:
        DataError: a file cannot be read; none was changed.
        DatabaseDown: see :class:`bot.learning.labels.labels.Labels`.
    """
    place = folder or nlu_folder()
    with alone(place):
        written = _written(await labels.pending(), place)
        await labels.settle([entry.id for entry in (*written.added, *written.known)],
                            [entry.id for entry in written.removed])
    return written


def write(pending: Pending, folder: Path | None = None) -> Written:
    """Take utterances out of the NLU files and add others; wait while another process does.

    An utterance goes to the end of the block with the same labels, in the file that holds most of
    its item; else into a block of its own behind the one most like it. What is to be removed and
    is not there counts as removed.

    Args:
        pending: what to remove, and what to add then.
        folder: of the files; None for that of this installation.

    Raises:
        DataError: a file cannot be read; none was changed.
    """
    place = folder or nlu_folder()
    with alone(place):
        return _written(pending, place)


def _written(pending: Pending, folder: Path) -> Written:
    files = NluFolder(folder)
    for entry in pending.remove:
        files.remove(entry.example)
    found = [(entry, _added(files, entry)) for entry in pending.add]
    files.save()
    return Written(
        added=tuple(entry for entry, how in found if how is True), removed=pending.remove,
        known=tuple(entry for entry, how in found if how is False),
        refused=tuple(how for _, how in found if isinstance(how, Refused)))


def _added(files: NluFolder, entry: Entry) -> bool | Refused:
    try:
        return files.add(entry.example)
    except BadInput as error:
        return Refused(entry, str(error))


__all__ = ["Refused", "Written", "write", "write_pending"]
