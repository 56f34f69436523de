"""Errors of the native API as problem details (RFC 9457), and their HTTP statuses."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from answerdesk.core import faults
from answerdesk.core.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    PreconditionFailed,
    RateLimited,
    TooLarge,
    TooSlow,
    Unavailable,
)
from answerdesk.core.web.request_id import HEADER as REQUEST_ID
from answerdesk.core.web.request_id import request_id_of

_LONGEST_SHOWN: Final = 100
_FORM_FAULTS: Final[Mapping[str, str]] = {
    "Too many": "The form has too many fields or files",
    "exceeded": "A field of the form is too long",
    "boundary": "The form's Content-Type has no boundary; let your HTTP client set that header",
}
"""Part of the form parser's message, and what we say instead."""


def describe_invalid(request: Request, error: RequestValidationError) -> str:
    """Say what is wrong with a request, field by field, without repeating the input."""
    errors: list[dict[str, Any]] = list(error.errors())
    told = []
    unread = _unread_body(request, error)
    if unread is not None:
        told.append(unread)
        errors = [one for one in errors if one["loc"][0] != "body"]
    if errors:
        placed = [{**one, "loc": _place(one["loc"])} for one in errors]
        told.append(faults.describe(placed, whole="The body", model=_body_model(request)))
    return "; ".join(told)


def _unread_body(request: Request, error: RequestValidationError) -> str | None:
    """Say why the body could not be validated at all; None if it was."""
    for one in error.errors():
        if one["type"] == "json_invalid":
            where = faults.position(str(error.body), one["loc"][-1])
            return f"The body is not valid JSON; see {where}"
    if isinstance(error.body, bytes):
        named = request.headers.get("content-type", "").partition(";")[0].strip()
        sent = f"sent as {named[:_LONGEST_SHOWN]}" if named else "sent without a Content-Type"
        return f"The body is {sent}; send JSON, with the header Content-Type: application/json"
    if any(one["loc"] == ("body",) and one["type"] == "missing" for one in error.errors()):
        return "The body is missing; send a JSON object"
    return None


def _place(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return where a field is as its caller wrote it, without the part of the request."""
    part, *rest = loc
    return tuple(str(name).title() for name in rest) if part == "header" else tuple(rest)


def _body_model(request: Request) -> type[BaseModel] | None:
    """Return the model of the body of the request's operation, if it has one."""
    field = getattr(request.scope.get("route"), "body_field", None)
    return None if field is None else faults.model_in(field.field_info.annotation)


def describe_refused(request: Request, error: HTTPException) -> str:
    """Say what is wrong with a request that the framework itself has refused."""
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return "There is nothing at this address"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = sorted((error.headers or {}).get("Allow", "").split(", "))
            known = f"; it accepts {' and '.join(allowed)}" if any(allowed) else ""
            return f"This address does not accept {request.method[:_LONGEST_SHOWN]}{known}"
        case HTTPStatus.BAD_REQUEST:
            return _unreadable(request, error)
        case status:
            return HTTPStatus(status).phrase


def _unreadable(request: Request, error: HTTPException) -> str:
    """Say why a body could not be parsed, by what its parser failed on."""
    match error.__cause__:
        case UnicodeDecodeError() as wrong:
            return f"The body is not UTF-8 text; see its byte {wrong.start + 1:,}"
        case RecursionError():
            return "The body's lists and objects are nested too deeply; use fewer levels"
        case ValueError():
            return "The body has a number with too many digits; send it as text"
    if "form" in request.headers.get("content-type", "").lower():
        found = (says for part, says in _FORM_FAULTS.items() if part in str(error.detail))
        return next(found, "The form is damaged and cannot be read; send it again")
    return "The body cannot be read"


_STATUS: Final[Mapping[type[DomainError], int]] = {
    TooLarge: 413,
    TooSlow: 408,
    InvalidInput: 422,
    NotAuthenticated: 401,
    NotPermitted: 403,
    NotFound: 404,
    PreconditionFailed: 412,
    Conflict: 409,
    RateLimited: 429,
    Unavailable: 503,
}


def http_status(error: DomainError) -> int:
    """Return the HTTP status of the error's nearest category; 500 if it has none."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


TRY_AGAIN_SECONDS: Final = 5
"""Sent as `Retry-After` if nobody knows when something unavailable will be back."""

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

    `more` are extension members, which RFC 9457 allows.
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
    # This runs outside all middleware, which would otherwise add the id.
    request_id = request_id_of(request.scope)
    _log.error("unhandled", request_id=request_id, exc_info=error)
    headers = {} if request_id is None else {REQUEST_ID: request_id}
    text = "Something went wrong here; it has been logged."
    return problem(500, "internal_error", text, headers)


def answer_with_problems(app: FastAPI) -> None:
    """Make `app` report every error as problem details."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
