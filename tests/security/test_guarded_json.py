"""What a channel takes for JSON: an object, UTF-8, stated as such, not nested without end."""

from __future__ import annotations

import aiohttp
import pytest
from guarded import application, serving

from bot.errors import BadInput
from bot.settings import Settings
from connectors.guard import DEEPEST, json_object

JSON = {"content-type": "application/json"}


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def test_objects_are_taken_as_they_are() -> None:
    assert json_object('{"a": ["我", {"b": null}]}') == {"a": ["我", {"b": None}]}
    assert json_object('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


def test_nesting_is_allowed_down_to_the_limit_and_no_deeper() -> None:
    assert json_object(nested(DEEPEST))
    with pytest.raises(BadInput, match="嵌套太深"):
        json_object(nested(DEEPEST + 1))


@pytest.mark.parametrize("text", ["[" * 60_000, '{"a":' * 12_000, "[" * 30_000 + "]" * 30_000],
                         ids=["lists", "objects", "closed"])
def test_a_parser_never_meets_what_would_exhaust_it(text: str) -> None:
    with pytest.raises(BadInput, match="嵌套太深"):
        json_object(text)


def test_brackets_inside_of_strings_do_not_count() -> None:
    text = r"[{\"" * 50
    assert json_object(f'{{"a": "{text}"}}') == {"a": '[{"' * 50}


@pytest.mark.parametrize("text", [
    "", "null", "[1]", '"text"', "{", '{"a": NaN}', '{"a": Infinity}',
    '{"a": ' + "9" * 60_000 + "}", '\ufeff{"a": 1}', b'{"a": 1}', None],
    ids=lambda text: repr(text)[:12])
def test_anything_else_is_refused(text) -> None:
    with pytest.raises(BadInput, match="JSON"):
        json_object(text)


def test_halves_of_characters_become_something_that_can_be_stored() -> None:
    taken = json_object(r'{"sender": "a\ud83d", "\udc00": ["\uDBFF"]}')
    assert taken == {"sender": "a?", "?": ["?"]}


@pytest.mark.parametrize(("body", "headers", "status"), [
    (b'{"a": 1}', {**JSON}, 200),
    (b'{"a": 1}', {"content-type": "application/json; charset=UTF-8"}, 200),
    (b'{"a": 1}', {"content-type": "text/plain"}, 415),
    (b'{"a": 1}', {"content-type": "application/x-www-form-urlencoded"}, 415),
    (b'{"a": 1}', {"content-type": "application/json; charset=gbk"}, 415),
    ('{"a": "我"}'.encode("gbk"), JSON, 400),
    (b"", JSON, 400),
    (nested(DEEPEST + 1).encode(), JSON, 400),
    (b'{"a": "' + b"x" * 70_000 + b'"}', JSON, 413),
], ids=lambda part: repr(part)[:24])
async def test_a_request_is_checked_before_it_is_used(body, headers, status) -> None:
    async with serving(application(Settings())) as url, aiohttp.ClientSession() as session:
        async with session.post(f"{url}/take", data=body, headers=headers) as answered:
            content = await answered.json()
            assert answered.status == status, content
            assert status == 200 or any("一" <= sign <= "鿿" for sign in content["error"])
