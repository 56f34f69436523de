"""Tells clients how many requests they have left, in `X-RateLimit-…` headers."""

import math
from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from answerdesk.core.ratelimit import Taken

_STATE: Final = "rate"


def note_rate(connection: HTTPConnection, taken: Taken | None) -> None:
    """Keep the state of the connection's tightest window for the response, if it has one."""
    connection.scope.setdefault("state", {})[_STATE] = taken


def rate_of(state: Mapping[str, Any]) -> Taken | None:
    """Return what `note_rate` has kept in a request's state."""
    taken: Taken | None = state.get(_STATE)
    return taken


class RateHeaders:
    """ASGI middleware: adds `X-RateLimit-Limit`, `-Remaining` and `-Reset` (epoch seconds).

    They describe the window with the fewest requests left, on every response to a caller who has
    one, refusals included.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # All inner middleware share this mapping, even if they copy the scope.
        state = scope.setdefault("state", {})

        async def send_with_rate(message: Message) -> None:
            taken = rate_of(state)
            if message["type"] == "http.response.start" and taken is not None:
                headers = MutableHeaders(scope=message)
                headers["X-RateLimit-Limit"] = str(taken.limit)
                headers["X-RateLimit-Remaining"] = str(taken.remaining)
                headers["X-RateLimit-Reset"] = str(math.ceil(taken.ends_at.timestamp()))
            await send(message)

        await self._app(scope, receive, send_with_rate)
