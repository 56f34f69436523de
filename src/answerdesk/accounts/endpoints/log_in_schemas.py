"""Bodies of logging in, going on and logging out."""

from typing import Literal

from pydantic import BaseModel, Field, model_validator

from answerdesk.accounts.endpoints.schemas import (
    AccountBrief,
    Address,
    GivenPassword,
    LogsIn,
    RequestBody,
    Token,
    UserOut,
)
from answerdesk.accounts.principal import Role
from answerdesk.accounts.sessions.types import LogIn
from answerdesk.accounts.types import ACCOUNT_PREFIX, USER_PREFIX
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.text import CleanText


class LogInIn(LogsIn):
    """Somebody who logs in, to the account first joined or to the one named."""

    email: Address
    password: GivenPassword
    account_id: CleanText | None = Field(default=None, max_length=100)


class SwitchIn(LogsIn):
    """The account to go to."""

    account_id: CleanText = Field(max_length=100)


class RefreshIn(RequestBody):
    """A refresh token, which is used up; or `cookie`, where our own page keeps it."""

    refresh_token: Token | None = None
    cookie: bool = Field(default=False, description="The refresh token is in the cookie.")

    @model_validator(mode="after")
    def _one_of_both(self) -> "RefreshIn":
        if (self.refresh_token is None) != self.cookie:
            msg = "send either refresh_token or cookie"
            raise ValueError(msg)
        return self


class LogOutIn(RequestBody):
    """Which log-in to end: a refresh token's, or that of the access token that is sent."""

    refresh_token: Token | None = None
    cookie: bool = Field(
        default=False,
        description="End the log-in of the access token in `Authorization`, and have the browser "
        "forget the cookie.",
    )
    everywhere: bool = Field(
        default=False,
        description="End every log-in of the person whose access token is in `Authorization`, to "
        "all accounts and in all browsers.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> "LogOutIn":
        if (self.refresh_token is None) != (self.cookie or self.everywhere):
            msg = "send either refresh_token, or an access token with cookie or everywhere"
            raise ValueError(msg)
        return self


class Tokens(BaseModel):
    """A log-in: a short access token, and the refresh token that gets the next one."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds for which the access token is good.")
    refresh_token: str | None = Field(
        description="Good once; the answer brings the next. Null where it is kept in the cookie."
    )
    user: UserOut
    account: AccountBrief
    role: Role

    @classmethod
    def of(cls, log_in: LogIn, *, with_refresh_token: bool) -> "Tokens":
        """Write a log-in as the native API shows it."""
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
