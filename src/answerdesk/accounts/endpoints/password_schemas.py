"""Bodies of the native API for new passwords, and what became of the person's API keys then."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from answerdesk.accounts.api_keys.types import API_KEY_PREFIX, ApiKey
from answerdesk.accounts.endpoints.schemas import GivenPassword, NewPassword, RequestBody, Token
from answerdesk.accounts.types import ACCOUNT_PREFIX
from answerdesk.accounts.users.keys import AccountKeys
from answerdesk.accounts.users.types import UserAccount
from answerdesk.core.tenancy import public_id

RevokeKeys = Annotated[
    bool,
    Field(
        description="Whether the API keys that the person made are revoked, in every account of "
        "the person's where the role allows it."
    ),
]


class ResetIn(RequestBody):
    """A new password, and the token of the link that allows to set it."""

    token: Token
    password: NewPassword
    revoke_keys: RevokeKeys = False


class PasswordIn(RequestBody):
    """A new password, and the present one."""

    current_password: GivenPassword
    new_password: NewPassword
    revoke_keys: RevokeKeys = False


class KeyLeft(BaseModel):
    """A key of the person's that still works."""

    id: str
    name: str
    hint: str = Field(description="The prefix and the last characters of the key.")
    last_used_at: datetime | None = Field(description="To the minute.")
    account_id: str
    account_name: str

    @classmethod
    def of(cls, account: UserAccount, key: ApiKey) -> Self:
        """Write a key as the outside sees it."""
        return cls(
            id=public_id(API_KEY_PREFIX, key.id),
            name=key.name,
            hint=key.hint,
            last_used_at=key.last_used_at,
            account_id=public_id(ACCOUNT_PREFIX, account.account_id),
            account_name=account.name,
        )


class KeysOfPerson(BaseModel):
    """What became of the API keys that a person made."""

    keys_revoked: int
    keys_working: int = Field(description="How many still work.")
    keys: list[KeyLeft] = Field(
        description="Those that still work, newest first, at most 100 of each account."
    )

    @classmethod
    def of(cls, settled: Iterable[AccountKeys]) -> Self:
        """Write what became of a person's keys as the outside sees it."""
        every = list(settled)
        return cls(
            keys_revoked=sum(one.left.revoked for one in every),
            keys_working=sum(one.left.working for one in every),
            keys=[KeyLeft.of(one.account, key) for one in every for key in one.left.keys],
        )


class PasswordSet(KeysOfPerson):
    """The password is set; with what became of the person's API keys, in all accounts."""
