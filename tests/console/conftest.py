"""What the tests of the console share: its pages and API over real parts, without a model loaded.

Runs are short ones; NLU files, models and labels are copies in a temporary folder.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from argon2 import PasswordHasher
from modelled import add_model
from sanic import Sanic

from bot.http import protect
from bot.journal.database import Database
from bot.learning.inbox.inbox import Inbox
from bot.learning.models.models import Models
from bot.learning.models.processes import ModelProcesses
from bot.learning.suspects import Suspects
from bot.paths import PROJECT
from bot.settings import Settings
from bot.staff.opening import open_staff
from bot.staff.passwords import Passwords
from bot.staff.roles import Role
from bot.training import fingerprint
from connectors.console.channel import ConsolePages
from connectors.console.labels import LabelRoutes
from connectors.console.models import ModelRoutes
from connectors.console.runs import RunRoutes
from connectors.signed_in import COOKIE, SignedIn
from connectors.staff.channel import StaffPages
from tests.learning.watching import SHORT, Watched
from tests.security.guarded import serving

PASSWORD = "kV7-tram-lotus"
STAFF = {"7001": Role.TRAINER, "7002": Role.TRAINER, "8001": Role.AGENT, "8100": Role.LEAD,
         "9001": Role.ADMIN}


class Caller:
    """Somebody's page.

    Args:
        url: of the server.
        token, csrf: of their session; '' for nobody's.
    """

    def __init__(self, url: str, token: str = "", csrf: str = "") -> None:
        self._url, self.token = url, token
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"x-csrf": csrf})
        if token:
            self._session.cookies.set(COOKIE, token)

    def page(self, path: str) -> requests.Response:
        """Ask for a page."""
        return self._session.get(self._url + path, allow_redirects=False, timeout=20)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict]:
        """Ask the API; return status and answer."""
        answer = self._session.request(
            method, f"{self._url}/console/api/{path}", json=body, headers=headers, timeout=20)
        return answer.status_code, answer.json()


class Console:
    """The console of these tests, served in a thread of its own.

    Args:
        folder: for everything that it keeps.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder, ""
        passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.staff = open_staff(Settings(staff_database=f"sqlite:///{folder / 'staff.db'}"),
                                passwords)
        self.runs, self.models = Watched(folder / "training", SHORT), Models(folder / "models")
        self.processes = ModelProcesses(self.staff.database)
        self.log = Database(f"sqlite:///{folder / 'log.db'}")
        self._loop, self._ended = asyncio.new_event_loop(), asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def __enter__(self) -> Console:
        self._thread.start()
        assert self._ready.wait(30)
        self.do(self._hire())
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(30)
        self.staff.database.close()
        self.log.close()

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Do something where the server runs; return what comes of it."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)

    def as_(self, number: str) -> Caller:
        """Return the page of somebody who is signed in."""
        secrets = self.do(self.staff.sessions.begin(number))
        return Caller(self.url, secrets.token, secrets.csrf)

    def noted(self, number: str) -> list[tuple[str, str]]:
        """Return action and target of what the audit log has of somebody, the first first."""
        page = self.do(self.staff.audit.page(account=number))
        return [(entry["action"], entry["target"]) for entry in reversed(page)]

    async def _hire(self) -> None:
        for number, role in STAFF.items():
            await self.staff.accounts.add(number, role, PASSWORD, number)

    async def _serve(self) -> None:
        async with serving(self._application()) as self.url:
            self._ready.set()
            await self._ended.wait()

    def _application(self) -> Sanic:
        Sanic.test_mode = True
        app = Sanic(f"console-{id(self)}", configure_logging=False)
        protect(app, Settings())
        app.ctx.assistant = SimpleNamespace(version=fingerprint())
        signed_in = SignedIn(self.staff)
        labels = self.staff.labels
        inbox = Inbox(self.log, labels)
        app.blueprint(StaffPages(self.staff, signed_in).blueprint())
        app.blueprint(ConsolePages(signed_in, (
            LabelRoutes(inbox, labels, Suspects(self.runs, labels), signed_in),
            RunRoutes(self.runs, self.models, self.staff, signed_in),
            ModelRoutes(self.models, self.processes, self.staff.audit, signed_in))).blueprint())
        app.static("/static", PROJECT / "connectors" / "web" / "static", name="looks")
        return app


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    """The console, with a copy of the NLU files."""
    folder = tmp_path_factory.mktemp("console")
    shutil.copytree(PROJECT / "bot" / "data" / "nlu", folder / "nlu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIBAO_NLU", str(folder / "nlu"))
        with Console(folder) as running:
            add_model(running.models, fingerprint())
            yield running


@pytest.fixture
def trainer(console):
    """The page of a trainer."""
    return console.as_("7001")


@pytest.fixture
def admin(console):
    """The page of an administrator."""
    return console.as_("9001")


@pytest.fixture(autouse=True)
def runs(console):
    """The runs; none goes on after a test."""
    yield console.runs
    if run := console.runs.running():
        console.runs.cancel(run, "7001")
        console.runs.over(run)
