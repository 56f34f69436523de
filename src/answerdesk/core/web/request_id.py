"""Gives each request an id, returns it to the caller, and logs how the request ended."""

import re
from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "x-request-id"
_ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET_PATHS: Final = frozenset({"/healthz", "/readyz"})

_STATE: Final = "request_id"

_log = structlog.get_logger("answerdesk.request")


class RequestId:
    """ASGI middleware. Keeps the caller's own id if it is plain and of a sensible length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _given_id(scope) or uuid4().hex
        # The handler of uncaught errors runs outside this middleware.
        scope.setdefault("state", {})[_STATE] = request_id
        status = 500
        began = perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {
                    **message,
                    "headers": [*message["headers"], (HEADER.encode(), request_id.encode())],
                }
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                if scope["path"] not in _QUIET_PATHS:
                    _log.info(
                        "request",
                        method=scope["method"],
                        path=scope["path"],
                        status=status,
                        milliseconds=round((perf_counter() - began) * 1000, 1),
                    )


def request_id_of(scope: Scope) -> str | None:
    """Return the id of a connection's request, if it already has one."""
    request_id: str | None = scope.get("state", {}).get(_STATE)
    return request_id


def _given_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER.encode():
            text = str(value.decode("latin-1"))
            return text if _ACCEPTABLE.fullmatch(text) else None
    return None
