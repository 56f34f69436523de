"""What a log-in is, for everybody above."""

from dataclasses import dataclass
from uuid import UUID

from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import AccountId, UserId


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
