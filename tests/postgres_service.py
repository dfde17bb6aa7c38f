"""A PostgreSQL server of the tests' own: made anew, on a free port, ended afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
_USER = "yibao"
_FOR_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")


class Postgres:
    """A server in a folder; can be stopped and started again.

    Args:
        folder: empty; belongs to the user who runs the server, who is not root.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self._bin, self._databases = _programs(), 0
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(folder / "data"), "-U", _USER, "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")

    def start(self) -> None:
        """Start and wait until it takes connections."""
        options = [part for setting in (
            *_FOR_SPEED, f"port={self.port}", "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}") for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.folder / "data", *options],
                stdout=log, stderr=log, cwd=self.folder, **_not_root())
        deadline = time.monotonic() + 30
        while not self.answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL did not get ready in 30 s"
            time.sleep(0.05)

    def answers(self) -> bool:
        """Tell whether it takes connections."""
        return self._run("pg_isready", *self._where, check=False) == 0

    def stop(self, number: int = signal.SIGINT) -> None:
        """End the server at once, with whatever is connected."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=20)

    def new_database(self) -> str:
        """Return the SQLAlchemy address of a fresh database."""
        self._databases += 1
        name = f"test_{self._databases}"
        self._run("createdb", *self._where, "-U", _USER, name)
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{name}"

    def dump(self, url: str) -> str:
        """Return everything a database holds, as SQL."""
        done = subprocess.run([self._bin / "pg_dump", url], capture_output=True, check=True,
                              text=True, cwd=self.folder, **_not_root())
        return done.stdout

    @property
    def _where(self) -> tuple[str, ...]:
        return "-h", "127.0.0.1", "-p", str(self.port)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        done = subprocess.run([self._bin / program, *arguments], cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **_not_root())
        assert not check or done.returncode == 0, done.stdout
        return done.returncode


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Give a running server, gone with its files afterwards."""
    with tempfile.TemporaryDirectory(prefix="yibao-postgres-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server = Postgres(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop(signal.SIGQUIT)  # nobody needs the files any more


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running server, shared; take ``new_database()`` of it."""
    with running_postgres() as server:
        yield server


def _programs() -> Path:
    found = [path for place in _PLACES for path in sorted(Path("/").glob(place[1:]), reverse=True)
             if (path / "initdb").is_file()]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).parent)
    assert found, "没有找到 PostgreSQL：请运行 scripts/install-system-packages.sh"
    return found[0]


def _not_root() -> dict[str, str]:
    """PostgreSQL refuses to run as root: use the account that its package makes."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


__all__ = ["Postgres", "postgres", "running_postgres"]
