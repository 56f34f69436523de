"""The domain's errors: each knows its code and category, never its JSON or HTTP status.

DomainError
├── InvalidInput      the request contains something that is not accepted
│   ├── TooLarge      the request contains more than is accepted
│   └── TooSlow       the request's body arrived incomplete or too late
├── NotAuthenticated  no credential, or an invalid one
├── NotPermitted      the credential does not allow this
├── NotFound          it does not exist, or is not the caller's
├── Conflict          the thing's current state does not allow this
│   └── PreconditionFailed  it has changed since the caller read it
├── RateLimited       too many requests; try again later
└── Unavailable       something that we depend on is unavailable; try again later
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import ClassVar


class DomainError(Exception):
    """An expected failure, with a message that tells the reader what to do.

    `code` is stable and machine-readable; a subclass or an instance may refine it. `details` holds
    further data for programs, such as which of many rows are invalid.
    """

    code: str = "error"
    details: Mapping[str, object] = MappingProxyType({})
    retriable: ClassVar[bool] = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(DomainError):
    """The request contains something that is not accepted; the message names it."""

    code = "invalid_input"


class TooLarge(InvalidInput):
    """The request contains more than is accepted; the message names the limit."""

    code = "too_large"


class TooSlow(InvalidInput):
    """The request's body arrived incomplete or too late."""

    code = "too_slow"


class NotAuthenticated(DomainError):
    """The request has no credential, or an invalid one."""

    code = "not_authenticated"


class NotPermitted(DomainError):
    """The credential is valid but does not allow this."""

    code = "not_permitted"


class NotFound(DomainError):
    """It does not exist, or it belongs to somebody else."""

    code = "not_found"


class Conflict(DomainError):
    """The thing exists, but its current state does not allow this."""

    code = "conflict"


class PreconditionFailed(Conflict):
    """The thing has changed since the caller read it; read it again and repeat the change."""

    code = "precondition_failed"


def require_version(version: int, expected: AbstractSet[int] | None) -> None:
    """Raise PreconditionFailed unless `version` is in `expected`; None accepts any version.

    Call it while the row is locked, so that no other change can come in between.
    """
    if expected is not None and version not in expected:
        raise PreconditionFailed(
            "This has changed since you read it; read it again and repeat your change"
        )


class RateLimited(DomainError):
    """Too many requests. `retry_after` is in seconds."""

    code = "rate_limited"
    retriable = True

    def __init__(self, message: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something that this needs is unavailable; the same call may succeed later."""

    code = "unavailable"
    retriable = True
