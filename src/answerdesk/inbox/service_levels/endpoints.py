"""The native API of service levels."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.text import Day
from answerdesk.inbox.dependencies import Reader
from answerdesk.inbox.service_levels import service
from answerdesk.inbox.service_levels.clocks import Target
from answerdesk.inbox.service_levels.types import MOST_WAITS, CurrentWait, Report, Tally
from answerdesk.projects.dependencies import project_for
from answerdesk.projects.types import PROJECT_PREFIX, Project


class TallyOut(BaseModel):
    """How the waits that began in the period have gone, for one target.

    Each counts once. The times are minutes of office hours until the target was met, in time or
    not; null if it never was.
    """

    target: Target
    met: int = Field(description="In time.")
    breached: int = Field(description="Missed, whether or not it was met later.")
    running: int
    cancelled: int = Field(description="Handed back or closed before there was a reply.")
    median_minutes: float | None
    p90_minutes: float | None

    @classmethod
    def of(cls, tally: Tally) -> "TallyOut":
        return cls(
            target=tally.target,
            met=tally.met,
            breached=tally.breached,
            running=tally.running,
            cancelled=tally.cancelled,
            median_minutes=tally.median_minutes,
            p90_minutes=tally.p90_minutes,
        )


class CurrentWaitOut(BaseModel):
    """A conversation whose visitor waits for a person's reply.

    `due_at` is when the first response is due; null without a target.
    """

    conversation_id: str
    assignee_id: str | None
    waiting_since: datetime
    due_at: datetime | None
    breached: bool

    @classmethod
    def of(cls, wait: CurrentWait) -> "CurrentWaitOut":
        person = wait.assignee_id
        return cls(
            conversation_id=public_id(CONVERSATION_PREFIX, wait.conversation_id),
            assignee_id=None if person is None else public_id(USER_PREFIX, person),
            waiting_since=wait.waiting_since,
            due_at=wait.due_at,
            breached=wait.breached,
        )


class ServiceLevelsOut(BaseModel):
    """How a project keeps its service levels."""

    project_id: str
    targets: list[TallyOut]
    waits: list[CurrentWaitOut] = Field(
        description=f"Who waits now, the longest first; at most {MOST_WAITS}."
    )

    @classmethod
    def of(cls, report: Report) -> "ServiceLevelsOut":
        return cls(
            project_id=public_id(PROJECT_PREFIX, report.project_id),
            targets=[TallyOut.of(one) for one in report.tallies],
            waits=[CurrentWaitOut.of(one) for one in report.waits],
        )


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes), tags=["inbox"])
    router.add_api_route("/projects/{project_id}/service-levels", get_service_levels)
    return router


async def get_service_levels(
    caller: Reader,
    project: Annotated[Project, project_for("conversations:read")],
    database: DatabaseOf,
    first: Annotated[Day | None, Query(alias="from", description="30 days if omitted.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Today if omitted.")] = None,
) -> ServiceLevelsOut:
    """Show how soon people replied and closed, and who waits now.

    Days are those of the project's time zone, both included; at most 366.
    """
    async with database.transaction(caller.account_id) as session:
        report = await service.report(session, project, first, last, datetime.now(UTC))
    return ServiceLevelsOut.of(report)
