"""Call-back numbers (回电号码): kept by consent, encrypted, for some days, and nowhere else.

A number stands in the staff database only, and there only encrypted; who else has to know that
there is one gets :meth:`Numbers.hint`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import phonenumbers
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.database import INSERT
from bot.errors import BadInput
from bot.paths import PROJECT
from bot.staff.database import StaffDatabase, metadata
from bot.staff.times import DAY, text_in
from knowledge.store import read_yaml

callback_number = sa.Table(
    "callback_number", metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("ciphertext", sa.Text, nullable=False),
    sa.Column("consent_version", sa.Text, nullable=False),
    sa.Column("consented_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False, index=True),
)

_COUNTRY = "CN"
_REACHED = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE,
            phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
_LONGEST = 40
_EXTENSION = re.compile("转|分机")
_SHOWN_BEFORE, _SHOWN_BEHIND = 3, 4


@dataclass(frozen=True)
class Kept:
    """What is told about a number that is kept.

    Attributes:
        hint: the number with its middle starred out.
        until: when it is deleted (ISO 8601, UTC).
        new: whether it was not kept already.
    """

    hint: str
    until: str
    new: bool


class Numbers:
    """The call-back numbers of an installation. All methods may raise DatabaseDown.

    Args:
        database: of staff.
        keys: Fernet keys (:func:`bot.secrets.number_keys`); the first encrypts, all decrypt.
        keep_days: how long a number is kept.
    """

    def __init__(self, database: StaffDatabase, keys: Sequence[bytes], keep_days: int) -> None:
        self._database, self.keep_days = database, keep_days
        self._cipher = MultiFernet([Fernet(key) for key in keys])

    @property
    def consent(self) -> str:
        """What a citizen agrees to."""
        return told("consent", days=self.keep_days)

    async def keep(self, conversation: str, number: str) -> Kept:
        """Keep a number, to which its owner has just agreed, instead of one given before.

        Args:
            conversation: its id.
            number: as it was typed.

        Raises:
            BadInput: it is no number in mainland China that rings.
        """
        plain = _normalised(number)
        row = await self._row(conversation)
        if row and self._plain(row) == plain:
            return Kept(_hint(plain), row["expires_at"], new=False)
        values = {
            "conversation": conversation,
            "ciphertext": self._cipher.encrypt(plain.encode()).decode(),
            "consent_version": f"{_texts()['consent_version']}/{self.keep_days}",
            "consented_at": text_in(0), "expires_at": text_in(self.keep_days * DAY),
        }
        await self._database.run(lambda db: db.execute(
            INSERT[db.dialect.name](callback_number).values(**values).on_conflict_do_update(
                index_elements=[callback_number.c.conversation], set_=values)))
        return Kept(_hint(plain), values["expires_at"], new=True)

    async def show(self, conversation: str) -> str:
        """Return a number as it is dialled. Who calls notes in the audit log for whom.

        Raises:
            BadInput: 404, there is none (any more); 409, it cannot be read with our keys.
        """
        row = await self._row(conversation)
        if not row:
            raise BadInput(told("none"), "conversation", 404)
        plain = self._plain(row)
        if not plain:
            raise BadInput(told("unreadable"), "conversation", 409)
        return plain

    async def hint(self, conversation: str) -> str:
        """Return a number with its middle starred out; '' where none is kept."""
        row = await self._row(conversation)
        return _hint(self._plain(row)) if row else ""

    async def forget(self, conversation: str) -> int:
        """Delete the number of a conversation; return how many there were."""
        return await self._database.delete(callback_number, _of(conversation))

    async def expire(self) -> int:
        """Delete the numbers whose time is over; return how many."""
        over = callback_number.c.expires_at <= text_in(0)
        return await self._database.delete(callback_number, over)

    async def _row(self, conversation: str) -> dict[str, Any] | None:
        chosen = sa.select(callback_number).where(
            _of(conversation), callback_number.c.expires_at > text_in(0))
        found = await self._database.run(lambda db: db.execute(chosen).mappings().first())
        return dict(found) if found else None

    def _plain(self, row: dict[str, Any]) -> str:
        """Return the number of a row; '' where none of our keys is its key."""
        try:
            return self._cipher.decrypt(row["ciphertext"].encode()).decode()
        except InvalidToken:
            return ""


def told(key: str, **values: Any) -> str:
    """Return a sentence about call-back numbers (``bot/data/callback.yml``)."""
    return str(_texts()[key]).format(**values)


@lru_cache(maxsize=1)
def _texts() -> dict[str, Any]:
    return read_yaml(PROJECT / "bot" / "data" / "callback.yml")


def _of(conversation: str) -> Any:
    return callback_number.c.conversation == conversation


def _normalised(number: str) -> str:
    """Return a number as it is dialled within China."""
    if len(number) > _LONGEST:
        raise BadInput(told("bad_number"), "number")
    try:
        read = phonenumbers.parse(_EXTENSION.sub(" ext ", number), _COUNTRY)
    except phonenumbers.NumberParseException:
        raise BadInput(told("bad_number"), "number") from None
    kind = phonenumbers.number_type(read)
    own = phonenumbers.region_code_for_number(read) == _COUNTRY
    if not (own and phonenumbers.is_valid_number(read) and kind in _REACHED):
        raise BadInput(told("bad_number"), "number")
    return _dialled(read, kind)


def _dialled(read: phonenumbers.PhoneNumber, kind: int) -> str:
    """Return the digits: of a fixed line with the 0 of its area, and an extension behind it."""
    digits = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.NATIONAL)
    whole = re.sub(r"\D", "", digits.partition("ext")[0])
    return f"{whole}-{read.extension}" if read.extension else whole


def _hint(plain: str) -> str:
    """Return a number that is recognised by who knows it."""
    hidden = "*" * max(4, len(plain) - _SHOWN_BEFORE - _SHOWN_BEHIND)
    return plain[:_SHOWN_BEFORE] + hidden + plain[-_SHOWN_BEHIND:] if plain else hidden


__all__ = ["Kept", "Numbers", "callback_number", "told"]
