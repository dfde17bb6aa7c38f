"""``kill -9`` of trainer, server and log shipper at random: no turn, label, file or model is lost.

Citizens chat and a trainer labels all the while; what was answered is what counts. The seed is
printed; ``YIBAO_TEST_SEED`` repeats it.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from rasa.shared.importers.utils import training_data_from_paths
from served import Server

from bot.journal.database import Database
from bot.journal.spool import Spool
from bot.learning.models.models import Models
from bot.learning.nlu_file import read_file
from bot.learning.runs.runs import Runs
from bot.nlu.examples import read_examples
from bot.paths import PROJECT
from bot.settings import Settings
from bot.staff.opening import Staff, open_staff
from bot.staff.roles import Role
from bot.training import train
from connectors.signed_in import COOKIE
from tests.journal.conftest import entry

pytestmark = pytest.mark.full

KILLS = ("trainer",) * 7 + ("server",) * 7 + ("shipper",) * 6
TRAINER = "7001"
LABEL = {"intent": "异地备案", "item": "异地就医备案", "facets": ["办理流程"], "topic": "",
         "category": "", "facts": [], "usable": True}
DEADLINE = 300.0
_DIGITS = "甲乙丙丁戊己庚辛壬癸"
_KEPT = 3
"""Utterances of each block that the small training data keep: a training takes seconds."""

_FLOOD, _BATCH = 120, 10
"""Entries that wait while a shipper is killed, and how many it takes at once."""


def numbered(form: str, n: int) -> str:
    """Return a text with a number in it that is none of a person's."""
    return form.format("".join(_DIGITS[int(digit)] for digit in str(n)))


class Confirmed:
    """What citizens and the trainer have been told is done, while the server comes and goes.

    Args:
        server: which they use.
        token, csrf: the session of the trainer.
    """

    def __init__(self, server: Server, token: str, csrf: str) -> None:
        self._server, self._ended = server, threading.Event()
        self.turns, self.labels, self.refused, self.tried = [], [], [], set()
        self._threads = [threading.Thread(target=self._going_on, args=(act, pause))
                         for act, pause in ((self._chat, 0.1), (self._label, 0.3))]
        self._page = requests.Session()
        self._page.trust_env = False
        self._page.headers["x-csrf"] = csrf
        self._page.cookies.set(COOKIE, token)

    def __enter__(self) -> Confirmed:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _going_on(self, act, pause: float) -> None:
        n = 0
        while not self._ended.wait(pause):
            n += 1
            try:
                act(n)
            except (OSError, ValueError):
                continue  # the server is gone, or went while it answered: nothing was confirmed

    def _chat(self, n: int) -> None:
        text = numbered("第{}位问住院报销要带什么", n)
        status, replies = self._server.post(
            "/webhooks/rest/webhook", {"sender": f"citizen-{n // 4}", "message": text})
        if status == 200 and replies:
            self.turns.append(text)

    def _label(self, n: int) -> None:
        text = numbered("{}叔去外省住院先怎么备案", n)
        self.tried.add(text)
        told = self._page.post(f"{self._server.url}/console/api/labels", timeout=20, json={
            "sources": [{"text": text, "turn": "", "conversation": ""}], "label": LABEL})
        if told.status_code == 200 and told.json()["labels"][0]["state"] == "approved":
            self.labels.append(text)
        elif told.status_code != 503:
            self.refused.append(told.text)


