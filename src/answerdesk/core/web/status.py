"""Which HTTP status a domain error has, and how a validation error reads."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

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
    """Return the status of the error's nearest category; 500 for one without a category."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def describe(errors: Sequence[Mapping[str, Any]]) -> str:
    """Say what is wrong with a request, field by field, without repeating what was sent."""
    faults = []
    for error in errors:
        where = ".".join(str(part) for part in error["loc"] if part not in ("body", "query"))
        text = str(error["msg"]).removeprefix("Value error, ")
        if error["type"] == "json_invalid":
            faults.append("The body is not valid JSON")
        elif where:
            faults.append(f"{where}: {text}")
        else:
            faults.append(f"The body is not what is expected: {text}")
    return "; ".join(faults)
