"""Canned replies (常用语): texts that agents send often, their own and those that all share.

The shared ones of ``data/canned_replies.yml`` are there from the start; one that was changed or
deleted is kept under its id in the staff database, and that counts. Citizens' data have no place
in them: whatever is saved is masked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.errors import BadInput
from bot.journal.tables import moment
from bot.privacy import mask
from bot.staff.database import StaffDatabase, metadata
from bot.wording import say
from knowledge.store import read_yaml

MOST_CHARACTERS = {"title": 20, "shortcut": 12, "text": 500}
MOST_TEXTS = 200
"""Of one account, and of all that share."""

SHARED = ""
"""The owner of what all share."""

Reply = dict[str, str]
"""``{"id", "title", "shortcut", "text", "owner"}``; the owner is a 工号 or :data:`SHARED`."""

_DATA = Path(__file__).parents[1] / "data" / "canned_replies.yml"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHORTCUT = re.compile(r"[\w-]*")
_VARIABLE = re.compile(r"\{([^{}]*)\}|[{}]")

canned_reply = sa.Table(
    "canned_reply", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("shortcut", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # '' where it was deleted
    sa.Column("changed_at", sa.Text, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
)


class CannedReplies:
    """The canned replies.

    Args:
        database: the staff database.
    """

    def __init__(self, database: StaffDatabase) -> None:
        self._database = database

    async def of(self, account_id: str) -> list[Reply]:
        """Return what an account can use: its own by title, then the shared ones in their order.

        Raises:
            DatabaseDown: they cannot be read.
        """
        return await self._database.run(
            lambda db: [*_sorted(_owned(db, account_id)), *_owned(db, SHARED).values()])

    async def save(
        self, account_id: str, reply_id: str, fields: Mapping[str, Any], may_share: bool
    ) -> Reply:
        """Save a text, a new one or another version; personal data in it are masked.

        Args:
            account_id: who saves it.
            reply_id: of the text; for a new one any that is new (a UUID), so that saving again
                makes no second one.
            fields: ``{"title", "shortcut"?, "text", "shared"?}``. Texts of one's own can be shared
                later; a shared one stays shared.
            may_share: whether the account may change what all share.

        Raises:
            BadInput: it is not the account's to change (403), somebody else's (404), another has
                its shortcut or there are too many (409), or a field is wrong; names the field.
            DatabaseDown: nothing was saved.
        """
        fields = _checked(reply_id, fields)

        def act(db: Connection) -> Reply:
            before = _owner_of(db, reply_id, account_id)
            owner = SHARED if fields["shared"] else before
            for whose in (before, owner):
                _check_right(whose, account_id, may_share)
            reply = {"id": reply_id, **{n: fields[n] for n in MOST_CHARACTERS}, "owner": owner}
            _check_room(reply, _owned(db, owner))
            _write(db, reply, account_id)
            return reply
        return await self._database.run(act)

    async def delete(self, account_id: str, reply_id: str, may_share: bool) -> Reply:
        """Delete a text; return what it was.

        Raises:
            BadInput: it is not the account's to delete (403), or there is none (404).
            DatabaseDown: nothing was deleted.
        """
        def act(db: Connection) -> Reply:
            owner = _owner_of(db, reply_id)
            _check_right(owner, account_id, may_share)
            gone = _owned(db, owner).get(reply_id)
            if gone is None:
                _refuse("canned_unknown", "id", 404)
            _write(db, {**gone, "text": ""}, account_id)
            return gone
        return await self._database.run(act)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return read_yaml(_DATA)


def variables() -> dict[str, str]:
    """Return what may stand in braces in a text, with an explanation for whoever writes one."""
    return dict(_data()["variables"])


def _defaults() -> dict[str, Reply]:
    return {reply["id"]: {**reply, "owner": SHARED} for reply in _data()["replies"]}


def _owned(db: Connection, owner: str) -> dict[str, Reply]:
    """Return the texts of an owner by id, the shared defaults first and in their order."""
    texts = _defaults() if owner == SHARED else {}
    rows = db.execute(sa.select(canned_reply).where(canned_reply.c.owner == owner)
                      .order_by(canned_reply.c.title, canned_reply.c.id)).mappings()
    texts.update((row["id"], {name: row[name] for name in (
        "id", "title", "shortcut", "text", "owner")}) for row in rows)
    return {reply_id: reply for reply_id, reply in texts.items() if reply["text"]}


def _sorted(texts: Mapping[str, Reply]) -> list[Reply]:
    return sorted(texts.values(), key=lambda reply: (reply["title"], reply["id"]))


def _owner_of(db: Connection, reply_id: str, new: str = SHARED) -> str:
    """Return whose text it is; ``new`` where there is none of this id."""
    if reply_id in _defaults():
        return SHARED
    found = db.execute(sa.select(canned_reply.c.owner).where(canned_reply.c.id == reply_id))
    owner = found.scalar()
    return new if owner is None else str(owner)


def _check_right(owner: str, account_id: str, may_share: bool) -> None:
    if owner == SHARED and not may_share:
        _refuse("canned_shared", "shared", 403)
    if owner not in (SHARED, account_id):
        _refuse("canned_unknown", "id", 404)


def _checked(reply_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be saved, masked.

    Raises:
        BadInput: something is missing, too long, or no variable that there is.
    """
    if not _ID.fullmatch(reply_id):
        _refuse("canned_unknown", "id", 404)
    texts = {name: _text(fields, name, limit) for name, limit in MOST_CHARACTERS.items()}
    if not _SHORTCUT.fullmatch(texts["shortcut"]):
        _refuse("canned_shortcut", "shortcut")
    for found in _VARIABLE.finditer(texts["text"]):
        if found[1] not in variables():
            known = "、".join(f"{{{name}}}" for name in variables())
            _refuse("canned_variable", "text", found=found[0], known=known)
    return {**texts, "shared": fields.get("shared") is True}


_NEEDED = {"title": "canned_no_title", "text": "canned_no_text"}


def _text(fields: Mapping[str, Any], name: str, limit: int) -> str:
    value = fields.get(name, "")
    shown = (sign for sign in str(value) if sign == "\n" or sign.isprintable())
    text = "".join(shown).strip() if isinstance(value, str) else ""
    if len(text) > limit:
        _refuse("canned_too_long", name, limit=limit)
    if not text and name in _NEEDED:
        _refuse(_NEEDED[name], name)
    return mask(text).text


def _check_room(reply: Reply, others: Mapping[str, Reply]) -> None:
    others = {name: other for name, other in others.items() if name != reply["id"]}
    if len(others) >= MOST_TEXTS:
        _refuse("canned_too_many", "id", 409, limit=MOST_TEXTS)
    if reply["shortcut"] and reply["shortcut"] in {o["shortcut"] for o in others.values()}:
        _refuse("canned_taken", "shortcut", 409)


def _write(db: Connection, reply: Reply, account_id: str) -> None:
    db.execute(sa.delete(canned_reply).where(canned_reply.c.id == reply["id"]))
    db.execute(sa.insert(canned_reply).values(
        **reply, changed_by=account_id, changed_at=moment(datetime.now(timezone.utc))))


def _refuse(key: str, field: str, status: int = 400, **values: Any) -> NoReturn:
    raise BadInput(say(key, **values), field, status)


__all__ = [
    "MOST_CHARACTERS", "MOST_TEXTS", "SHARED", "CannedReplies", "Reply", "canned_reply",
    "variables",
]
