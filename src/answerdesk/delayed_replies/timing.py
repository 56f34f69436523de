"""When a delayed reply is due: a delay drawn from a table, moved into the agent's working hours."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from answerdesk.projects.office_hours import is_open, next_opening
from answerdesk.projects.types import OfficeHours

Delays = Sequence[tuple[float, float]]
"""The table: so many seconds at most, and for how many per cent of the replies, shortest first."""

# The rest of the 24 hours is for answering and the first attempt.
_LATEST: Final = timedelta(hours=24) - timedelta(minutes=1)


def draw_delay(delays: Delays, random: Random) -> timedelta:
    """Draw a row of the table, then a time that is uniform between the row before and this one."""
    drawn = random.random() * 100
    least = 0.0
    for most, percent in delays:
        if drawn < percent:
            return timedelta(seconds=least + (most - least) * random.random())
        drawn -= percent
        least = most
    return timedelta(seconds=least)  # The percentages add up to a hair less than 100.


def due_time(asked_at: datetime, hours: OfficeHours, delays: Delays, random: Random) -> datetime:
    """Return when (UTC) to answer what was asked at `asked_at` (aware), within 24 hours.

    A time outside `hours` moves to the next opening and a new delay after it. If they leave no time
    within the 24 hours, the reply is due at their end.
    """
    asked_at = asked_at.astimezone(UTC)
    latest = asked_at + _LATEST
    due = asked_at + draw_delay(delays, random)
    while due < latest and not is_open(hours, due):
        opening = next_opening(hours, due)
        if opening is None:
            return latest
        # In UTC: a sum in a time zone counts the hours that its clock shows.
        due = opening.astimezone(UTC) + draw_delay(delays, random)
    return min(due, latest)
