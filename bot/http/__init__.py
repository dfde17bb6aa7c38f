"""What every request and every answer goes through, whatever it is for."""

from __future__ import annotations

from sanic import Sanic

from bot.http.failures import answer_to
from bot.http.figures import figures
from bot.http.headers import Headers
from bot.http.passage import arrive, leave
from bot.http.sender import limit_address
from bot.limits import Limits
from bot.secrets import installation_key, metrics_token
from bot.settings import Settings

MOST_BYTES = 64 * 1024
"""Of the body of a request, and of a frame of a WebSocket."""


def protect(app: Sanic, settings: Settings) -> None:
    """Install limits, headers, request ids, log lines, answers to errors, and ``/metrics``.

    ``app.ctx.limits`` is what channels count by. To be called before other middleware is added.

    Raises:
        SetupError: the secrets cannot be kept to this installation's own user.
    """
    app.config.update(REQUEST_MAX_SIZE=MOST_BYTES, WEBSOCKET_MAX_SIZE=MOST_BYTES,
                      FALLBACK_ERROR_FORMAT="json", MOTD=False, ACCESS_LOG=False,
                      PROXIES_COUNT=settings.proxies)
    app.ctx.limits = Limits(settings, installation_key())
    app.register_middleware(arrive, "request")
    app.register_middleware(limit_address, "request")
    app.register_middleware(leave, "response")  # the first registered is the last to run
    app.register_middleware(Headers(settings.frame_ancestors).add, "response")
    app.error_handler.add(Exception, answer_to)
    app.blueprint(figures(metrics_token(settings)))


__all__ = ["MOST_BYTES", "protect"]
