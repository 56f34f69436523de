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
    """An owner of projects: a company, a team, a person.

    Nothing is taken away when the trial ends. None: the account began without one.
    """

    id: AccountId
    name: str
    plan: str
    suspended: bool
    created_at: datetime
    trial_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownUser:
    """The result of the look-up by e-mail address: no more than a log-in needs."""

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
"""`written`: to a file on the server, because there is no mail server. `failing`: will be
retried."""


INVITATION_PREFIX: Final = "inv"
OPERATOR: Final = "operator"
"""Stands for the inviter if the invitation was made on the command line."""

INVITATION_DAYS: Final = 7
TRIAL_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation not accepted yet; `invited_by` is a public id or OPERATOR.

    `letter` is what became of the mail; None until it has been tried. Members see `letter_error`.
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


EMAIL_CHANGE_MINUTES: Final = 60
"""How long the link to confirm a new e-mail address works."""


@dataclass(frozen=True, slots=True)
class EmailChange:
    """A person's change of their e-mail address, asked for or confirmed.

    `letter` is what became of the mail to the new address; None until it has been tried.
    """

    id: UUID
    user_id: UserId
    old_email: str
    new_email: str
    token_hash: bytes | None
    letter: LetterState | None
    letter_at: datetime | None
    letter_error: str | None
    expires_at: datetime
    created_at: datetime
    open: bool


Period = Literal["day", "month"]
"""In UTC, by the database's clock."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a message. `visitor` is any id that is the same for all messages of one visitor.

    None means that the statement which counts the message finds it out.
    """

    account_id: AccountId
    project_id: ProjectId
    visitor: UUID | None


@dataclass(frozen=True, slots=True)
class OwnCaps:
    """What a project's owner has set in addition to the plan; None means no cap."""

    per_visitor_per_day: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` messages of `subject_id` (None: of the visitor) per period."""

    metric: MessageMetric
    subject_id: UUID | None
    period: Period
    limit: int


@dataclass(frozen=True, slots=True)
class CapReached:
    """A cap that is reached. `first` is true once per period, so that it is reported once."""

    cap: Cap
    first: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a metric is used. `limit` None means no limit, `used` None not counted."""

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


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted: of one action, of one actor, from a moment until before another."""

    action: str | None = None
    actor_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERY_ENTRY: Final = AuditFilter()
