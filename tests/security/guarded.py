"""A small application with the protections of the real one, served on a free port of loopback."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager

from sanic import Sanic
from sanic.request import Request
from sanic.response import json as answer

from bot.http import protect
from bot.settings import Settings
from connectors.guard import admit_socket, count_frame, count_session, json_body, open_socket


def application(settings: Settings) -> Sanic:
    """Routes that use the guard as channels do, and routes that fail in every way."""
    Sanic.test_mode = True
    app = Sanic(f"guarded-{id(settings)}", configure_logging=False)
    protect(app, settings)

    @app.post("/take")
    async def take(request: Request):
        body = json_body(request)
        count_session(request, body.get("sender", ""))
        return answer(body)

    @app.post("/signed", ctx_signed=True)
    async def signed(request: Request):
        return answer({})

    @app.get("/fail/<number:str>")
    async def fail(request: Request, number: str):
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise RuntimeError(f"我叫张建国，电话{number}") from error

    @app.on_request
    async def admit(request: Request):
        if request.route:
            admit_socket(request)

    @app.websocket("/socket")
    async def serve(request: Request, ws):
        with open_socket(request):
            while await ws.recv() is not None:
                try:
                    count_frame(request, "one conversation")
                    await ws.send("ok")
                except Exception as error:
                    await ws.send(str(error))

    return app


@asynccontextmanager
async def serving(app: Sanic):
    """Serve an application in this loop; yields its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True,
                                         access_log=False)
        await server.startup()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.close()
            await server.wait_closed()
