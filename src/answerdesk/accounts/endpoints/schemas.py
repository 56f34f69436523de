"""Bodies of the native API for people and accounts."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from answerdesk.accounts.members.types import MEMBER_PREFIX, Member
from answerdesk.accounts.principal import Role
from answerdesk.accounts.types import ACCOUNT_PREFIX, USER_PREFIX, Account
from answerdesk.accounts.users.email import EmailText
from answerdesk.accounts.users.types import UserAccount
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import CleanText, FilledText

_TOKEN_LENGTH = 4096

Address = Annotated[EmailText, Field(max_length=320)]
GivenPassword = Annotated[CleanText, Field(min_length=1, max_length=1024)]
NewPassword = Annotated[
    CleanText,
    Field(
        max_length=1024,
        description="At least 10 characters, 15 or more are recommended; any characters do. The "
        "commonest passwords are refused.",
    ),
]
Token = Annotated[CleanText, Field(min_length=1, max_length=_TOKEN_LENGTH)]
PersonName = Annotated[CleanText, Field(max_length=200)]
AccountName = Annotated[FilledText, Field(max_length=200)]


class RequestBody(BaseModel):
    """What is sent; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class LogsIn(RequestBody):
    """What logs somebody in."""

    cookie: bool = Field(
        default=False,
        description="For our own pages: the refresh token is kept in a cookie that no script "
        "reads, and is not told.",
    )


class SignUpIn(LogsIn):
    """Somebody who signs up: for an account of their own, the installation's or another's."""

    email: Address
    password: NewPassword
    name: PersonName = ""
    account_name: AccountName | None = None
    owner_key: Token | None = Field(
        default=None, description="The owner's key, to become the installation's first owner."
    )
    invitation: Token | None = Field(default=None, description="The token of an invitation.")

    @model_validator(mode="after")
    def _one_way_in(self) -> "SignUpIn":
        if self.owner_key is not None and self.invitation is not None:
            msg = "owner_key and invitation exclude each other"
            raise ValueError(msg)
        return self


class AcceptIn(LogsIn):
    """Somebody who accepts an invitation, with a new password or the one of before."""

    invitation: Token
    password: NewPassword
    name: PersonName = ""


class InvitationTokenIn(RequestBody):
    """An invitation to look at."""

    invitation: Token


class ResetRequestIn(RequestBody):
    """The address of somebody who has forgotten the password."""

    email: Address


class ResetRequested(BaseModel):
    """What happens now; the same whether there is a log-in with the address or not."""

    mailed: bool = Field(description="Whether this installation can send mail.")
    message: str = Field(description="For the person who asked.")


class UserOut(BaseModel):
    """A person."""

    id: str
    email: str
    name: str


class AccountBrief(BaseModel):
    """An account, as it is told to whoever logs in."""

    id: str
    name: str
    plan: str


class MyAccount(BaseModel):
    """An account that the caller is a member of."""

    id: str
    name: str
    role: Role
    suspended: bool

    @classmethod
    def of(cls, account: UserAccount) -> "MyAccount":
        """Write an account as the native API shows it."""
        return cls(
            id=public_id(ACCOUNT_PREFIX, account.account_id),
            name=account.name,
            role=account.role,
            suspended=account.suspended,
        )


class Me(BaseModel):
    """Who calls: a person, an API key or the owner's key, and what that may do."""

    kind: Literal["user", "api_key", "owner_key"]
    user: UserOut | None
    account: AccountBrief
    role: Role | None = Field(description="Null for an API key, which has scopes only.")
    scopes: list[str]
    projects: list[str] | None = Field(description="The only projects that it reaches; null: all.")
    accounts: list[MyAccount] = Field(description="All accounts of the person.")


class AccountIn(RequestBody):
    """What is to change about the account."""

    name: AccountName


class AccountOut(BaseModel):
    """An account."""

    id: str
    name: str
    plan: str
    suspended: bool
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "AccountOut":
        """Write an account as the native API shows it."""
        return cls(
            id=public_id(ACCOUNT_PREFIX, account.id),
            name=account.name,
            plan=account.plan,
            suspended=account.suspended,
            created_at=account.created_at,
        )


class MemberIn(RequestBody):
    """What is to change about a member."""

    role: Role


class MemberOut(BaseModel):
    """A member of the account."""

    id: str
    user_id: str
    email: str
    name: str
    role: Role
    created_at: datetime

    @classmethod
    def of(cls, member: Member) -> "MemberOut":
        """Write a member as the native API shows it."""
        return cls(
            id=public_id(MEMBER_PREFIX, member.id),
            user_id=public_id(USER_PREFIX, member.user_id),
            email=member.email,
            name=member.name,
            role=member.role,
            created_at=member.created_at,
        )


class MemberList(Listing[MemberOut]):
    """Members, in the order of joining."""
