"""A supervisor whose processes serve without a model, so that tests can exchange them by dozens.

What ties, serves and drains is the project's own; the pages say who answers and take their time
when asked to. A file ``mode`` in the folder says how the next process behaves.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.supervisor import Supervisor
from bot.worker import serve, tied_to


def supervise(folder: Path, port: int) -> None:
    """Keep two processes."""
    worker = (sys.executable, __file__, str(folder))
    preparation = ("test", "!", "-e", str(folder / "unprepared"))
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        asyncio.run(Supervisor(listening, 2, worker, preparation).run("全部就绪"))


def work(folder: Path, listening: int, link: int) -> None:
    """Be one of them."""
    supervisor = tied_to(link)
    if _mode(folder) == "dies":
        sys.exit(3)
    serve(_application(folder), listening, supervisor)


def _application(folder: Path) -> Sanic:
    app = Sanic("stand_in", configure_logging=False)
    app.config.MOTD = False
    app.ctx.ready = False

    @app.get("/")
    async def who(request: Request) -> HTTPResponse:
        await asyncio.sleep(float(request.args.get("seconds", 0)))
        return text(str(os.getpid()))

    @app.websocket("/ws")
    async def turns(request: Request, page: Any) -> None:
        while (said := await page.recv()) is not None:
            await page.send("begun")
            await asyncio.sleep(float(said))
            await page.send(str(os.getpid()))

    @app.after_server_start
    async def begin(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.loading = asyncio.ensure_future(_load(app, folder))

    return app


async def _load(app: Sanic, folder: Path) -> None:
    (folder / f"loading-{os.getpid()}").touch()
    while _mode(folder) == "waits":
        await asyncio.sleep(0.02)
    app.ctx.ready = True


def _mode(folder: Path) -> str:
    return (folder / "mode").read_text(encoding="utf-8")


if __name__ == "__main__":
    numbers = [int(number) for number in sys.argv[2:]]
    (work if len(numbers) == 2 else supervise)(Path(sys.argv[1]), *numbers)
