"""Orac's error envelope: `{error, code, status}`, and `retry_after` seconds on 429.

A client error has status 400 unless the vendor lists another.
"""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from answerdesk.core.errors import DomainError, InvalidInput, RateLimited
from answerdesk.core.web.problems import (
    TRY_AGAIN_SECONDS,
    describe_invalid,
    describe_refused,
    http_status,
)

_log = structlog.get_logger(__name__)


def envelope(status: int, code: str, error: str, **more: Any) -> JSONResponse:  # noqa: ANN401  # JSON.
    """Return an error in Orac's envelope."""
    return JSONResponse({"error": error, "code": code, "status": status, **more}, status)


async def _domain_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DomainError):
        raise error
    if isinstance(error, RateLimited):
        seconds = max(1, round(error.retry_after))
        response = envelope(429, error.code, error.message, retry_after=seconds)
        response.headers["Retry-After"] = str(seconds)
        return response
    status = 400 if isinstance(error, InvalidInput) else http_status(error)
    response = envelope(status, error.code, error.message)
    if error.retriable:
        response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    return envelope(400, "invalid_request", describe_invalid(request, error))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    response = envelope(error.status_code, code, describe_refused(request, error))
    response.headers.update(error.headers or {})
    return response


async def _unexpected(_: Request, error: Exception) -> JSONResponse:
    _log.error("unhandled", exc_info=error)
    return envelope(500, "internal_error", "Something went wrong here; it has been logged")


def answer_with_envelopes(app: FastAPI) -> None:
    """Make `app` send all errors in Orac's envelope."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
