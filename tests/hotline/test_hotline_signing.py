"""Signatures of the 12345 platform: who, what, where to, when, and only once."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.store.sqlite import SqliteStore
from connectors.hotline12345 import signing
from connectors.hotline12345.signing import KEY, NONCE, SIGNATURE, TIMESTAMP, WINDOW

KEYS = {"new": "n" * 32, "old": "o" * 32}
TARGET, BODY = "/api/hotline12345/v1/sessions?x=1", b'{"a":1}'


@pytest.fixture
async def store(tmp_path):
    opened = SqliteStore(tmp_path / "seen.db")
    yield opened
    await opened.close()


def headers(key="new", secret=None, method="POST", target=TARGET, body=BODY, age=0, nonce="n" * 16):
    timestamp = str(int(time.time()) - age)
    made = signing.signature(secret or KEYS.get(key, "?"), method, target, timestamp, nonce, body)
    return {KEY: key, TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: made}


async def refused(store, sent: dict, method="POST", target=TARGET, body=BODY) -> BadInput:
    with pytest.raises(BadInput) as caught:
        await signing.check(KEYS, store, method, target, sent, body)
    return caught.value


async def test_a_signed_request_passes(store):
    await signing.check(KEYS, store, "POST", TARGET, headers(), BODY)


async def test_both_keys_pass_during_rotation_and_a_withdrawn_one_does_not(store):
    await signing.check(KEYS, store, "POST", TARGET, headers("old"), BODY)
    only_new = {"new": KEYS["new"]}
    with pytest.raises(BadInput) as caught:
        await signing.check(only_new, store, "POST", TARGET, headers("old"), BODY)
    assert (caught.value.field, caught.value.status) == (KEY, 401)


@pytest.mark.parametrize("changed", [
    {"body": b'{"a":2}'}, {"body": b""}, {"target": "/api/suggest"}, {"method": "GET"},
    {"target": TARGET.replace("x=1", "x=2")},
], ids=["body changed", "body removed", "sent elsewhere", "other method", "query changed"])
async def test_what_is_signed_cannot_be_changed(store, changed):
    error = await refused(store, headers(), **changed)
    assert (error.field, error.status) == (SIGNATURE, 401)


@pytest.mark.parametrize("make, field", [
    (lambda: headers(secret="x" * 32), SIGNATURE), (lambda: headers("unknown"), KEY),
    (lambda: {**headers(), TIMESTAMP: str(int(time.time()) - 1)}, SIGNATURE),
    (lambda: {**headers(), NONCE: "m" * 16}, SIGNATURE),
    (lambda: headers("old", KEYS["new"]), SIGNATURE),
    (lambda: {**headers(), SIGNATURE: headers()[SIGNATURE].upper()}, SIGNATURE),
    (lambda: headers(nonce="short"), NONCE), (lambda: {**headers(), TIMESTAMP: "soon"}, TIMESTAMP),
], ids=["wrong secret", "unknown key", "other time", "other nonce", "secret of the other key",
        "capitals", "short nonce", "no number"])
async def test_a_wrong_header_is_named(store, make, field):
    error = await refused(store, make())
    assert (error.field, error.status) == (field, 401)
    assert field in str(error) and re.search("[一-鿿]", str(error))


@pytest.mark.parametrize("name", [KEY, TIMESTAMP, NONCE, SIGNATURE])
async def test_a_missing_header_is_named(store, name):
    error = await refused(store, {k: v for k, v in headers().items() if k != name})
    assert (error.field, error.status) == (name, 401)


@pytest.mark.parametrize("age", [WINDOW + 5, -WINDOW - 5], ids=["too old", "from the future"])
async def test_outside_the_window_nothing_passes(store, age):
    error = await refused(store, headers(age=age))
    assert (error.field, error.status) == (TIMESTAMP, 401)


@pytest.mark.parametrize("age", [WINDOW - 5, -WINDOW + 5])
async def test_inside_the_window_clocks_may_differ(store, age):
    await signing.check(KEYS, store, "POST", TARGET, headers(age=age), BODY)


async def test_a_nonce_counts_once(store):
    sent = headers()
    await signing.check(KEYS, store, "POST", TARGET, sent, BODY)
    error = await refused(store, sent)
    assert (error.field, error.status) == (NONCE, 403)


async def test_a_wrong_signature_uses_up_no_nonce(store):
    await refused(store, {**headers(), SIGNATURE: "0" * 64})
    await signing.check(KEYS, store, "POST", TARGET, headers(), BODY)


async def test_a_nonce_is_remembered_for_as_long_as_its_request_could_pass():
    kept = []

    class Once:
        async def once(self, key: str, seconds: float) -> bool:
            kept.append(seconds)
            return True

    await signing.check(KEYS, Once(), "POST", TARGET, headers(age=5 - WINDOW), BODY)
    assert kept == [2 * WINDOW]


async def test_what_we_sign_ourselves_passes_with_the_first_key(store):
    sent = signing.signed(KEYS, "POST", "/replies?from=yibao", BODY)
    await signing.check({"new": KEYS["new"]}, store, "POST", "/replies?from=yibao", sent, BODY)


def test_the_worked_example_of_the_documentation_is_right():
    page = (Path(__file__).parents[2] / "docs" / "hotline.md").read_text(encoding="utf-8")
    example = page.split("<!-- example -->")[1].split("<!-- end of example -->")[0]
    given = dict(re.findall(r"^(\S+) = (.+)$", example, re.MULTILINE))
    made = signing.signature(given["密钥"], given["方法"], given["路径"], given["时间戳"],
                             given["随机串"], given["正文"].encode())
    assert given["签名"] == made
    assert signing.sha256(given["正文"].encode()).hexdigest() == given["正文的SHA-256"]
