"""Passwords: what is accepted as one, and their argon2 hashes, made in threads of their own."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from bot.errors import BadInput
from bot.wording import say

SHORTEST, LONGEST = 10, 72
"""Characters of a password."""

AT_ONCE, MOST_WAITING = 2, 16
"""How many are hashed at the same time, 64 MiB and some 0.1 s of a core each, and how many may
wait for it: whoever floods the sign-in costs no more than that."""

_LEAST_SCORE = 3
"""zxcvbn's own scale of 0 to 4: 3 is not found within 100 million guesses."""

_JUDGED = 16
"""Characters at the beginning that have to be hard to guess by themselves: with many signs that
can stand for letters, zxcvbn would look at some for seconds."""

_EXPECTED = ("yibao", "medical", "12345", "医保")
"""Words that somebody would try here first."""

T = TypeVar("T")


class Passwords:
    """Hashes and verifies; never on the event loop, and few at a time.

    Args:
        hasher: argon2id; others for tests.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
        self._under_way = 0

    async def check_rules(self, account: str, password: str) -> None:
        """See to it that a password is good enough; see :func:`check_rules`.

        Raises:
            BadInput: 422, it is not; 503, too many wait already.
        """
        await self._in_thread(lambda: check_rules(account, password))

    async def hash(self, password: str) -> str:
        """Return the hash of a password, with its parameters and salt.

        Raises:
            BadInput: 503; too many wait already.
        """
        return await self._in_thread(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the one; takes as long where there is none (None).

        Raises:
            BadInput: 503; too many wait already.
        """
        return await self._in_thread(lambda: self._verify(kept, password))

    async def renewed(self, kept: str, password: str) -> str | None:
        """Return a hash with today's parameters where one was made with others, else None.

        Raises:
            BadInput: 503; too many wait already.
        """
        return await self.hash(password) if self._hasher.check_needs_rehash(kept) else None

    def _verify(self, kept: str | None, password: str) -> bool:
        nobodys = self._nobodys  # made at the first call, whoever it is for
        try:
            right = self._hasher.verify(kept or nobodys, _bytes(password))
        except (InvalidHashError, VerificationError):
            return False
        return right and kept is not None

    async def _in_thread(self, act: Callable[[], T]) -> T:
        if self._under_way >= AT_ONCE + MOST_WAITING:
            raise BadInput(say("sign_in_busy"), status=503)
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, act)
        finally:
            self._under_way -= 1

    @cached_property
    def _nobodys(self) -> str:
        """The hash that is verified for an account that does not exist."""
        return self._hasher.hash(b"nobody's")

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(AT_ONCE, "passwords")


def check_rules(account: str, password: str) -> None:
    """See to it that a password is good enough.

    Args:
        account: whose it is to be; its id must not be guessed from.
        password: as typed.

    Raises:
        BadInput: 422; it is too short, too long, or easily guessed.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(say("password_length", least=SHORTEST, most=LONGEST), "password", 422)
    guessed = zxcvbn(password[:_JUDGED], user_inputs=[account, *_EXPECTED])
    if password.lower() == account.lower() or guessed["score"] < _LEAST_SCORE:
        raise BadInput(say("password_weak"), "password", 422)


def _bytes(password: str) -> bytes:
    # A full-width 1 of an input method is the same key to whoever types it.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


__all__ = ["AT_ONCE", "LONGEST", "MOST_WAITING", "SHORTEST", "Passwords", "check_rules"]
