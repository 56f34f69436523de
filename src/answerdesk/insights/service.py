"""Insights: what the conversations of a time add up to, from the rows themselves."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import ProjectId
from answerdesk.insights import repository
from answerdesk.insights.errors import period_too_long
from answerdesk.insights.types import MOST_DAYS, Counts, Period, Span
from answerdesk.projects import service as projects
from answerdesk.projects.days import check_days, span
from answerdesk.projects.types import Project

_MOST_PROJECTS: Final = 10_000
_USUAL_DAYS: Final = 30


async def counts(
    session: AsyncSession, only: Collection[ProjectId] | None, first: date, last: date
) -> Counts:
    """Count the conversations of these projects from `first` to `last`, both days included.

    `only` may be what a caller can reach (`Principal.projects`); None means all of the tenant's.
    Ids that are no projects of the tenant count nothing. A day is one of the project's time zone,
    which is that of its office hours. Raises InvalidInput (`period_backwards`, `period_too_long`,
    `period_range`).
    """
    period = checked(first, last)
    found = await projects.list_after(session, only, None, _MOST_PROJECTS)
    if not found:
        return Counts()
    return await repository.count(session, [_span(one, period) for one in found])


def days_asked(
    chosen: Collection[Project], first: date | None, last: date | None, now: datetime
) -> tuple[date, date]:
    """Return the days to count: as asked for, else the last 30 up to today.

    Today is the latest date that it is in any of the projects' time zones.
    """
    if last is None:
        zones = {one.settings.office_hours.timezone for one in chosen}
        days = (now.astimezone(ZoneInfo(zone)).date() for zone in zones)
        last = max([now.astimezone(UTC).date(), *days])
    usual = date.fromordinal(max(1, last.toordinal() - _USUAL_DAYS + 1))
    return first or usual, last


def checked(first: date, last: date) -> Period:
    """Return the days as a period; raises InvalidInput as `counts` does."""
    if first <= last and (days := (last - first).days + 1) > MOST_DAYS:
        raise period_too_long(days, MOST_DAYS)
    check_days(first, last)
    return Period(first, last)


def _span(project: Project, period: Period) -> Span:
    return Span(project.id, *span(project, period.first, period.last))
