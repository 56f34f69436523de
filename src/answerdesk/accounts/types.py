"""What an account is, and how accounts and people are named outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from answerdesk.core.tenancy import AccountId

ACCOUNT_PREFIX: Final = "acct"
USER_PREFIX: Final = "user"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who owns projects: a company, a team, a person."""

    id: AccountId
    name: str
    plan: str
    suspended: bool
    created_at: datetime
