"""The overview of a project: its numbers day by day, and beside those of as many days before."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.insights.overview import repository
from answerdesk.insights.overview.types import USUAL_DAYS, Day, Measured, Overview, Part
from answerdesk.insights.service import checked
from answerdesk.insights.types import Period, Span
from answerdesk.projects.days import begins, check_days, span, today
from answerdesk.projects.types import Project

_DAY = timedelta(days=1)


async def overview(
    session: AsyncSession, project: Project, first: date | None, last: date | None, now: datetime
) -> Overview:
    """Return what happened from `first` to `last`, both days included, and before.

    Without them it is the last 28 days up to today, in the project's time zone. Raises InvalidInput
    (`period_backwards`, `period_too_long`, `period_range`).
    """
    current = _asked(project, first, last, now)
    previous = _before(current)
    both = _days(Period(previous.first, current.last))
    counted = await repository.days(
        session, project.id, [begins(project, day) for day in [*both, both[-1] + _DAY]]
    )
    then, measured, waits = await repository.measures(
        session,
        Span(project.id, *span(project, previous.first, previous.last)),
        Span(project.id, *span(project, current.first, current.last)),
    )
    half = len(both) // 2
    return Overview(
        current=_part(current, counted[half:], measured),
        previous=_part(previous, counted[:half], then),
        now=waits,
    )


def _asked(project: Project, first: date | None, last: date | None, now: datetime) -> Period:
    last = last or today(project, now)
    usual = date.fromordinal(max(1, last.toordinal() - USUAL_DAYS + 1))
    return checked(first or usual, last)


def _before(period: Period) -> Period:
    """Return as many days before; raises InvalidInput (`period_range`) if there were none."""
    days = (period.last - period.first).days + 1
    last = period.first - _DAY
    first = date.fromordinal(max(1, last.toordinal() - days + 1))
    check_days(first, last)
    return Period(first, last)


def _days(period: Period) -> list[date]:
    return [period.first + number * _DAY for number in range((period.last - period.first).days + 1)]


def _part(period: Period, counted: Sequence[Counter[str]], measured: Measured) -> Part:
    days = [Day(day, **numbers) for day, numbers in zip(_days(period), counted, strict=True)]
    return Part(period, days, measured)
