"""The simulated platform plays a whole conversation: one process, two over Redis; both ways back.

It is written from the documentation alone (``examples/hotline12345``), so it shows, too, that the
documentation is enough.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from services import RedisServer, free_port
from workers_service import Workers

from bot.journal.database import Database
from bot.paths import PROJECT
from bot.secrets import keyed_name
from bot.training import train
from examples.hotline12345.play import Mischief, Outcome, Platform, play
from examples.hotline12345.receiver import Receiver
from examples.hotline12345.script import read
from examples.hotline12345.signing import Key
from tests.hotline.conftest import KEYS, settings_for_a_platform

KEY, SECRET = next(iter(KEYS.items()))
SCRIPT = read()
DOCUMENT = "您打算出示哪一种证件？"
EVENTS = ["asked_for_person", "joined", "said_by_agent", "said_by_agent", "said_to_agent",
          "left", "rated", "ended"]


@dataclass(frozen=True)
class Place:
    """Where the assistant runs, and the port that it calls back."""

    url: str
    folder: Path
    callback_port: int

    def play(self, callback: bool = False, **mischief: float) -> Outcome:
        """Play the conversation, answered in the response or by call-back."""
        platform = Platform(self.url, Key(KEY, SECRET), True, self.callback_port * callback)
        return asyncio.run(play(platform, SCRIPT, Mischief(**mischief), show=lambda line: None))

    def logged(self, session: str) -> list[dict[str, Any]]:
        """What the log database holds of a session."""
        secret = (self.folder / "secrets" / "installation").read_text(encoding="ascii").encode()
        name = "h-" + keyed_name(secret, "hotline", session)[:32]
        database = Database(f"sqlite:///{self.folder / 'log.db'}")
        try:
            return [entry for entry in database.entries() if entry["conversation"] == name]
        finally:
            database.close()


@pytest.fixture(scope="module")
def one_process(hotline_server) -> Place:
    """One process, on nothing but its files."""
    return Place(hotline_server.url, hotline_server.folder, hotline_server.callback_port)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two processes over a Redis of their own."""
    train()
    redis, port = RedisServer(tmp_path_factory.mktemp("redis")), free_port()
    redis.start()
    workers = Workers(tmp_path_factory.mktemp("platform-workers"), redis,
                      **settings_for_a_platform(port))
    workers.start()
    yield Place(workers.url, workers.folder, port)
    workers.end()
    redis.kill()


@pytest.fixture(scope="module")
def undisturbed(one_process) -> Outcome:
    """The conversation on one process, answered in the responses, with nothing going wrong."""
    return one_process.play()


def told(outcome: Outcome) -> list[tuple]:
    """What the citizen was told, but for the place in the queue, in which others wait as well."""
    return [(reply["seq"], reply["author"], re.sub(r"第\d+位", "第n位", reply["text"]),
             [choice["label"] for choice in reply.get("choices", ())], reply.get("in_reply_to"))
            for reply in outcome.replies]


def first_lines(outcome: Outcome) -> list[str]:
    """The first line of each reply."""
    return [reply["text"].splitlines()[0] for reply in outcome.replies]


def expect_logged_once(place: Place, outcome: Outcome) -> None:
    """Check that the log has each turn of the bot and each event once, as soon as it is shipped."""
    expected = [step.value for step in SCRIPT.steps if step.by_citizen]
    expected.remove("我住院的发票丢了一张，还能报吗")  # said to the agent: an event
    deadline = time.monotonic() + 20
    while len(place.logged(outcome.session)) < len(expected) + len(EVENTS):
        assert time.monotonic() < deadline, place.logged(outcome.session)
        time.sleep(0.05)
    logged = place.logged(outcome.session)
    assert [entry["text"] for entry in of_kind(logged, "turn")] == expected
    assert sorted(entry["type"] for entry in of_kind(logged, "event")) == sorted(EVENTS)


