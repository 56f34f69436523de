"""The native API of a project's overview."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.text import Day
from answerdesk.insights.overview import service
from answerdesk.insights.overview.types import Day as Counted
from answerdesk.insights.overview.types import Measured, Overview, Part
from answerdesk.projects.dependencies import project_for
from answerdesk.projects.types import PROJECT_PREFIX, Project

Reader = Annotated[Principal, needs("conversations:read")]


class CountsOfDays(BaseModel):
    """What happened on one or several days. Each number is what a list has, where one shows it."""

    conversations: int = Field(
        description="Begun then: those with this `created_at` in the project's conversations."
    )
    answered: int = Field(
        description="Questions answered from the knowledge or by an action. No list has them alone;"
        " each is a message's `turn` with the decision `answer` or `act`."
    )
    abstained: int = Field(
        description="Questions without an answer. The open questions are made of them: the same"
        " question stands there once, and not if somebody has answered or dismissed it."
    )
    handed_over: int = Field(
        description="Conversations whose visitor began to wait for a person: those with this"
        " `escalated_at`, which is the last time if there were several."
    )
    leads: int = Field(description="New leads with an e-mail address or a phone number.")


class DayOut(CountsOfDays):
    """What happened on one day of the project's time zone."""

    date: date

    @classmethod
    def of(cls, day: Counted) -> "DayOut":
        return cls(
            date=day.date,
            conversations=day.conversations,
            answered=day.answered,
            abstained=day.abstained,
            handed_over=day.handed_over,
            leads=day.leads,
        )


class PeriodOut(CountsOfDays):
    """What happened from one day to another, both included."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    median_response_seconds: float | None = Field(
        description="From when visitors began to wait (`escalated_at`) to a person's first message"
        " after it, of the conversations handed over in the period; null if none had one. Closed"
        " hours count. No list shows it; a conversation's messages do."
    )
    p90_response_seconds: float | None = Field(
        description="As before: nine of ten had a reply within this time."
    )
    satisfaction: float | None = Field(
        description="The percentage of `ratings` that are positive; null without any. No list shows"
        " them; a conversation's messages have theirs as `feedback`."
    )
    ratings: int = Field(
        description="How many answers and replies that were given in the period have been rated."
    )

    @classmethod
    def of(cls, part: Part) -> "PeriodOut":
        measured = part.measured
        return cls(
            first=part.period.first,
            last=part.period.last,
            conversations=sum(day.conversations for day in part.days),
            answered=sum(day.answered for day in part.days),
            abstained=sum(day.abstained for day in part.days),
            handed_over=sum(day.handed_over for day in part.days),
            leads=sum(day.leads for day in part.days),
            median_response_seconds=measured.median,
            p90_response_seconds=measured.p90,
            satisfaction=_share(measured),
            ratings=measured.ratings,
        )


def _share(measured: Measured) -> float | None:
    if measured.ratings == 0:
        return None
    return 100 * measured.positive / measured.ratings


class OverviewOut(BaseModel):
    """How a project did in a period and in as many days before, and what waits for people now."""

    project_id: str
    timezone: str = Field(description="Whose days are meant: that of the project's office hours.")
    current: PeriodOut
    previous: PeriodOut
    days: list[DayOut] = Field(description="Each day of `current`, also if nothing happened.")
    waiting: int = Field(
        description="Conversations that wait for a person now and are not snoozed, as the inbox"
        " counts and lists them."
    )
    open_questions: int = Field(description="As many as the list of open questions has now.")

    @classmethod
    def of(cls, project: Project, found: Overview) -> "OverviewOut":
        return cls(
            project_id=public_id(PROJECT_PREFIX, project.id),
            timezone=project.settings.office_hours.timezone,
            current=PeriodOut.of(found.current),
            previous=PeriodOut.of(found.previous),
            days=[DayOut.of(day) for day in found.current.days],
            waiting=found.now.waiting,
            open_questions=found.now.open_questions,
        )


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the route; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes), tags=["learning"])
    router.add_api_route("/projects/{project_id}/overview", get_overview)
    return router


async def get_overview(
    caller: Reader,
    project: Annotated[Project, project_for("conversations:read")],
    database: DatabaseOf,
    first: Annotated[Day | None, Query(alias="from", description="28 days if omitted.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Today if omitted.")] = None,
) -> OverviewOut:
    """Show how a project did in a period, day by day, and in as many days before.

    Days are those of the project's time zone, both included; at most 366. What retention or an
    erasure has removed is not counted any more. It is counted anew each time; what ratings, replies
    and new handoffs add to conversations of the past changes the numbers of their days.
    """
    async with database.transaction(caller.account_id) as session:
        found = await service.overview(session, project, first, last, datetime.now(UTC))
    return OverviewOut.of(project, found)
