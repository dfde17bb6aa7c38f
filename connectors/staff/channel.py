"""The blueprint of the staff's pages."""

from __future__ import annotations

from pathlib import Path

from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup

from bot.database import DatabaseDown
from bot.errors import BadInput
from bot.staff.opening import Staff
from connectors.signed_in import ANYBODY, SignedIn
from connectors.staff.managing import Managing
from connectors.staff.rendering import failure
from connectors.staff.signing_in import SigningIn

_STATIC = Path(__file__).parent / "static"


def staff_pages(staff: Staff, signed_in: SignedIn) -> BlueprintGroup:
    """Return ``/login``, ``/logout``, ``/password``, ``/staff``, ``/accounts`` and ``/audit``.

    Only the page to sign in, and the looks of all, can be had without being signed in.

    Args:
        staff: accounts, sessions, audit log.
        signed_in: lets staff in.
    """
    public, guarded = Blueprint("staff_public"), Blueprint("staff_pages")
    public.static("/staff/static", _STATIC, name="staff_static")
    SigningIn(staff, signed_in).add_to(public, guarded)
    Managing(staff, signed_in).add_to(guarded)
    signed_in.guard(guarded, ANYBODY)
    for routes in (public, guarded):
        routes.exception(BadInput, DatabaseDown)(failure)
    return Blueprint.group(public, guarded)


__all__ = ["staff_pages"]
