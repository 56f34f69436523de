"""Whether people are available at a given time, and when they will be next.

Opening hours are local clock times. If the clock shows a time twice, the first one counts; a time
that the clock skips is shifted by the length of the jump, as in RFC 5545.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from answerdesk.projects.types import WEEKDAYS, Holiday, OfficeHours

_LOOK_AHEAD: Final = 60
"""How many days ahead to look for an opening; a later one would be no help."""

_DAY: Final = timedelta(days=1)


def is_open(hours: OfficeHours, moment: datetime) -> bool:
    """Tell whether people are available at `moment` (aware).

    No day set means always. On a holiday it is closed all day, in the hours' own time zone.
    """
    today = moment.astimezone(ZoneInfo(hours.timezone)).date()
    # The day before counts, too: its last opening may extend past midnight when the clock jumps.
    return any(start <= moment < end for start, end in _openings(hours, today - _DAY, 2))


def next_opening(hours: OfficeHours, moment: datetime) -> datetime | None:
    """Return when people will next be available, in the hours' time zone; `moment` if they are.

    None if there is no opening within the next 60 days.
    """
    zone = ZoneInfo(hours.timezone)
    local = moment.astimezone(zone)
    if is_open(hours, moment):
        return local
    openings = _openings(hours, local.date(), _LOOK_AHEAD)
    return next((start.astimezone(zone) for start, _ in openings if start > moment), None)


def holiday_on(hours: OfficeHours, moment: datetime) -> Holiday | None:
    """Return the holiday on which `moment` (aware) falls, in the hours' time zone."""
    today = moment.astimezone(ZoneInfo(hours.timezone)).date()
    return next((one for one in hours.holidays if one.date == today), None)


def _openings(hours: OfficeHours, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield, in order, when people come and go (UTC) on the days from `first` on."""
    zone = ZoneInfo(hours.timezone)
    holidays = {holiday.date for holiday in hours.holidays}
    for offset in range(days):
        day = first + timedelta(days=offset)
        if day in holidays:
            continue
        if not hours.days:
            yield _instant(day, time(0), zone), _instant(day + _DAY, time(0), zone)
            continue
        intervals = hours.days.get(WEEKDAYS[day.weekday()], ())
        for interval in sorted(intervals, key=lambda one: one.start):
            last = day if interval.end != time(0) else day + _DAY
            yield _instant(day, interval.start, zone), _instant(last, interval.end, zone)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    # In UTC: times of one zone compare by clock time, which ignores which of two they mean.
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
