"""A real nginx with the project's configuration, on a free port of loopback."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from services import free_port

DEPLOY = Path(__file__).parents[1] / "deploy" / "nginx"
PATIENCE_SECONDS = 20

_FRAME = """
user {user};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/yibao.conf;
}}
"""


class Nginx:
    """nginx before the assistant.

    Args:
        folder: where its configuration, logs and temporary files are.
        upstream: the port that the assistant listens on.
        changes: parts of ``deploy/nginx/yibao.conf`` that a test changes (old text → new).
    """

    def __init__(self, folder: Path, upstream: int, changes: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        given = {
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "127.0.0.1:5005": f"127.0.0.1:{upstream}",
            "/opt/yibao/deploy/nginx/pages": str(DEPLOY / "pages"),
            "/var/log/nginx": str(folder),
        }
        text = (DEPLOY / "yibao.conf").read_text(encoding="utf-8")
        for old, new in {**given, **changes}.items():
            assert old in text, f"deploy/nginx/yibao.conf does not say {old!r} any more"
            text = text.replace(old, new)
        (folder / "yibao.conf").write_text(text, encoding="utf-8")
        frame = _FRAME.format(folder=folder, user=getpass.getuser())
        (folder / "nginx.conf").write_text(frame, encoding="utf-8")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it has written of requests."""
        return (self.folder / "yibao.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it listens."""
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/usr/local/sbin")
        assert program, "没有找到 nginx：请运行 scripts/install-system-packages.sh"
        said = self.folder / "said.log"
        with said.open("wb") as output:
            self.process = subprocess.Popen(
                [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
                stdout=output, stderr=output)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (self.folder / "nginx.pid").is_file():
            assert self.process.poll() is None, said.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "nginx did not get ready"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def new_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Nginx]]:
    """Starts an nginx before a port; all of them end with the module."""
    started: list[Nginx] = []

    def start(upstream: int, changes: dict[str, str] | None = None) -> Nginx:
        nginx = Nginx(tmp_path_factory.mktemp("nginx"), upstream, changes or {})
        started.append(nginx)
        nginx.start()
        return nginx

    yield start
    for nginx in started:
        nginx.stop()
