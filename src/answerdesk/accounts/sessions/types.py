"""What a log-in is, for everybody above."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import AccountId, UserId

IDLE_DAYS: Final = 30
"""A log-in that was not used for so long has ended."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a refresh token is followed by the next.

    It is used again as it is until it is `at_least` seconds old. The token before the newest gets
    the newest for `grace` seconds more; after that it is a copy in somebody else's hands.
    """

    at_least: float
    grace: float


EVERY_TIME: Final = Rotation(at_least=0.0, grace=10.0)
"""For a program, which refreshes in one place: each answer brings the next token, and the grace is
for one that was lost."""

SHARED: Final = Rotation(at_least=600.0, grace=60.0)
"""For the cookie, which all tabs of a browser share, and which each page that is opened uses. Tabs
that refresh together, however slow their lines are, hold one of two tokens, since the next rotation
is much later than the end of the grace."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request without a credential comes from.

    `address` is what limits count (an IPv6 network), `exact_address` what the audit log keeps.
    """

    address: str = "unknown"
    exact_address: str = "unknown"
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in as it is told to the one who logs in."""

    access_token: str
    refresh_token: str
    expires_in: int
    user_id: UserId
    email: str
    user_name: str
    account_id: AccountId
    account_name: str
    plan: str
    role: Role


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A log-in as it is stored, with whether it still holds."""

    id: UUID
    user_id: UserId
    secret_hash: bytes
    generation: int
    seconds_since_use: float
    ended: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in an account at this moment."""

    user_id: UserId
    email: str
    user_name: str
    role: Role
    account_name: str
    plan: str
    suspended: bool