def of_kind(entries: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["kind"] == kind]


def test_a_person_comes_and_goes_in_the_middle_of_a_form_which_is_then_gone_on_with(undisturbed):
    lines = first_lines(undisturbed)
    assert len(lines) == 8 and undisturbed.fetched == undisturbed.doubles == 0
    assert lines[0] == lines[6] == lines[7] == "【梅州市 · 住院费用报销】"
    assert [number for number, line in enumerate(lines) if line == DOCUMENT] == [2, 4, 5]
    assert "急诊诊断证明" in undisturbed.replies[6]["text"]
    while_it_was_a_persons = "citizen-7"
    assert while_it_was_a_persons not in [reply.get("in_reply_to") for reply in undisturbed.replies]


@pytest.mark.parametrize("callback", [False, True], ids=["response", "callback"])
@pytest.mark.parametrize("place", ["one_process", "two_workers"])
def test_it_is_the_same_conversation_wherever_it_runs_and_whichever_way_it_comes(
    request, undisturbed, place, callback
):
    here = request.getfixturevalue(place)
    outcome = here.play(callback)
    assert told(outcome) == told(undisturbed)
    assert (outcome.fetched, outcome.doubles, outcome.refused) == (0, 0, 0)
    expect_logged_once(here, outcome)


@pytest.mark.parametrize("wrong", [
    {"twice": 1}, {"swap": 6}, {"swap": 2, "callback": True}, {"forge": 4},
    {"down": 2.0, "callback": True}], ids=str)
def test_what_goes_wrong_on_the_way_changes_nothing(one_process, undisturbed, wrong):
    outcome = one_process.play(**wrong)
    assert told(outcome) == told(undisturbed)
    assert outcome.fetched == 0
    expect_logged_once(one_process, outcome)


def test_what_never_comes_is_gone_on_without(one_process, undisturbed):
    answered = one_process.play(leave_out=6)
    assert first_lines(answered) == first_lines(undisturbed)


async def test_call_backs_are_taken_once_and_only_from_who_has_the_key(http):
    taken, port = [], free_port()
    receiver = Receiver(port, Key(KEY, SECRET), taken.append)
    await receiver.listen(after=0)
    body = b'{"delivery_id": "d-1", "replies": []}'
    signed = Key(KEY, SECRET).sign("POST", "/replies?a=b", body)
    again, forged, elsewhere = (
        Key(KEY, secret).sign("POST", path, body)
        for secret, path in ((SECRET, "/replies?a=b"), ("x" * 40, "/replies?a=b"), (SECRET, "/")))
    url, answers = f"http://127.0.0.1:{port}/replies?a=b", []
    for headers in (signed, again, signed, forged, elsewhere, {}):
        async with http.post(url, data=body, headers=headers) as response:
            answers.append(response.status)
    await receiver.close()
    assert answers == [204, 204, 401, 401, 401, 401]
    assert (len(taken), receiver.doubles, receiver.refused) == (1, 1, 4)


def test_a_newcomer_runs_it_from_the_command_line(one_process):
    command = [sys.executable, "-m", "examples.hotline12345", "--url", one_process.url,
               "--key", KEY, "--text"]
    ran = subprocess.run(command, cwd=PROJECT, env={"HOTLINE_SECRET": SECRET}, text=True,
                         capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "[4] 市民：转人工" in ran.stdout and "交给坐席的说明" in ran.stdout
    assert "人工接待中，助手不出声" in ran.stdout and "[9] —— 坐席 A1024 离开" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("核对：助手的记录里有 8 条回复，0 条没有送到")


def test_it_knows_nothing_of_the_project():
    own = (PROJECT / "examples" / "hotline12345").glob("*.py")
    imported = re.compile(r"^\s*(?:from|import) (bot|connectors|knowledge|tests)\b", re.MULTILINE)
    assert [path.name for path in own if imported.search(path.read_text(encoding="utf-8"))] == []
