"""Whether people are there at a moment, and when they will be."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from answerdesk.projects.types import WEEKDAYS, OfficeHours

_LOOK_AHEAD: Final = timedelta(days=60)
"""How far ahead an opening is looked for; beyond it "when" would be no help."""


def is_open(hours: OfficeHours, moment: datetime) -> bool:
    """Tell whether people are there at `moment` (aware).

    No day set means always; a holiday is closed all day, in the hours' own time zone.
    """
    local = moment.astimezone(ZoneInfo(hours.timezone))
    if local.date() in hours.holidays:
        return False
    if not hours.days:
        return True
    now = local.time()
    return any(
        interval.start <= now and (now < interval.end or interval.end == time(0))
        for interval in hours.days.get(WEEKDAYS[local.weekday()], ())
    )


def next_opening(hours: OfficeHours, moment: datetime) -> datetime | None:
    """Return when people will be there next, `moment` itself if they are; in the hours' time zone.

    None when no opening lies within the next 60 days.
    """
    zone = ZoneInfo(hours.timezone)
    local = moment.astimezone(zone)
    if is_open(hours, moment):
        return local
    openings = (
        datetime.combine(day, interval.start, tzinfo=zone)
        for offset in range(_LOOK_AHEAD.days)
        for day in [local.date() + timedelta(days=offset)]
        if day not in hours.holidays
        for interval in sorted(
            hours.days.get(WEEKDAYS[day.weekday()], ()), key=lambda one: one.start
        )
    )
    if hours.days:
        return next((opening for opening in openings if opening > local), None)
    # Open on every day but holidays: the first midnight that is none.
    midnights = (
        datetime.combine(local.date() + timedelta(days=offset), time(0), tzinfo=zone)
        for offset in range(1, _LOOK_AHEAD.days)
    )
    return next((one for one in midnights if one.date() not in hours.holidays), None)
