"""What a person is."""

from dataclasses import dataclass

from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import AccountId, UserId


@dataclass(frozen=True, slots=True)
class KnownUser:
    """What the look-up by e-mail address gives: no more than a log-in needs."""

    id: UserId
    password_hash: str | None
    disabled: bool


@dataclass(frozen=True, slots=True)
class UserAccount:
    """An account that a person is a member of."""

    account_id: AccountId
    name: str
    role: Role
    suspended: bool
