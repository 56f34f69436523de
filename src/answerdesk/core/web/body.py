"""Reads request bodies within bounds, before anything else sees them."""

import hashlib
import json
from collections.abc import Callable, Coroutine, MutableMapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message

from answerdesk.core.errors import InvalidInput, TooLarge, TooSlow

BODY_DIGEST: Final = "body_digest"
"""Where a request's state holds the SHA-256 of its body, if it has an `Idempotency-Key`."""

_LOST_BODY: Final = "lost_body"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def bounded_route(limit: int | None = None) -> type[APIRoute]:
    """Return a route class that reads at most `limit` bytes of a body.

    The default limit is the setting `max_json_bytes`. The server limits how long the body may take,
    see `note_lost_body`. The routes raise TooLarge, TooSlow or InvalidInput, which the app's own
    handlers turn into its error format.
    """

    class BoundedRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            original = super().get_route_handler()

            async def handler(request: Request) -> Response:
                most = (
                    request.app.state.application.settings.max_json_bytes
                    if limit is None
                    else limit
                )
                body = await _read(request, most)
                if "idempotency-key" in request.headers:
                    setattr(request.state, BODY_DIGEST, _digest(request, body))
                return await original(_with_body(request, body))

            return handler

    return BoundedRoute


async def read_json(request: Request) -> object:
    """Return the JSON of a body that a route reads by itself.

    Raises RequestValidationError or HTTPException, as FastAPI does for the others.
    """
    content = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not content:
        raise RequestValidationError([{"type": "missing", "loc": ("body",)}])
    if kind != "application/json" and not kind.endswith("+json"):
        raise RequestValidationError([{"type": "dict_type", "loc": ("body",)}], body=content)
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        found = {"type": "json_invalid", "loc": ("body", error.pos)}
        raise RequestValidationError([found], body=error.doc) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error


def note_lost_body(state: MutableMapping[str, Any], refusal: str) -> None:
    """Note in a request's state why the server cut off its body although the client is connected.

    `refusal` is the error code. The body then ends with `http.disconnect`.
    """
    state[_LOST_BODY] = refusal


async def _read(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            chunks.append(chunk)
    except ClientDisconnect as gone:
        raise _lost(getattr(request.state, _LOST_BODY, None)) from gone
    return b"".join(chunks)


def _lost(refusal: str | None) -> InvalidInput:
    if refusal is None:
        return TooSlow(
            "The client disconnected before it sent the whole request", code="client_gone"
        )
    if refusal == "body_timeout":
        return TooSlow(
            "The request's body arrives too slowly; send a smaller body or use a faster connection",
            code="body_timeout",
        )
    return InvalidInput(
        "The request's body is not chunked correctly for HTTP/1.1", code="malformed_request"
    )


def _digest(request: Request, body: bytes) -> bytes:
    """Return the SHA-256 of a body, leaving out a form's boundary, which is new in each request."""
    _, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    return hashlib.sha256(body.replace(boundary, b"") if boundary else body).digest()


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The request's body is larger than {limit:,} bytes", code="body_too_large")


def _with_body(request: Request, body: bytes) -> Request:
    """Return the request with its body ready to be read again."""
    message: Message = {"type": "http.request", "body": body, "more_body": False}
    pending = [message]

    async def receive() -> Message:
        return pending.pop() if pending else await request.receive()

    return Request(request.scope, receive)
