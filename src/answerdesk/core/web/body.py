"""Bodies are read within bounds of size and time, before anything looks at them."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from python_multipart.multipart import parse_options_header
from starlette.types import Message

from answerdesk.core.errors import InvalidInput, TooLarge

_READ_SECONDS: Final = 30.0
"""A whole body comes within this time, or the request is given up."""

BODY_DIGEST: Final = "body_digest"
"""Where a request's state holds its body's SHA-256, if it brought an `Idempotency-Key`."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def bounded_route(limit: int | None = None, seconds: float = _READ_SECONDS) -> type[APIRoute]:
    """Return a route class that reads at most `limit` bytes of a body, in at most `seconds`.

    Without a limit it is the one for JSON that the app's state holds as `max_json_bytes`.
    The routes raise TooLarge or InvalidInput, which the app's own handlers turn into its envelope.
    """

    class BoundedRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            original = super().get_route_handler()

            async def handler(request: Request) -> Response:
                most = request.app.state.max_json_bytes if limit is None else limit
                body = await _read(request, most, seconds)
                if "idempotency-key" in request.headers:
                    setattr(request.state, BODY_DIGEST, _digest(request, body))
                return await original(_with_body(request, body))

            return handler

    return BoundedRoute


async def _read(request: Request, limit: int, seconds: float) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                chunks.append(chunk)
    except TimeoutError as error:
        message = f"The request's body did not arrive within {seconds:.0f} seconds"
        raise InvalidInput(message, code="body_timeout") from error
    return b"".join(chunks)


def _digest(request: Request, body: bytes) -> bytes:
    """Return the SHA-256 of a body, without the boundary that a form draws anew each time."""
    _, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    return hashlib.sha256(body.replace(boundary, b"") if boundary else body).digest()


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The request's body is larger than {limit:,} bytes", code="body_too_large")


def _with_body(request: Request, body: bytes) -> Request:
    """Return the request with its body to be read anew."""
    message: Message = {"type": "http.request", "body": body, "more_body": False}
    pending = [message]

    async def receive() -> Message:
        return pending.pop() if pending else await request.receive()

    return Request(request.scope, receive)
