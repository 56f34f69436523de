"""What accounts, people, members, invitations, counts and audit entries are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from answerdesk.accounts.plans import MessageMetric
from answerdesk.accounts.principal import Role
from answerdesk.core.tenancy import AccountId, ProjectId, UserId

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


LetterState = Literal["mailed", "written", "failing", "failed"]
"""`written`: to a file of the server, for want of a mail server. `failing`: it is tried again."""


INVITATION_PREFIX: Final = "inv"
OPERATOR: Final = "operator"
"""Who invited, if it was by command line."""

INVITATION_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that waits to be accepted; `invited_by` is a public id or OPERATOR.

    `letter` is what became of the mail, None before it was tried; `letter_error` is for members.
    """

    id: UUID
    email: str
    role: Role
    invited_by: str
    token_hash: bytes
    expires_at: datetime
    created_at: datetime
    letter: LetterState | None
    letter_at: datetime | None
    letter_error: str | None
    open: bool


Period = Literal["day", "month"]
"""Of UTC, on the database's clock."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose message it is. `visitor` is any id that is the same for all of one visitor's.

    None is one that the statement which counts the message finds out.
    """

    account_id: AccountId
    project_id: ProjectId
    visitor: UUID | None


@dataclass(frozen=True, slots=True)
class OwnCaps:
    """What a project's owner has set, besides the plan; None is no cap."""

    per_visitor_per_day: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` messages of `subject_id` (None: of the visitor) in a period."""

    metric: MessageMetric
    subject_id: UUID | None
    period: Period
    limit: int


@dataclass(frozen=True, slots=True)
class CapReached:
    """A cap that takes no more; `first` of its period, so that it is told once."""

    cap: Cap
    first: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a metric is used; None of `limit` is no limit, of `used` is not counted."""

    metric: str
    limit: int | None
    used: int | None


AUDIT_PREFIX: Final = "audit"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: who made it, from where, to what. `detail` says what changed."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    action: str
    target_kind: str
    target_id: str
    address: str | None
    detail: Mapping[str, object]
