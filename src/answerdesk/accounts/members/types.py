"""What a member is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import UserId

MEMBER_PREFIX: Final = "member"


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an account."""

    id: UUID
    user_id: UserId
    email: str
    name: str
    role: Role
    created_at: datetime
