"""Request bodies for signing up, logging in and setting passwords, and shared parts of others."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from answerdesk.accounts.api_keys.types import API_KEY_PREFIX, ApiKey
from answerdesk.accounts.principal import Role
from answerdesk.accounts.sessions.types import LogIn
from answerdesk.accounts.types import (
    ACCOUNT_PREFIX,
    USER_PREFIX,
    LetterState,
    UserAccount,
)
from answerdesk.accounts.users.email import EmailText
from answerdesk.accounts.users.service import AccountKeys
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.text import CleanText, FilledText

_TOKEN_LENGTH = 4096

Address = Annotated[EmailText, Field(max_length=320)]
GivenPassword = Annotated[CleanText, Field(min_length=1, max_length=1024)]
NewPassword = Annotated[
    CleanText,
    Field(
        max_length=1024,
        description="At least 10 characters; 15 or more are recommended. Any characters are "
        "allowed. The commonest passwords are refused.",
    ),
]
Token = Annotated[CleanText, Field(min_length=1, max_length=_TOKEN_LENGTH)]
PersonName = Annotated[CleanText, Field(max_length=200)]
AccountName = Annotated[FilledText, Field(max_length=200)]
PlanName = Annotated[FilledText, Field(max_length=100)]


class RequestBody(BaseModel):
    """A request body; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid")


class LogsIn(RequestBody):
    """A request body that logs somebody in."""

    cookie: bool = Field(
        default=False,
        description="For our own pages: keep the refresh token in a cookie that no script can "
        "read, and leave it out of the response.",
    )


class SignUpIn(LogsIn):
    """Somebody who signs up: for a new account, the installation's or an inviting one."""

    email: Address
    password: NewPassword
    name: PersonName = ""
    account_name: AccountName | None = None
    plan: PlanName | None = Field(
        default=None, description="For a new account; one that the operator lets people choose."
    )
    owner_key: Token | None = Field(
        default=None, description="The owner's key, to become the installation's first owner."
    )
    invitation: Token | None = Field(default=None, description="The token of an invitation.")

    @model_validator(mode="after")
    def _one_way_in(self) -> "SignUpIn":
        if self.owner_key is not None and self.invitation is not None:
            msg = "owner_key and invitation cannot be combined"
            raise ValueError(msg)
        if self.plan is not None and (self.owner_key or self.invitation):
            msg = "a plan can only be chosen for a new account"
            raise ValueError(msg)
        return self


class ResetRequestIn(RequestBody):
    """The address of somebody who has forgotten the password."""

    email: Address


class ResetRequested(BaseModel):
    """What happens next; the same whether or not a log-in with this address exists."""

    mailed: bool = Field(description="Whether this installation can send mail.")
    message: str = Field(description="Text for the person who asked.")


class UserOut(BaseModel):
    """A person."""

    id: str
    email: str
    name: str


class AccountBrief(BaseModel):
    """The account that was logged in to, in brief."""

    id: str
    name: str
    plan: str


class LogInIn(LogsIn):
    """Somebody who logs in: to the account joined first, or to the given one."""

    email: Address
    password: GivenPassword
    account_id: CleanText | None = Field(default=None, max_length=100)


class SwitchIn(LogsIn):
    """The account to switch to."""

    account_id: CleanText = Field(max_length=100)


class RefreshIn(RequestBody):
    """A refresh token, which this uses up; or `cookie`, if our own page keeps it there."""

    refresh_token: Token | None = None
    cookie: bool = Field(default=False, description="The refresh token is in the cookie.")

    @model_validator(mode="after")
    def _one_of_both(self) -> "RefreshIn":
        if (self.refresh_token is None) != self.cookie:
            msg = "send either refresh_token or cookie"
            raise ValueError(msg)
        return self


