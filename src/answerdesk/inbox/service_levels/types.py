"""The types of service levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import ConversationId, ProjectId, UserId
from answerdesk.inbox.service_levels.clocks import Target

FOLLOW: Final = "service_levels.follow"
"""The job that is scheduled with the ids of events which start or end clocks."""
CHECK: Final = "service_levels.check"
"""The job at the time when a target is missed unless it has been met."""
FOLLOWED: Final = (
    *("conversation.escalated", "conversation.updated", "conversation.ended"),
    "message.sent/human",
)
"""What FOLLOW is scheduled for; migration 0019 says so for every account."""

MOST_WAITS: Final = 200


@dataclass(frozen=True, slots=True)
class StoredClock:
    """A clock as it is stored."""

    id: UUID
    target: Target
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    cancelled_at: datetime | None

    @property
    def ended_at(self) -> datetime | None:
        return self.met_at or self.cancelled_at


@dataclass(frozen=True, slots=True)
class Tally:
    """How the clocks of a target that began in a period have gone.

    `median_minutes` and `p90_minutes` of office hours until it was met; None if none was.
    """

    target: Target
    met: int = 0
    breached: int = 0
    running: int = 0
    cancelled: int = 0
    median_minutes: float | None = None
    p90_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class CurrentWait:
    """A conversation whose visitor waits for a person's reply; `domain_id` is where it began."""

    conversation_id: ConversationId
    domain_id: UUID | None
    assignee_id: UserId | None
    waiting_since: datetime
    due_at: datetime | None
    breached: bool


@dataclass(frozen=True, slots=True)
class DomainTally:
    """A tally of the conversations that began on a domain; `domain_id` None is on none."""

    domain_id: UUID | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Status:
    """How a project has kept its service levels `since` a time, by domain, and who waits now."""

    since: datetime
    tallies: Sequence[DomainTally]
    waits: Sequence[CurrentWait]


@dataclass(frozen=True, slots=True)
class Report:
    """How a project keeps its service levels."""

    project_id: ProjectId
    tallies: Sequence[Tally]
    waits: Sequence[CurrentWait]