@pytest.fixture
def chance() -> random.Random:
    """What decides where and when, to be had again by its seed."""
    seed = os.environ.get("YIBAO_TEST_SEED") or str(time.time_ns() % 1_000_000)
    print(f"YIBAO_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """An installation of its own, with little training data and the model of them."""
    for name in ("VAR", "NLU", "MODELS"):
        (tmp_path / name.lower()).mkdir()
        monkeypatch.setenv(f"YIBAO_{name}", str(tmp_path / name.lower()))
    for path in (PROJECT / "bot" / "data" / "nlu").glob("*.yml"):
        file = read_file(path)
        for block in file.blocks:
            del block.lines[_KEPT:]
        (tmp_path / "nlu" / path.name).write_text(file.text, encoding="utf-8")
    train()
    Models().pin(TRAINER)
    return tmp_path


@pytest.fixture
def staff(place) -> Iterator[Staff]:
    """The staff database of the installation, beside the server's own access to it."""
    opened = open_staff(Settings.from_environment())
    yield opened
    asyncio.run(opened.close())


class Story:
    """Kills processes of an installation and looks at what is left.

    Args:
        place: the installation.
        server: that serves it.
        chance: decides when.
    """

    def __init__(self, place: Path, server: Server, chance: random.Random) -> None:
        self.place, self.server, self.chance = place, server, chance
        self.runs, self.models, self.flooded = Runs(), Models(), []
        self.before = Counter(example.text for example in read_examples())

    def kill_trainer(self) -> None:
        """Kill a training run somewhere between its start and the check of its model."""
        run = self.runs.start(TRAINER)
        stage = self.chance.choice(("", "write", "write", "train", "train", "check"))
        self.until(lambda: self.runs.state(run)["ended"] or self._is_at(run, stage))
        time.sleep(self.chance.uniform(0, 2.5))
        if not self.runs.state(run)["ended"]:
            os.kill(self.runs._process.pid, signal.SIGKILL)
        self.until(lambda: self.runs.state(run)["ended"])

    def _is_at(self, run: str, stage: str) -> bool:
        state = self.runs.state(run)
        names = ["", *(one["name"] for one in state["stages"])]
        return names.index(state["stage"]) >= names.index(stage)

    def kill_server(self) -> None:
        """Kill the server while it answers, and start it again."""
        time.sleep(self.chance.uniform(0, 2))
        self.server.stop(signal.SIGKILL)
        self.server.start()

    def kill_shipper(self) -> None:
        """Kill a process that ships, in the middle of what waits."""
        self.server.stop(signal.SIGKILL)
        folder, name = self.place / "var" / "spool", f"flood-{len(self.flooded)}"
        spool = Spool(folder)
        for seq in range(_FLOOD):
            spool.append(entry(name, seq + 1))
            self.flooded.append(f"{name}:{seq + 1}")
        shipper = subprocess.Popen(
            [sys.executable, "-m", "tests.journal.processes", "ship", str(folder),
             self.log_url], stdout=subprocess.PIPE, cwd=PROJECT)
        for _ in range(self.chance.randrange(_FLOOD // _BATCH)):
            shipper.stdout.readline()
        time.sleep(self.chance.uniform(0, 0.1))
        shipper.kill()
        shipper.communicate()
        self.server.start()

    @property
    def log_url(self) -> str:
        """Where the log database is."""
        return f"sqlite:///{self.place / 'var' / 'log.db'}"

    def look(self, tried: set[str]) -> None:
        """See to it that every file is whole and the live model can serve."""
        found = Counter(example.text for example in read_examples())
        assert not self.before - found and set(found - self.before) <= tried
        assert max((found - self.before).values(), default=1) == 1
        live = self.models.live()
        assert not self.models.problem(live["version"]), live
        assert self.models.serving() == self.models.archive(live["version"])

    def finish(self) -> None:
        """Let a training run write all labels and train a model; put it live."""
        run = self.runs.start(TRAINER)
        self.until(lambda: self.runs.state(run)["ended"] or self._is_at(run, "check"))
        state = self.runs.state(run)
        assert state["candidate"] and not state["error"], self.runs.log(run)
        self.runs.cancel(run, TRAINER)
        self.until(lambda: self.runs.state(run)["ended"])
        self.models.promote(
            state["candidate"], TRAINER, "各进程被强行结束之后的模型", override=True)

    def until(self, holds) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + DEADLINE
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.02)


async def _session(staff: Staff) -> tuple[str, str]:
    await staff.accounts.add(TRAINER, Role.TRAINER, "kV7-tram-lotus", TRAINER)
    secrets = await staff.sessions.begin(TRAINER)
    return secrets.token, secrets.csrf


def test_nothing_confirmed_is_lost_nothing_is_half_and_no_broken_model_is_live(
    place, staff, chance
):
    server = Server(place / "var")
    server.start()
    story, kills = Story(place, server, chance), list(KILLS)
    chance.shuffle(kills)
    try:
        with Confirmed(server, *asyncio.run(_session(staff))) as confirmed:
            for victim in kills:
                {"trainer": story.kill_trainer, "server": story.kill_server,
                 "shipper": story.kill_shipper}[victim]()
                story.look(confirmed.tried)
                assert not confirmed.refused
        story.finish()
        assert server.ready()
    finally:
        server.stop()
    logged = Counter(one["text"] for one in Database(story.log_url).entries() if "text" in one)
    assert len(confirmed.turns) > 20 and {logged[text] for text in confirmed.turns} == {1}
    ids = {one["id"] for one in Database(story.log_url).entries()}
    assert set(story.flooded) <= ids
    story.look(confirmed.tried)
    written = {example.text for example in read_examples()}
    assert len(confirmed.labels) > 20 and set(confirmed.labels) <= written
    files = sorted(str(path) for path in (place / "nlu").glob("*.yml"))
    assert {m.get("text") for m in training_data_from_paths(files, "zh").intent_examples} >= written
