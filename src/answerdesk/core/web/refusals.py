"""How a request that does not hold is told, whether a model or the framework has refused it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from answerdesk.core import faults

_LONGEST_SHOWN: Final = 100
_FORM_FAULTS: Final[Mapping[str, str]] = {
    "Too many": "The form has more fields or files than are taken here",
    "exceeded": "A field of the form is longer than is taken here",
    "boundary": "The form's Content-Type names no boundary; let your HTTP client write that header",
}
"""What the reader of forms says, by a part of its words, and what we say."""


def describe_invalid(request: Request, error: RequestValidationError) -> str:
    """Say what is wrong with a request, field by field, without repeating what was sent."""
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
    """Say why the body could not be looked at, where it could not."""
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
    """Return where something stands as its caller wrote it, without the part of the request."""
    part, *rest = loc
    return tuple(str(name).title() for name in rest) if part == "header" else tuple(rest)


def _body_model(request: Request) -> type[BaseModel] | None:
    """Return the model of the body that the request's operation takes, if it takes one."""
    field = getattr(request.scope.get("route"), "body_field", None)
    return None if field is None else faults.model_in(field.field_info.annotation)


def describe_refused(request: Request, error: HTTPException) -> str:
    """Say what is wrong with a request that the framework has refused by itself."""
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return "There is nothing at this address"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = sorted((error.headers or {}).get("Allow", "").split(", "))
            known = f"; it takes {' and '.join(allowed)}" if any(allowed) else ""
            return f"This address does not take {request.method[:_LONGEST_SHOWN]}{known}"
        case HTTPStatus.BAD_REQUEST:
            return _unreadable(request, error)
        case status:
            return HTTPStatus(status).phrase


def _unreadable(request: Request, error: HTTPException) -> str:
    """Say why a body is not even looked at, by what its reader has stumbled over."""
    match error.__cause__:
        case UnicodeDecodeError() as wrong:
            return f"The body is not UTF-8 text; see its byte {wrong.start + 1:,}"
        case RecursionError():
            return "The body's lists and objects stand too deep in each other; write it flatter"
        case ValueError():
            return "The body has a number of too many digits; write it as text"
    if "form" in request.headers.get("content-type", "").lower():
        found = (says for part, says in _FORM_FAULTS.items() if part in str(error.detail))
        return next(found, "The form is damaged, so that it cannot be read; send it again")
    return "The body cannot be read"
