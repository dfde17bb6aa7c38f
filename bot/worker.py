"""One of several processes: it serves on a socket that its supervisor holds.

It listens only when it could answer at full speed. One connection is for one request: the kernel
hands each to a process that is free, and a process that ends leaves nobody on the line. (Browsers
keep their connections to nginx.) It ends, its work done, when it is told to or when its
supervisor is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import uvloop
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.server import AsyncioServer
from websockets.connection import OPEN

from bot.logs import configure
from bot.rasa_environment import prepare
from bot.settings import Settings

READY = b"ready\n"
"""What a worker writes to its supervisor once it serves."""

DRAIN_SECONDS = 25.0
"""How long a worker that ends goes on with what it has begun."""

BACKLOG = 1024
"""Connections that wait in the kernel while every process is busy, or none is there yet."""

SERVICE_RESTART = 1012
"""WebSocket close code: come again, another process answers."""

_LOOK_EVERY = 0.05


def main(listening: int, link: int) -> None:
    """Load the assistant and serve; see :func:`serve` for the arguments."""
    supervisor = tied_to(link)
    settings = Settings.from_environment()
    prepare()
    configure(settings.log_level)
    from bot.application import application
    from bot.running import trained_model

    serve(application(trained_model(), settings), listening, supervisor)


def tied_to(link: int) -> socket.socket:
    """Return the socket to the supervisor; this process ends when the other end is closed.

    Args:
        link: its file number.
    """
    supervisor = socket.socket(fileno=link)
    threading.Thread(target=_end_with, args=(supervisor,), daemon=True).start()
    return supervisor


def serve(app: Sanic, listening: int, supervisor: socket.socket) -> None:
    """Serve until SIGTERM, then finish what is under way.

    Args:
        app: begins to load after its start (``app.ctx.loading``) and says when it is done
            (``app.ctx.ready``).
        listening: file number of the bound socket.
        supervisor: is told once we listen.
    """
    app.on_response(_one_request_each)
    uvloop.install()
    asyncio.run(_serve(app, socket.socket(fileno=listening), supervisor))


def _end_with(supervisor: socket.socket) -> None:
    """End this process when the supervisor is gone, be it killed."""
    with suppress(OSError):
        supervisor.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(DRAIN_SECONDS + 5)
    os._exit(1)


async def _one_request_each(request: Request, response: HTTPResponse) -> None:
    if request.stream is not None:
        request.stream.keep_alive = False


async def _serve(app: Sanic, listening: socket.socket, supervisor: socket.socket) -> None:
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    server: Any = await app.create_server(
        sock=listening, backlog=BACKLOG, return_asyncio_server=True, access_log=False,
        asyncio_server_kwargs={"start_serving": False})
    await server.startup()
    await server.before_start()
    await server.after_start()
    await _until(ending, app.ctx.loading)
    if app.ctx.ready and not ending.is_set():
        await server.start_serving()
        supervisor.sendall(READY)
        await ending.wait()
    await _drain(server)


async def _until(ending: asyncio.Event, loading: asyncio.Future[None]) -> None:
    waiting = asyncio.ensure_future(ending.wait())
    await asyncio.wait((waiting, loading), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


async def _drain(server: AsyncioServer) -> None:
    """Take no new connection, finish those that are there, then end the application."""
    server.close()
    deadline = time.monotonic() + DRAIN_SECONDS
    goodbyes: dict[Any, asyncio.Task[None]] = {}
    while server.connections and time.monotonic() < deadline:
        for socket_ in _at_rest(server.connections):
            if socket_ not in goodbyes:
                goodbyes[socket_] = asyncio.create_task(socket_.close(SERVICE_RESTART))
        await asyncio.sleep(_LOOK_EVERY)
    await server.before_stop()
    await server.after_stop()


def _at_rest(connections: Iterable[Any]) -> list[Any]:
    """Return the open WebSockets whose handler waits for the next frame."""
    sockets = [getattr(connection, "websocket", None) for connection in connections]
    return [s for s in sockets if s and s.connection.state is OPEN and s.recv_lock.locked()]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))


__all__ = [
    "BACKLOG", "DRAIN_SECONDS", "READY", "SERVICE_RESTART", "main", "serve", "tied_to",
]