class LogOutIn(RequestBody):
    """Which log-in to end: the refresh token's, or that of the access token sent."""

    refresh_token: Token | None = None
    cookie: bool = Field(
        default=False,
        description="End the log-in of the access token in `Authorization`, and make the browser "
        "forget the cookie.",
    )
    everywhere: bool = Field(
        default=False,
        description="End every log-in of the person whose access token is in `Authorization`, in "
        "all accounts and browsers.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> "LogOutIn":
        if (self.refresh_token is None) != (self.cookie or self.everywhere):
            msg = "send either refresh_token, or an access token with cookie or everywhere"
            raise ValueError(msg)
        return self


class Tokens(BaseModel):
    """A log-in: a short-lived access token, and the refresh token that gets the next one."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds until the access token expires.")
    refresh_token: str | None = Field(
        description="Valid once; the response brings the next. Null if it is kept in the cookie."
    )
    user: UserOut
    account: AccountBrief
    role: Role

    @classmethod
    def of(cls, log_in: LogIn, *, with_refresh_token: bool) -> "Tokens":
        return cls(
            access_token=log_in.access_token,
            expires_in=log_in.expires_in,
            refresh_token=log_in.refresh_token if with_refresh_token else None,
            user=UserOut(
                id=public_id(USER_PREFIX, log_in.user_id),
                email=log_in.email,
                name=log_in.user_name,
            ),
            account=AccountBrief(
                id=public_id(ACCOUNT_PREFIX, log_in.account_id),
                name=log_in.account_name,
                plan=log_in.plan,
            ),
            role=log_in.role,
        )


class LetterOut(BaseModel):
    """What became of a mail."""

    state: LetterState = Field(
        description="`mailed`; `written`: to a file on the server, because there is no mail "
        "server; `failing`: it will be retried; `failed`."
    )
    at: datetime
    error: str | None = Field(description="Why the mail was not sent.")

    @classmethod
    def of(
        cls, state: LetterState | None, at: datetime | None, error: str | None
    ) -> "LetterOut | None":
        """Return nothing until the mail has been tried."""
        return None if state is None or at is None else cls(state=state, at=at, error=error)


RevokeKeys = Annotated[
    bool,
    Field(
        description="Whether to revoke the API keys that the person created, in each of the "
        "person's accounts where the role allows it."
    ),
]


class ResetIn(RequestBody):
    """A new password, and the token of the link that allows setting it."""

    token: Token
    password: NewPassword
    revoke_keys: RevokeKeys = False


class PasswordIn(RequestBody):
    """A new password, and the current one."""

    current_password: GivenPassword
    new_password: NewPassword
    revoke_keys: RevokeKeys = False


class KeyLeft(BaseModel):
    """An API key of the person that still works."""

    id: str
    name: str
    hint: str = Field(description="The prefix and the last characters of the key.")
    last_used_at: datetime | None = Field(description="To the minute.")
    account_id: str
    account_name: str

    @classmethod
    def of(cls, account: UserAccount, key: ApiKey) -> Self:
        return cls(
            id=public_id(API_KEY_PREFIX, key.id),
            name=key.name,
            hint=key.hint,
            last_used_at=key.last_used_at,
            account_id=public_id(ACCOUNT_PREFIX, account.account_id),
            account_name=account.name,
        )


class KeysOfPerson(BaseModel):
    """What became of the API keys that a person created."""

    keys_revoked: int
    keys_working: int = Field(description="How many keys still work.")
    keys: list[KeyLeft] = Field(
        description="The keys that still work, newest first, at most 100 per account."
    )

    @classmethod
    def of(cls, settled: Iterable[AccountKeys]) -> Self:
        every = list(settled)
        return cls(
            keys_revoked=sum(one.left.revoked for one in every),
            keys_working=sum(one.left.working for one in every),
            keys=[KeyLeft.of(one.account, key) for one in every for key in one.left.keys],
        )


class PasswordSet(KeysOfPerson):
    """The password has been set; with what became of the person's API keys in all accounts."""
