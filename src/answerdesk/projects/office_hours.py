"""Whether people are available at a given time, and when they will be next.

Opening hours are local clock times. If the clock shows a time twice, the first one counts; a time
that the clock skips is shifted by the length of the jump, as in RFC 5545.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Final
from zoneinfo import ZoneInfo

from answerdesk.projects.types import WEEKDAYS, Holiday, OfficeHours

_LOOK_AHEAD: Final = 60
"""How many days ahead to look for an opening; a later one would be no help."""

_FURTHEST: Final = 3 * 366
"""How many days ahead to count minutes."""

_MOST_IN_DISORDER: Final = 3 * 24
"""A clock jumps by a day at most (over the date line), and a day has at most 24 openings."""

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


def end_of_wait(hours: OfficeHours, moment: datetime, length: timedelta) -> datetime | None:
    """Return when people will have been available for `length` since `moment` (aware), in UTC.

    None if that is not within the next 60 days.
    """
    return _reached(hours, moment, length, _LOOK_AHEAD)


def add_open_minutes(hours: OfficeHours, start: datetime, minutes: int) -> datetime | None:
    """Return when `minutes` (> 0) of office hours will have passed since `start` (aware), in UTC.

    None if that is not within the next three years.
    """
    return _reached(hours, start, timedelta(minutes=minutes), _FURTHEST)


def open_minutes(hours: OfficeHours, start: datetime, end: datetime) -> float:
    """Return how many minutes of office hours there are from `start` to `end` (aware).

    After three years no more are counted.
    """
    counted = timedelta(0)
    for opens, closes in _since(hours, start, _FURTHEST):
        if opens >= end:
            break
        counted += min(closes, end) - opens
    return counted / timedelta(minutes=1)


def next_closing(hours: OfficeHours, moment: datetime) -> datetime | None:
    """Return when people will no longer be available, in UTC; `moment` (aware) if they aren't.

    None if they are there all the time for the next 60 days.
    """
    reached = moment.astimezone(UTC)
    last = reached + timedelta(days=_LOOK_AHEAD - 2)
    for opens, closes in _since(hours, moment, _LOOK_AHEAD):
        if opens > reached:
            return reached
        reached = closes
    return reached if reached < last else None


def _reached(hours: OfficeHours, start: datetime, length: timedelta, days: int) -> datetime | None:
    left = length
    for opens, closes in _since(hours, start, days):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def _since(hours: OfficeHours, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield when people are there from `start` on (UTC), in order and nothing twice."""
    today = start.astimezone(ZoneInfo(hours.timezone)).date()
    reached = start.astimezone(UTC)
    for opens, closes in _in_order(_openings(hours, today - _DAY, days + 1)):
        if closes > reached:
            yield max(opens, reached), closes
            reached = closes


def _in_order(
    openings: Iterable[tuple[datetime, datetime]],
) -> Iterator[tuple[datetime, datetime]]:
    """Yield openings by their beginnings: where the clock jumps, some change places."""
    waiting: list[tuple[datetime, datetime]] = []
    for opening in openings:
        heappush(waiting, opening)
        if len(waiting) > _MOST_IN_DISORDER:
            yield heappop(waiting)
    while waiting:
        yield heappop(waiting)


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
