"""The log: lines of JSON with an id, and never what a citizen wrote or who it was."""

from __future__ import annotations

import ast
import logging
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
import structlog
from guarded import application, serving

from bot import operation
from bot.logs import logger
from bot.settings import Settings

PERSON = "我叫张建国，身份证440301199001011234，电话13812345678"
SECRETS = ("张建国", "440301199001011234", "13812345678")


def expect_nobody(text: str) -> None:
    assert text
    for secret in SECRETS:
        assert secret not in text


async def test_a_request_is_one_line_with_the_pattern_of_its_route(log) -> None:
    async with serving(application(Settings())) as url, aiohttp.ClientSession() as session:
        answered = await session.get(f"{url}/fail/13812345678?name=张建国")
    line = log.lines("request")[-1]
    assert line["request_id"] == answered.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "fail/<number:str>", 500)
    assert line["level"] == "info" and line["milliseconds"] >= 0 and line["at"].endswith("Z")
    expect_nobody(log.text)


async def test_a_method_of_the_senders_own_making_is_not_logged(log) -> None:
    async with serving(application(Settings())) as url, aiohttp.ClientSession() as session:
        await session.request("ZHANG13812345678", f"{url}/take")
    assert log.lines("request")[-1]["method"] == "OTHER" and "13812345678" not in log.text


@pytest.mark.parametrize("written", [
    repr(PERSON.encode()), ascii(PERSON), quote(PERSON), repr(repr(PERSON.encode()))])
def test_names_written_as_bytes_are_not_logged(log, written) -> None:
    logger("bot.any").error("failed", exc_info=ValueError(f"invalid url {written}"))
    for secret in SECRETS:
        forms = (secret, repr(secret.encode())[2:-1], ascii(secret)[1:-1], quote(secret))
        assert not any(form in log.text or form.replace("\\", "\\\\") in log.text for form in forms)


async def test_a_failure_is_told_by_type_and_place_with_its_cause(log) -> None:
    async with serving(application(Settings())) as url, aiohttp.ClientSession() as session:
        answered = await session.get(f"{url}/fail/13812345678")
    line = log.lines("failed")[-1]
    assert line["request_id"] == answered.headers["x-request-id"] and line["level"] == "error"
    assert line["error"]["type"] == "RuntimeError" and line["error"]["cause"]["type"] == "KeyError"
    assert any(frame.endswith(" fail") for frame in line["error"]["frames"])
    expect_nobody(log.text)


async def test_no_address_is_logged(log) -> None:
    settings = Settings(address_per_minute=1, proxies=1)
    async with serving(application(settings)) as url, aiohttp.ClientSession() as session:
        for _ in range(3):
            await session.get(f"{url}/nowhere", headers={"x-forwarded-for": "203.0.113.7"})
    assert len(log.lines("request")) == 3 and "203.0.113.7" not in log.text
    assert "127.0.0.1" not in log.text


async def test_frames_are_not_logged_even_where_everything_is(log) -> None:
    async with serving(application(Settings())) as url, aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{url}/socket") as ws:
            await ws.send_str("只有这一句话不许进日志")
            await ws.receive(timeout=10)
    log.stream.write('{"event": "end"}\n')
    assert "只有这一句话" not in log.text


@pytest.mark.parametrize("say", [
    lambda: logger("bot.test").info(PERSON),
    lambda: logger("bot.test").info("event", text=PERSON),
    lambda: logger("bot.test").info("event", inside={"deep": [{"er": PERSON}]}),
    lambda: logger("bot.test").info("event", thing=ValueError(PERSON)),
    lambda: logging.getLogger("bot.test").warning("heard %s", PERSON),
    lambda: logging.getLogger("other.library").warning("heard %s", PERSON),
    lambda: logging.getLogger("other.library").error("failed", exc_info=ValueError(PERSON)),
    lambda: structlog.get_logger("rasa").error("event", text=PERSON),
    lambda: operation.failed("turn", RuntimeError(PERSON)),
], ids=["event", "field", "nested", "object", "ours", "library", "exception", "structlog", "turn"])
def test_personal_data_that_gets_into_the_log_is_masked(log, say) -> None:
    say()
    assert len(log.lines()) == 1
    expect_nobody(log.text)


def test_what_a_library_says_of_whom_is_left_out(log) -> None:
    logging.getLogger("other.library").warning("cannot reach %s", "conversation-4711")
    assert log.lines()[0]["event"] == "cannot reach %s"


def test_libraries_are_not_heard_below_warnings(log) -> None:
    logging.getLogger("websockets").debug("< TEXT %s", PERSON)
    logging.getLogger("rasa.core").info("Received user message")
    structlog.get_logger("rasa").info("processor.message", text=PERSON)
    logger("bot.test").debug("own")
    assert [line["event"] for line in log.lines()] == ["own"]


def test_a_line_that_cannot_be_formatted_is_not_printed_raw(log, capsys) -> None:
    logging.getLogger("bot.test").warning("two %s %s", PERSON)
    assert "13812345678" not in capsys.readouterr().err


def test_no_line_of_the_code_logs_a_conversation_or_what_is_said_in_it() -> None:
    telling = {"address", "client_id", "conversation", "delivery_id", "message", "sender",
               "session", "session_id", "shown", "text"}
    calls = [call for package in ("bot", "connectors") for path in Path(package).rglob("*.py")
             for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("_log.")]
    assert len(calls) > 10
    for call in calls:
        named = {getattr(node, "attr", getattr(node, "id", None))
                 for part in (*call.args, *call.keywords) for node in ast.walk(part)}
        assert named & telling == set(), ast.unparse(call)


def test_a_turn_is_one_line_without_the_conversation(log) -> None:
    operation.turn_taken("web", "answer", 0.0123)
    line = log.lines("turn")[0]
    assert (line["channel"], line["outcome"], line["milliseconds"]) == ("web", "answer", 12.3)
    assert set(line) == {"at", "level", "logger", "event", "channel", "outcome", "milliseconds"}
