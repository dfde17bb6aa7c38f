"""Work orders as they are kept: numbered by the day without gaps, changed until they are closed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot import clock
from bot.database import INSERT
from bot.errors import BadInput
from bot.orders.tables import (
    CLOSED,
    DRAFT,
    day_and_nth,
    order_of,
    work_order,
    work_order_day,
)
from bot.staff.database import StaffDatabase
from bot.staff.times import DAY, text_in
from bot.wording import say

PAGE = 50
"""Work orders of one page of a list."""

Order = dict[str, Any]
"""A work order with the ``conversation`` it is of; else as ``order.schema.json`` says."""


class Orders:
    """The work orders of an installation. All methods may raise DatabaseDown.

    Args:
        database: of staff.
    """

    def __init__(self, database: StaffDatabase) -> None:
        self._database = database

    async def open(self, conversation: str, agent: str, content: Mapping[str, Any]) -> Order:
        """Return the open draft of a conversation; where there is none, a new one.

        Args:
            conversation: its id.
            agent: 工号 of who drafts it.
            content: :func:`bot.orders.draft.draft`, with ``callback``.
        """
        day = clock.today().strftime("%Y%m%d")

        def act(db: Connection) -> Order:
            last = _hold(db, day)  # one at a time: no number is left out, no draft made twice
            chosen = _of(conversation).where(work_order.c.status == DRAFT)
            return _first(db, chosen) or _add(db, day, last + 1, conversation, agent, content)
        return await self._database.run(act)

    async def find(self, order_id: str) -> Order | None:
        """Return a work order by its id."""
        chosen = sa.select(work_order).where(work_order.c.id == order_id)
        return await self._database.run(lambda db: _first(db, chosen))

    async def newest(self, conversation: str) -> Order | None:
        """Return the last work order of a conversation."""
        return await self._database.run(lambda db: _first(db, _of(conversation)))

    async def page(self, agent: str = "", before: str = "") -> list[Order]:
        """Return work orders, newest first, :data:`PAGE` at most.

        Args:
            agent: only those of this 工号; '' for all.
            before: only those before this number, to read on; '' from the newest.

        Raises:
            BadInput: 404; ``before`` is no number of a work order.
        """
        chosen = sa.select(work_order).order_by(*_NEWEST_FIRST).limit(PAGE)
        if agent:
            chosen = chosen.where(work_order.c.agent == agent)
        if before:
            day, nth = day_and_nth(before)
            chosen = chosen.where(sa.or_(work_order.c.day < day, sa.and_(
                work_order.c.day == day, work_order.c.nth < nth)))
        return await self._database.run(lambda db: [
            order_of(row) for row in db.execute(chosen).mappings()])

    async def save(
        self, order_id: str, edit: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> Order:
        """Change the content of a draft; return the work order.

        Args:
            order_id: its id.
            edit: is given the content and returns what it is to be.

        Raises:
            BadInput: 404, there is none; 409, it is closed; or what ``edit`` raises.
        """
        def act(db: Connection) -> Order:
            row = _draft(db, order_id)
            content = dict(edit(row["content"]))
            db.execute(sa.update(work_order).where(work_order.c.id == order_id)
                       .values(content=content))
            return order_of({**row, "content": content})
        return await self._database.run(act)

    async def close(self, order_id: str, agent: str, callback: bool, due: bool) -> Order:
        """Close a draft; return the work order, also where it was closed before.

        Args:
            order_id: its id.
            agent: 工号 of who closes it, under which it stands from then on.
            callback: whether a call-back number is kept now.
            due: whether it is to be left for the hotline's platform (:meth:`due`).

        Raises:
            BadInput: 404, there is none.
        """
        closed_at = text_in(0)

        def act(db: Connection) -> Order:
            row = _held(db, order_id)
            if row["status"] == CLOSED:
                return order_of(row)
            changed = {"status": CLOSED, "closed_at": closed_at, "due": due, "agent": agent,
                       "content": {**row["content"], "callback": callback}}
            db.execute(sa.update(work_order).where(work_order.c.id == order_id).values(**changed))
            return order_of({**row, **changed})
        return await self._database.run(act)

    async def due(self) -> list[Order]:
        """Return closed work orders that are still to be left for the hotline's platform."""
        chosen = sa.select(work_order).where(work_order.c.due).order_by(work_order.c.created_at)
        return await self._database.run(lambda db: [
            order_of(row) for row in db.execute(chosen).mappings()])

    async def is_due(self, order_id: str) -> bool:
        """Tell whether a work order is there, and still to be left for the platform."""
        chosen = sa.select(work_order.c.due).where(work_order.c.id == order_id)
        return bool(await self._database.run(lambda db: db.execute(chosen).scalar()))

    async def left(self, order_id: str) -> None:
        """Note that a work order was left for the platform."""
        done = sa.update(work_order).where(work_order.c.id == order_id).values(due=False)
        await self._database.run(lambda db: db.execute(done))

    async def forget(self, conversation: str) -> int:
        """Delete the work orders of a conversation; return how many."""
        return await self._database.delete(work_order, work_order.c.conversation == conversation)

    async def expire(self, keep_days: int) -> int:
        """Delete the work orders that were drafted so many days ago; return how many."""
        old = work_order.c.created_at < text_in(-keep_days * DAY)
        return await self._database.delete(work_order, old)


_NEWEST_FIRST = (work_order.c.day.desc(), work_order.c.nth.desc())


def _hold(db: Connection, day: str) -> int:
    """Return the last number of a day, which nobody else changes before we are done."""
    db.execute(INSERT[db.dialect.name](work_order_day).values(day=day, last=0)
               .on_conflict_do_nothing())
    held = sa.select(work_order_day.c.last).where(work_order_day.c.day == day).with_for_update()
    return int(db.execute(held).scalar_one())


def _add(
    db: Connection, day: str, nth: int, conversation: str, agent: str,
    content: Mapping[str, Any],
) -> Order:
    row = {"id": uuid.uuid4().hex, "day": day, "nth": nth,
           "conversation": conversation, "agent": agent,
           "created_at": text_in(0), "closed_at": None, "status": DRAFT,
           "due": False, "content": dict(content)}
    db.execute(sa.insert(work_order).values(**row))
    db.execute(sa.update(work_order_day).where(work_order_day.c.day == day).values(last=nth))
    return order_of(row)


def _of(conversation: str) -> Any:
    """Return the query of a conversation's work orders, newest first."""
    return sa.select(work_order).where(
        work_order.c.conversation == conversation).order_by(*_NEWEST_FIRST)


def _first(db: Connection, chosen: Any) -> Order | None:
    row = db.execute(chosen.limit(1)).mappings().first()
    return order_of(row) if row else None


def _held(db: Connection, order_id: str) -> dict[str, Any]:
    """Return the row of a work order, which nobody else changes before we are done."""
    chosen = sa.select(work_order).where(work_order.c.id == order_id).with_for_update()
    row = db.execute(chosen).mappings().first()
    if row is None:
        raise BadInput(say("order_missing"), "id", 404)
    return dict(row)


def _draft(db: Connection, order_id: str) -> dict[str, Any]:
    row = _held(db, order_id)
    if row["status"] != DRAFT:
        raise BadInput(say("order_closed"), "id", 409)
    return row


__all__ = ["PAGE", "Order", "Orders"]
