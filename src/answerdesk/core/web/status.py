"""Which HTTP status a domain error has."""

from collections.abc import Mapping
from typing import Final

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
