"""What a log-in is, for all other modules."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import AccountId, UserId

ACCESS_SECONDS: Final = 15 * 60
"""How long an access token is valid; then the refresh token gets another."""

DAY_SECONDS: Final = 24 * 3600
"""How long an access token is valid for clients of a dialect that knows no refresh tokens."""

IDLE_DAYS: Final = 30
"""A log-in that has not been used for this long has ended."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a refresh token is replaced by the next.

    It stays in use until it is `at_least` seconds old. The second-newest token gets the newest for
    `grace` seconds more; after that, whoever sends it has a copy.
    """

    at_least: float
    grace: float


EVERY_TIME: Final = Rotation(at_least=0.0, grace=10.0)
"""For a program, which refreshes in one place: each response brings the next token, and the grace
period covers a lost response."""

SHARED: Final = Rotation(at_least=600.0, grace=60.0)
"""For the cookie, which all tabs of a browser share and every opened page uses. Tabs that refresh
together, however slow their connections, hold one of two tokens, because the next rotation comes
much later than the end of the grace period."""


@dataclass(frozen=True, slots=True)
class Client:
    """The origin of a request without a credential.

    `address` is what limits count (for IPv6 a network); `exact_address` goes to the audit log.
    """

    address: str = "unknown"
    exact_address: str = "unknown"
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in as returned to the person who logs in."""

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
    """A log-in as stored, and whether it is still valid."""

    id: UUID
    user_id: UserId
    secret_hash: bytes
    generation: int
    seconds_since_use: float
    ended: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's current standing in an account."""

    user_id: UserId
    email: str
    user_name: str
    role: Role
    account_name: str
    plan: str
    suspended: bool
