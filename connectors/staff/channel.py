"""The staff's pages as routes."""

from __future__ import annotations

from pathlib import Path

from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup

from bot.database import DatabaseDown
from bot.errors import BadInput
from bot.staff.opening import Staff
from connectors.signed_in import ANYBODY, SignedIn
from connectors.staff.managing import Managing
from connectors.staff.shown import failure
from connectors.staff.signing_in import SigningIn

_STATIC = Path(__file__).parent / "static"


class StaffPages:
    """``/login``, ``/logout``, ``/password``, ``/staff``, ``/accounts`` and ``/audit``.

    Args:
        staff: accounts, sessions, audit log.
        signed_in: lets staff in.
    """

    def __init__(self, staff: Staff, signed_in: SignedIn) -> None:
        self._signed_in = signed_in
        self._signing_in, self._managing = SigningIn(staff, signed_in), Managing(staff, signed_in)

    def blueprint(self) -> BlueprintGroup:
        """Return the routes. Only signing in, and the looks of all pages, are for everybody."""
        public, guarded = Blueprint("staff_public"), Blueprint("staff_pages")
        public.static("/staff/static", _STATIC, name="staff_static")
        self._signing_in.add_to(public, guarded)
        self._managing.add_to(guarded)
        self._signed_in.guard(guarded, ANYBODY)
        for routes in (public, guarded):
            routes.exception(BadInput, DatabaseDown)(failure)
        return Blueprint.group(public, guarded)


__all__ = ["StaffPages"]
