"""The assistant as a process of its own, for tests that talk to it as citizens do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from services import free_port

STOPS_WITHIN = 60
"""Patience with an end, which takes two seconds of an idle machine."""

READY_SECONDS = 240
"""Patience with a start, which takes six seconds of a processor: on a busy machine many more."""


class Server:
    """The assistant as citizens reach it: a process of its own on a free port of loopback.

    Args:
        folder: its state folder, with its log.
        arguments: further ones of ``yibao run``.
        **environment: variables for it.
    """

    def __init__(self, folder: Path, arguments: Sequence[str] = (), **environment: str) -> None:
        self.folder, self.port, self.process = folder, free_port(), None
        self.arguments, self.environment = arguments, environment

    @property
    def log(self) -> str:
        """What it has printed."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers at full speed."""
        environment = {**os.environ, "YIBAO_VAR": str(self.folder), "PYTHONUNBUFFERED": "1",
                       **self.environment}
        command = [sys.executable, "-m", "bot", "run", "--port", str(self.port), *self.arguments]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            self._wait_until_ready()
        except BaseException:
            self.process.kill()
            raise

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, f"the server did not get ready in {READY_SECONDS} s"
            time.sleep(0.2)

    def ready(self) -> bool:
        """Tell whether ``/health`` answers 200."""
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as response:
                return response.status == 200
        except OSError:
            return False

    def stop(self, number: int = signal.SIGINT) -> int:
        """End the process by a signal; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=STOPS_WITHIN)

    def ask(self, sender: str, message: str) -> list[dict]:
        """Send a message through the REST channel; return the replies."""
        status, body = self.post("/webhooks/rest/webhook", {"sender": sender, "message": message})
        assert status == 200, body
        return body

    def post(self, path: str, body: object) -> tuple[int, object]:
        """Post JSON (or raw bytes); return status and decoded answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"content-type": "application/json"}, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def get(self, path: str) -> tuple[int, bytes]:
        """Get a path; return status and body."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
