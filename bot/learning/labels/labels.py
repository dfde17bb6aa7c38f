"""The labels of an installation: saved, read a second time, withdrawn, found, written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from bot.learning.labels import acts, finding, forgetting, writing
from bot.learning.labels.checking import checked_sources
from bot.learning.labels.data import TrainingData, training_data
from bot.learning.labels.finding import Told
from bot.learning.labels.label import Label
from bot.learning.labels.writing import Pending
from bot.paths import nlu_folder
from bot.staff.database import StaffDatabase

T = TypeVar("T")


class Labels:
    """What reviewers say that sentences mean. All methods may raise DatabaseDown.

    What was answered is in the database, whole; an act whose answer was lost can be done again.

    Args:
        database: of staff.
        folder: of the NLU files; None for that of this installation, whichever it is by then.
    """

    def __init__(self, database: StaffDatabase, folder: Path | None = None) -> None:
        self._database, self._folder = database, folder

    async def save(
        self, sources: Sequence[Mapping[str, str]], label: Label, by: str
    ) -> list[Told]:
        """Save what some sentences mean; return their labels in the same order.

        ``state`` is ``approved``; ``unusable``; ``known`` where somebody or the NLU files say just
        that already; ``second`` where they say otherwise (``why``), or say it of nearly the same
        sentence. A label of one's own that nobody else has agreed to is put right. Who labels a
        sentence just as somebody whose label waits has read it for the second time.

        Args:
            sources: ``[{"text", "turn", "conversation", "original"?}]``: the sentences; their turn
                and conversation in the log, and what was said where they were edited. Texts may
                not hold personal data, unless they are unusable: then they are masked.
                What the NLU files hold already may be labelled as it stands there.
            label: ``checked_label``; the facts are marked in the first sentence.
            by: 工号 of the reviewer.

        Raises:
            BadInput: a sentence cannot be learnt from, or its conversation was deleted (409);
                names the field. Nothing was saved.
        """
        data = await asyncio.to_thread(self._data)
        given = await asyncio.to_thread(checked_sources, sources, label, data.by_key)
        return await self._judge(lambda db, data: finding.told(db, acts.save(db, data, given, by)))

    async def second(self, label_id: int, agree: bool, label: Label | None, by: str) -> Told:
        """Read a label for the second time; return the label that counts from now on.

        Agreed to, it takes the place of all else that is said of its sentence, in the NLU files,
        too. Otherwise it counts no more: its message is back in the inbox, unless the second
        reader says what it means, which is judged like any label.

        Args:
            label_id: of a label whose state is ``second``.
            agree: whether it is right.
            label: what is right instead (``checked_label``); None for not having said.
            by: 工号 of the second reader.

        Raises:
            BadInput: 404, there is none; 409, it does not wait, or it is the reader's own.
        """
        return await self._judge(lambda db, data: finding.told(
            db, [acts.second(db, data, label_id, agree, label, by)])[0])

    async def undo(self, label_id: int, by: str) -> Told:
        """Withdraw a label, whoever's; return it. What it had taken the place of stands again.

        If it is in the NLU files it is taken out when they are written next.

        Raises:
            BadInput: 404; there is none.
        """
        return await self._judge(lambda db, data: finding.told(
            db, [acts.undo(db, data, label_id, by)])[0])

    async def known(self, keys: Iterable[str]) -> set[str]:
        """Return which of some keys (:func:`bot.learning.keys.key_of`) are labelled, or wait."""
        return await self._database.run(partial(finding.known, keys=keys))

    async def settled(self, keys: Iterable[str]) -> dict[str, Label]:
        """Return what some sentences mean, by key, where nothing is left to settle."""
        return await self._database.run(partial(finding.settled, keys=keys))

    async def reread(self, keys: Iterable[str], since: str) -> set[str]:
        """Return which sentences of the NLU files somebody has read again, by key.

        That is: labelled since a time (as tables hold it), or labelled as they are.
        """
        return await self._database.run(partial(finding.reread, keys=keys, since=since))

    async def find(
        self, query: str = "", by: str = "", state: str = "", intent: str = "",
        before: int | None = None, limit: int = 50,
    ) -> list[Told]:
        """Return labels, the newest first.

        Args:
            query: part of the sentence, or of what was said; '' for any.
            by, state, intent: of the label; '' for any.
            before: id of the last one of the page before.
            limit: how many at most, up to :data:`bot.learning.labels.finding.MOST_AT_ONCE`.
        """
        return await self._database.run(partial(
            finding.find, query=query, by=by, state=state, intent=intent, before=before,
            limit=limit))

    async def history(self, key: str) -> list[dict[str, Any]]:
        """Return who did what with the labels of a sentence, in order.

        Returns:
            ``[{"at", "by", "act", "text", "id", "in_words"}]``; ``text`` names the act.
        """
        return await self._database.run(partial(finding.history, key=key))

    async def counts(self) -> dict[str, int]:
        """Return ``{state: n, "unwritten": n}``: the last by how many the NLU files differ."""
        return await self._database.run(finding.counts)

    async def forget(self, conversation: str) -> int:
        """Delete the labels of a conversation; of those in the NLU files only where they are from.

        From now on nothing of it can be labelled.

        Returns:
            Of how many labels something was deleted.
        """
        if not self._database.exists or not await self._database.run(
                partial(forgetting.close, conversation=conversation)):
            return 0
        gone = await self._judge(partial(forgetting.forget, conversation=conversation))
        await asyncio.to_thread(self._database.clear_leftovers)
        return gone

    async def pending(self) -> Pending:
        """Return what is to be taken out of the NLU files, and then added.

        Whoever writes holds the lock of the folder from before this call until after
        :meth:`settle`. Killed anywhere between, the next call returns the same again: to add what
        is there with the same label, or to take out what is not, has to do nothing.
        """
        return await self._judge(writing.pending)

    async def settle(self, added: Iterable[int], removed: Iterable[int]) -> None:
        """Note that the NLU files hold the first, and hold the others no more (ids)."""
        await self._database.run(partial(writing.settle, added=added, removed=removed))

    async def _judge(self, act: Callable[[Connection, TrainingData], T]) -> T:
        """Do something in one transaction that looks at the NLU files, too."""
        data = await asyncio.to_thread(self._data)
        return await self._database.run(lambda db: act(db, data))

    def _data(self) -> TrainingData:
        """Read the NLU files, where they have changed, before the database is held."""
        data = training_data(self._folder or nlu_folder())
        data.prepare()
        return data


__all__ = ["Labels"]
