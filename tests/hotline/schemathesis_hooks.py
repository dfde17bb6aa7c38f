"""What schemathesis has to know, beyond the contract, to talk to the server; see the test beside.

It runs in an environment of its own, so nothing of the project is imported here. The signature is
written anew from ``docs/hotline.md``, over what is really sent: path as encoded, body as bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import time
from typing import Any

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

KEY, SECRET = os.environ["CONTRACT_KEY"].split(":")
IDS = ("session_id", "message_id", "event_id", "agent")
REGIONS = ("梅州市", "兴宁市", "湖北省")
LIKE_A_NUMBER = 6
"""Digits that an id may hold: more of them may be somebody's telephone number."""


class Signed(requests.auth.AuthBase):
    """Signs a request once it is ready to be sent."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        lines = (request.method, request.path_url, stamp, nonce, hashlib.sha256(body).hexdigest())
        signature = hmac.new(SECRET.encode(), "\n".join(lines).encode(), hashlib.sha256)
        request.headers.update({
            "X-Yibao-Key": KEY, "X-Yibao-Timestamp": stamp, "X-Yibao-Nonce": nonce,
            "X-Yibao-Signature": signature.hexdigest()})
        return request


schemathesis.auth.set_from_requests(Signed())


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Leave out what is wrong in its headers only: signing puts it right."""
    headers = case.meta.components.get(ParameterLocation.HEADER)
    return not (headers and headers.mode.is_negative)


@schemathesis.hook
def map_case(context: schemathesis.HookContext, case: schemathesis.Case) -> schemathesis.Case:
    """Keep to the three rules that the contract states in words and no schema can."""
    if isinstance(case.body, dict):
        case.body = {name: _kept(name, value) for name, value in case.body.items()}
    return case


def _kept(name: str, value: Any) -> Any:
    """Return a property's value so that it keeps to these rules, if it keeps to the schema."""
    if not isinstance(value, str):
        return value
    if name in IDS and sum(map(str.isdigit, value)) > LIKE_A_NUMBER:
        return re.sub("[0-9]", "n", value)
    if name == "region" and 1 <= len(value) <= 40:
        return REGIONS[len(value) % len(REGIONS)]
    if name == "text" and 1 <= len(value) <= 999 and not re.match(r"\w", value):
        return "问" + value
    return value
