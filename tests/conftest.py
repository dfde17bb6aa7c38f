"""What the tests share: the trained model in this process, and conversations with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from modelled import keep, models_in
from served import Server
from talking import Conversation, switchboard_over

from bot.rasa_environment import prepare

prepare()

pytest_plugins = ["nginx_service", "services", "workers_service"]

_state = tempfile.TemporaryDirectory(prefix="yibao-tests-")
os.environ["YIBAO_VAR"] = _state.name
_models = models_in(Path(_state.name) / "models")
os.environ["YIBAO_MODELS"] = str(_models)


def pytest_sessionfinish() -> None:
    """Keep a model that had to be trained for the next time."""
    keep(_models)


@pytest.fixture(scope="session")
def assistant():
    """The trained model, loaded once."""
    from bot.assistant import Assistant
    from bot.training import train

    loaded = Assistant(train())
    loaded.load()
    return loaded


@pytest.fixture(scope="session")
def switchboard(assistant, tmp_path_factory):
    """The switchboard, with conversations in a temporary folder."""
    return switchboard_over(assistant, tmp_path_factory.mktemp("store") / "conversations.db")


@pytest.fixture
def conversation(switchboard):
    """A fresh conversation."""
    return Conversation(switchboard)


@pytest.fixture
def new_conversation(switchboard):
    """Starts fresh conversations."""
    return lambda sender=None: Conversation(switchboard, sender)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of guides and development data, outside the project."""
    return Path(os.environ.get("SHARED", "../shared"))


def read_jsonl(path: Path) -> list[dict]:
    """Return the rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The running server, shared by the tests that only talk to it."""
    from bot.training import train

    train()
    running = Server(tmp_path_factory.mktemp("server"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path):
    """A server of one's own, to be stopped and started again; ended afterwards if still alive."""
    from bot.training import train

    train()
    running = Server(tmp_path)
    yield running
    if running.process and running.process.poll() is None:
        running.stop(signal.SIGKILL)


QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser():
    """Chromium, headless."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "没有找到 Chromium：请运行 scripts/install-system-packages.sh"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()
