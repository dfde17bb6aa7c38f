"""How often one session and one network address may ask, counted in memory by each process.

The window is fixed: it begins with the first message and ends a minute later. Addresses and ids
of sessions are counted under names that only this installation can make, and stored nowhere.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from bot import metrics
from bot.errors import BadInput
from bot.secrets import keyed_name
from bot.settings import Settings
from bot.wording import say

SIGN_IN_MINUTES = 15
"""How long failures to sign in count against their address."""


class TooMany(BadInput):
    """Somebody asks more often than is allowed; ``headers`` says when to come again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message, status=429)
        self.headers = {"retry-after": str(seconds)}


class Limits:
    """The limits of one process.

    Args:
        settings: how much is allowed.
        key: :func:`bot.secrets.installation_key`.
    """

    def __init__(self, settings: Settings, key: bytes) -> None:
        self._key = key
        self._counts = MemoryStorage()  # the strategy holds it by a weak reference only
        self._windows = FixedWindowRateLimiter(self._counts)
        self._per_session = RateLimitItemPerMinute(settings.session_per_minute)
        self._per_address = RateLimitItemPerMinute(settings.address_per_minute)
        self._failed_sign_ins = RateLimitItemPerMinute(
            settings.failed_sign_ins_per_address, SIGN_IN_MINUTES)
        self._most_sockets = settings.sockets_per_address
        self._sockets: Counter[str] = Counter()

    def count_session(self, session: str) -> None:
        """Count a message of a session.

        Raises:
            TooMany: it has sent as many as it may.
        """
        self._count("session", self._per_session, session)

    def count_address(self, address: str) -> None:
        """Count a request or a message of a network address; '' is not counted.

        Raises:
            TooMany: it has sent as many as it may.
        """
        if address:
            self._count("address", self._per_address, address)

    def _count(self, kind: str, allowed: RateLimitItem, who: str) -> None:
        name = keyed_name(self._key, kind, who)
        if not self._windows.hit(allowed, kind, name):
            self._refuse(kind, allowed, name)

    def _refuse(self, kind: str, allowed: RateLimitItem, name: str) -> NoReturn:
        reset, _ = self._windows.get_window_stats(allowed, kind, name)
        metrics.refused(kind)
        seconds = max(1, math.ceil(reset - time.time()))
        raise TooMany(say("too_many", seconds=seconds), seconds)

    @contextmanager
    def sign_in(self, address: str) -> Iterator[None]:
        """Count an attempt to sign in from an address ('': not counted), if it fails.

        Raises:
            TooMany: too many of its attempts have failed.
            BadInput: what the attempt raises.
        """
        kind, allowed = "sign_in", self._failed_sign_ins
        name = keyed_name(self._key, kind, address)
        if address and not self._windows.test(allowed, kind, name):
            self._refuse(kind, allowed, name)
        try:
            yield
        except BadInput as error:
            if address and error.status == 401:
                self._windows.hit(allowed, kind, name)
            raise

    def check_sockets(self, address: str) -> None:
        """See to it that an address ('': not counted) can open another WebSocket.

        Raises:
            TooMany: it holds as many as it may.
        """
        if self._sockets[self._socket_name(address)] >= self._most_sockets and address:
            metrics.refused("sockets")
            raise TooMany(say("too_many_pages"), 60)

    @contextmanager
    def socket(self, address: str) -> Iterator[None]:
        """Count a WebSocket of an address for as long as it is open."""
        name = self._socket_name(address)
        self._sockets[name] += 1
        metrics.socket_opened()
        try:
            yield
        finally:
            metrics.socket_closed()
            self._sockets[name] -= 1
            if not self._sockets[name]:
                del self._sockets[name]

    def _socket_name(self, address: str) -> str:
        return keyed_name(self._key, "sockets", address)


__all__ = ["SIGN_IN_MINUTES", "Limits", "TooMany"]
