"""Days of a project's time zone, which is that of its office hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from answerdesk.projects.errors import period_backwards, period_out_of_range
from answerdesk.projects.types import Project

_DAY = timedelta(days=1)
# A day of some time zone begins before and ends after that of UTC.
_FIRST, _LAST = date.min + _DAY, date.max - 2 * _DAY


def today(project: Project, now: datetime) -> date:
    """Return which day it is for a project at `now` (aware)."""
    return now.astimezone(_zone(project)).date()


def begins(project: Project, day: date) -> datetime:
    """Return when a day begins for a project, in UTC."""
    return datetime.combine(day, time(0), tzinfo=_zone(project)).astimezone(UTC)


def check_days(first: date, last: date) -> None:
    """Raise InvalidInput for days that make no period (`period_backwards`, `period_range`)."""
    if first > last:
        raise period_backwards(first, last)
    if first < _FIRST or last > _LAST:
        raise period_out_of_range()


def span(project: Project, first: date, last: date) -> tuple[datetime, datetime]:
    """Return when the first of these days begins and the last one ends.

    Raises InvalidInput (`period_backwards`, `period_range`).
    """
    check_days(first, last)
    return begins(project, first), begins(project, last + _DAY)


def open_span(
    project: Project, first: date | None, last: date | None
) -> tuple[datetime | None, datetime | None]:
    """Return when the first of these days begins and the last one ends; either may be open.

    Raises InvalidInput (`period_backwards`, `period_range`).
    """
    given = [day for day in (first, last) if day is not None]
    if given:
        check_days(given[0], given[-1])
    return (
        None if first is None else begins(project, first),
        None if last is None else begins(project, last + _DAY),
    )


def _zone(project: Project) -> ZoneInfo:
    return ZoneInfo(project.settings.office_hours.timezone)
