"""The domain's errors: each knows its code and category, never its JSON or HTTP status.

DomainError
├── InvalidInput      the caller sent something that cannot be taken
├── TooLarge          the caller sent more than is taken
├── TooSlow           what the caller sends did not come whole, or not in time
├── NotAuthenticated  no credential, or one that does not hold
├── NotPermitted      the credential does not allow it
├── NotFound          no such thing, or not the caller's
├── Conflict          the thing's state does not allow it now
│   └── PreconditionFailed  it has changed since the caller looked
├── RateLimited       too often; try again later
└── Unavailable       a part we depend on is not there; try again later
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import ClassVar


class DomainError(Exception):
    """An expected failure, with a message that tells the reader what to do.

    `code` is stable and machine-readable; a subclass or an instance may refine it. `details` has
    what a program may want to know besides, such as which rows of many do not hold.
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
    """The caller sent something that cannot be taken; the message names it."""

    code = "invalid_input"


class TooLarge(InvalidInput):
    """The caller sent more than is taken; the message names the limit."""

    code = "too_large"


class TooSlow(InvalidInput):
    """What the caller sends did not come whole, or not in time."""

    code = "too_slow"


class NotAuthenticated(DomainError):
    """No credential came, or one that does not hold."""

    code = "not_authenticated"


class NotPermitted(DomainError):
    """The credential holds but does not allow this."""

    code = "not_permitted"


class NotFound(DomainError):
    """There is no such thing, or it belongs to somebody else."""

    code = "not_found"


class Conflict(DomainError):
    """The thing exists, but its state does not allow this now."""

    code = "conflict"


class PreconditionFailed(Conflict):
    """The thing has changed since the caller looked at it; look again and repeat the change."""

    code = "precondition_failed"


def require_version(version: int, expected: AbstractSet[int] | None) -> None:
    """Raise PreconditionFailed unless `version` is one of those expected; None expects any.

    Call it where the row is locked, so that no other change comes between.
    """
    if expected is not None and version not in expected:
        raise PreconditionFailed(
            "This has changed since you read it; read it again and repeat your change"
        )


class RateLimited(DomainError):
    """Too many requests; `retry_after` is in seconds."""

    code = "rate_limited"
    retriable = True

    def __init__(self, message: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A part that this needs is not reachable now; the same call may succeed later."""

    code = "unavailable"
    retriable = True
