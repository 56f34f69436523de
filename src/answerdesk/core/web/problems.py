"""Errors of the native API, as problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from answerdesk.core.errors import DomainError, RateLimited
from answerdesk.core.web.refusals import describe_invalid, describe_refused
from answerdesk.core.web.request_id import HEADER as REQUEST_ID
from answerdesk.core.web.request_id import request_id_of
from answerdesk.core.web.status import http_status

TRY_AGAIN_SECONDS: Final = 5
"""What is told where nobody knows when a part that is away will be back."""

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})

_log = structlog.get_logger(__name__)


def problem(
    status: int,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    more: Mapping[str, object] = _NOTHING,
) -> JSONResponse:
    """Return the response for a problem; `code` is stable, `detail` is for people.

    `more` are members of its own, as RFC 9457 lets a problem have them.
    """
    body = {
        **more,
        "type": f"urn:answerdesk:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JSONResponse(body, status, headers, media_type="application/problem+json")


async def _domain_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DomainError):
        raise error
    status = http_status(error)
    headers = {}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    elif error.retriable:
        headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status, error.code, error.message, headers, error.details)


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    return problem(422, "invalid_input", describe_invalid(request, error))


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.NOT_MODIFIED:
        return Response(status_code=error.status_code, headers=error.headers)
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    detail = describe_refused(request, error)
    return problem(error.status_code, code, detail, dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # It is answered for outside of all middleware, which would otherwise tell the id.
    request_id = request_id_of(request.scope)
    _log.error("unhandled", request_id=request_id, exc_info=error)
    headers = {} if request_id is None else {REQUEST_ID: request_id}
    text = "Something went wrong here; it has been logged."
    return problem(500, "internal_error", text, headers)


def answer_with_problems(app: FastAPI) -> None:
    """Let every error of `app` be answered as problem details."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
