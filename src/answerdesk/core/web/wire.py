"""What all dialects share: admission before anything else, headers on every response, errors.

A dialect is a FastAPI application below `DialectWrapper`. It brings its envelope and the statuses
that its vendor lists (`Wire`), and nothing else of what stands here. The order of checks is the
same for all: key, plan, rate; then route and method, body, object, which the application does.
"""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from answerdesk.core.errors import DomainError, NotPermitted, RateLimited
from answerdesk.core.ratelimit import Taken
from answerdesk.core.web.problems import (
    TRY_AGAIN_SECONDS,
    describe_invalid,
    describe_refused,
    http_status,
)
from answerdesk.core.web.rate_headers import rate_of

UNLIMITED: Final = 1_000_000
"""Reported as limit and as remaining requests where the plan has no rate."""

_REPORTED_AS_400: Final = frozenset({406, 408, 409, 412, 413, 415, 422, 428})
_RECOGNISED: Final = "recognised"
_ALLOWED: Final = "GET, POST, PUT, PATCH, DELETE"
_EXPOSED: Final = (
    "Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id,"
    " X-Total-Count"
)
_FOR_EVERY_PAGE: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": _EXPOSED,
}
_PREFLIGHT_SECONDS: Final = "600"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as an envelope needs it; `retry_after` is in whole seconds, if it is known."""

    status: int
    code: str
    message: str
    retry_after: int | None = None


Envelope = Callable[[Fault], dict[str, Any]]
"""Writes an error as the vendor does."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How a dialect reports what is not its own business.

    `listed` are those client errors that its vendor documents, while others are reported as 400.
    """

    envelope: Envelope
    listed: frozenset[int] = frozenset()

    def response(self, fault: Fault) -> JSONResponse:
        """Return the response for an error."""
        status = fault.status
        if status in _REPORTED_AS_400 - self.listed:
            status = 400
        told = Fault(status, fault.code, fault.message, fault.retry_after)
        headers = {} if told.retry_after is None else {"Retry-After": str(told.retry_after)}
        return JSONResponse(self.envelope(told), status, headers)


def fault_of(error: DomainError) -> Fault:
    """Describe one of the domain's errors."""
    retry_after = None
    if isinstance(error, RateLimited):
        retry_after = max(1, math.ceil(error.retry_after))
    elif error.retriable:
        retry_after = TRY_AGAIN_SECONDS
    return Fault(http_status(error), error.code, error.message, retry_after)


def unexpected() -> Fault:
    """Describe an error of ours, which has been logged."""
    return Fault(500, "internal_error", "Something went wrong here; it has been logged")


def answer_in_envelopes(app: FastAPI, wire: Wire) -> None:
    """Make a dialect's application report every error in its envelope."""

    async def domain_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)  # noqa: S101  # Registered for nothing else.
        return wire.response(fault_of(error))

    async def validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # As above.
        return wire.response(Fault(400, "invalid_request", describe_invalid(request, error)))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # As above.
        phrase = HTTPStatus(error.status_code).phrase
        code = phrase.lower().replace(" ", "_").replace("-", "_")
        fault = Fault(error.status_code, code, describe_refused(request, error))
        response = wire.response(fault)
        response.headers.update(error.headers or {})
        return response

    async def failed(_: Request, error: Exception) -> Response:
        _log.error("unhandled", exc_info=error)
        return wire.response(unexpected())

    app.add_exception_handler(DomainError, domain_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, failed)


class _DialectApi(FastAPI):
    """An application whose description has no 422, because that is always reported as 400.

    `models` are described besides those that FastAPI finds.
    """

    models: Sequence[type[BaseModel]] = ()

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is not None:
            return self.openapi_schema
        described = super().openapi()
        for path in described["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        schemas = described["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for one in self.models:
            schema = one.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.setdefault(one.__name__, schema)
        return described


def dialect_app(
    title: str,
    wire: Wire,
    models: Sequence[type[BaseModel]] = (),
    **options: Any,  # noqa: ANN401  # FastAPI's own.
) -> FastAPI:
    """Return a dialect's application, which describes itself and reports errors as its vendor."""
    app = _DialectApi(
        title=title,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        **options,
    )
    app.models = models
    answer_in_envelopes(app, wire)
    return app


Admit = Callable[[HTTPConnection], Awaitable[None]]
"""Identifies the caller and counts the request; raises the domain's errors."""


class DialectWrapper:
    """ASGI middleware around a dialect: preflights, admission, rate headers, envelopes.

    `admit` looks at the credential of every request but those that `needs_no_key` lets through.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        wire: Wire,
        admit: Admit,
        needs_no_key: Callable[[HTTPConnection], bool],
    ) -> None:
        self.app = app
        self._wire = wire
        self._admit = admit
        self._needs_no_key = needs_no_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if _is_preflight(connection):
            await _preflight(connection)(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(MutableHeaders(scope=message), state)
            await send(message)

        try:
            if not self._needs_no_key(connection):
                await self._admit_noting(connection)
            await self.app(scope, receive, send_with_headers)
        except DomainError as error:
            if begun:
                raise
            await self._wire.response(fault_of(error))(scope, receive, send_with_headers)

    async def _admit_noting(self, connection: HTTPConnection) -> None:
        try:
            await self._admit(connection)
        except (RateLimited, NotPermitted):
            # The key is known, so its response carries the vendor's headers all the same.
            note_recognised(connection.scope)
            raise
        note_recognised(connection.scope)


def note_recognised(scope: Scope) -> None:
    """Note that the request came with a known key, whose responses carry rate headers."""
    scope.setdefault("state", {})[_RECOGNISED] = True


def cross_origin(response: Response) -> Response:
    """Return the response, readable by pages of any origin."""
    response.headers.update(_FOR_EVERY_PAGE)
    return response


def _add_headers(headers: MutableHeaders, state: Mapping[str, Any]) -> None:
    headers.update(_FOR_EVERY_PAGE)
    if not state.get(_RECOGNISED):
        return
    taken: Taken | None = rate_of(state)
    if taken is None:
        headers["X-RateLimit-Limit"] = headers["X-RateLimit-Remaining"] = str(UNLIMITED)
        return
    headers["X-RateLimit-Limit"] = str(taken.limit)
    headers["X-RateLimit-Remaining"] = str(taken.remaining)
    headers["X-RateLimit-Reset"] = str(math.ceil(taken.ends_at.timestamp()))


def _is_preflight(connection: HTTPConnection) -> bool:
    return (
        connection.scope["method"] == "OPTIONS"
        and "access-control-request-method" in connection.headers
    )


def _preflight(connection: HTTPConnection) -> Response:
    """Allow any page to call: no cookie or other ambient credential is ever read here."""
    wanted = connection.headers.get("access-control-request-headers", "")
    return Response(
        status_code=200,  # As the native API has it; some old clients take nothing else.
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": _ALLOWED,
            "Access-Control-Allow-Headers": wanted or "Authorization, Content-Type",
            "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
        },
    )
