"""What is counted, and against what."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from answerdesk.accounts.plans import MessageMetric
from answerdesk.core.tenancy import AccountId, ProjectId

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
