"""What is listed at the desks: who waits, who has what, who is there. Rows are kept by revision."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot import operation
from bot.desk.views import row_of
from bot.errors import YibaoError
from bot.staff.accounts import Account
from bot.staff.opening import Staff
from bot.store import Store
from connectors.desk.rights import ALL, DESK, is_held
from connectors.desk.watch import Desks

AT_MOST_EVERY, AT_LEAST_EVERY = 0.1, 10.0
"""Seconds between two lists: however much happens, and where nothing does."""

ACTIVE_SECONDS, MOST_ACTIVE = 1800.0, 100
"""Of the bot's conversations those are listed in which something was said so recently."""

_PAUSE_SECONDS = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Kept:
    """The row of a conversation: the revision it was made from, who has it, the row as JSON."""

    revision: int
    held_by: str
    at_desk: bool
    packed: str


class Lists:
    """The lists of this process.

    Args:
        store: where the conversations are.
        staff: who there is.
    """

    def __init__(self, store: Store, staff: Staff) -> None:
        self._store, self._staff = store, staff
        self._rows: dict[str, _Kept] = {}
        self._waiting: list[str] = []
        self._held: list[str] = []
        self._active: list[str] = []
        self._agents: list[Mapping[str, Any]] = []
        self._there: list[Mapping[str, Any]] = []

    async def read(self, changed: Collection[str] | None, all_of_them: bool) -> None:
        """Read what has changed.

        Args:
            changed: the conversations that have; None: whatever may have.
            all_of_them: whether the bot's conversations are listed, too.

        Raises:
            StoreDown: it cannot be read.
            DatabaseDown: it cannot be told who there is.
        """
        if changed is None:
            self._there = await self._staff_there()
        self._waiting = await self._store.waiting()
        self._held = [conversation for conversation, _ in await self._store.held()]
        self._active = await self._recently_active() if all_of_them else []
        listed = dict.fromkeys([*self._waiting, *self._held, *self._active])
        for conversation in listed:
            if changed is None or conversation in changed or conversation not in self._rows:
                await self._keep(conversation)
        self._rows = {c: self._rows[c] for c in listed}
        self._agents = self._with_load()

    async def _recently_active(self) -> list[str]:
        since = time.time() - ACTIVE_SECONDS
        return [conversation for conversation, changed in await self._store.recent(MOST_ACTIVE)
                if changed >= since]

    async def _keep(self, conversation: str) -> None:
        record, kept = await self._store.load(conversation), self._rows.get(conversation)
        if kept and kept.revision == record.revision:
            return
        last = next(iter(await self._store.newest(conversation, 1)), None)
        row = row_of(conversation, record, last)
        data = record.data
        holder = str(data.get("agent", "")) if is_held(data) else ""
        self._rows[conversation] = _Kept(
            record.revision, holder, bool(data.get("desk")), json.dumps(row, ensure_ascii=False))

    async def _staff_there(self) -> list[Mapping[str, Any]]:
        """Return the agents, and how each is: ``absent`` where nobody has seen them."""
        there = await self._staff.presence.all()
        return [{"id": account.id, "role": account.role.value,
                 "status": there.get(account.id, "absent")}
                for account in await self._staff.accounts.all()
                if account.active and account.may(DESK)]

    def _with_load(self) -> list[Mapping[str, Any]]:
        """Return those who are there or have a conversation, with how many each has."""
        holds = Counter(k.held_by for k in self._rows.values() if k.held_by and k.at_desk)
        return [{**agent, "holds": holds[agent["id"]]} for agent in self._there
                if agent["status"] != "absent" or holds[agent["id"]]]

    def packed(self, account: Account) -> str:
        """Return the frame for an account, as JSON."""
        waiting = set(self._waiting)
        mine = [c for c in self._held if self._is_of(c, account)]
        others = [c for c in (*self._held, *self._active)
                  if not self._is_of(c, account) and c not in waiting]
        lists = {"waiting": self._waiting, "mine": mine,
                 "others": list(dict.fromkeys(others)) if account.may(ALL) else []}
        parts = ", ".join(f'"{name}": {self._array(ids)}' for name, ids in lists.items())
        agents = json.dumps(self._agents, ensure_ascii=False)
        return f'{{"type": "lists", {parts}, "agents": {agents}}}'

    def _is_of(self, conversation: str, account: Account) -> bool:
        kept = self._rows[conversation]
        return kept.at_desk and kept.held_by == account.id

    def _array(self, conversations: Iterable[str]) -> str:
        return "[" + ", ".join(self._rows[c].packed for c in conversations) + "]"


class Telling:
    """Sends the lists to the desks: when something changes, and now and then.

    Args:
        lists: the lists.
        desks: those that are open; whoever is welcomed hears of them with the next change.
    """

    def __init__(self, lists: Lists, desks: Desks) -> None:
        self._lists, self._desks = lists, desks
        self._changed: set[str] | None = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._something = asyncio.Event()
        self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """End."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def changed(self, conversation: str = "") -> None:
        """Let the lists be told anew; without a conversation whatever may have changed."""
        if not conversation:
            self._changed = None
        elif self._changed is not None:
            self._changed.add(conversation)
        self._something.set()

    async def _run(self) -> None:
        while True:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._something.wait(), AT_LEAST_EVERY)
            if not self._something.is_set():
                self._changed = None
            self._something.clear()
            try:
                await self._tell()
            except Exception as error:  # the desks keep what they have
                if isinstance(error, YibaoError):  # away
                    _log.warning("the lists of the desk were not read: %s", type(error).__name__)
                else:
                    operation.failed("lists", error)
                self.changed()
                await asyncio.sleep(_PAUSE_SECONDS)
            await asyncio.sleep(AT_MOST_EVERY)

    async def _tell(self) -> None:
        desks = self._desks.welcomed
        if not desks:
            return
        changed, self._changed = self._changed, set()
        await self._lists.read(changed, any(desk.account.may(ALL) for desk in desks))
        accounts = {desk.account.id: desk.account for desk in desks}
        packed = {number: self._lists.packed(account) for number, account in accounts.items()}
        for desk in self._desks.welcomed:
            if desk.account.id in packed:
                desk.send_packed(packed[desk.account.id])


__all__ = ["ACTIVE_SECONDS", "AT_LEAST_EVERY", "AT_MOST_EVERY", "Lists", "Telling"]
