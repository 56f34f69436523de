"""When delayed replies are due: the table, the agent's hours in its own zone, the 24 hours."""

import itertools
import math
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.core.settings import Settings
from answerdesk.delayed_replies.timing import Delays, draw_delay, due_time
from answerdesk.projects.types import WEEKDAYS, OfficeHours
from tests.projects.test_office_hours import hours

TABLE: Delays = ((60, 10), (300, 50), (900, 20), (1800, 10), (5400, 9), (86_400, 1))
"""As the vendor prints it: less than so many seconds, per cent."""

AT_ONCE: Delays = ((1e-6, 100),)
HALF_AN_HOUR: Delays = ((1800, 0), (1800.000_001, 100))
ALWAYS = OfficeHours()
DAY = timedelta(hours=24)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",  # Its clock moves by half an hour.
    "Pacific/Auckland",
)
ROWS_FIT = 15.086
"""Chi-square for 5 degrees of freedom and p = 0.01."""

PARTS_FIT = 27.877
"""For 9 degrees of freedom and p = 0.001: there are many of these."""


def chi_square(found: Counter[int], expected: dict[int, float]) -> float:
    return sum((found[one] - of) ** 2 / of for one, of in expected.items())


def row_of(seconds: float) -> int:
    return next(row for row, (most, _) in enumerate(TABLE) if seconds < most)


def test_the_vendors_table_is_the_default() -> None:
    assert Settings.model_fields["reply_delays"].default == TABLE


@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_delays_fit_the_table(seed: int) -> None:
    random = Random(seed)
    drawn = [draw_delay(TABLE, random).total_seconds() for _ in range(10_000)]
    rows = Counter(map(row_of, drawn))
    expected = {row: 10_000 * percent / 100 for row, (_, percent) in enumerate(TABLE)}
    assert chi_square(rows, expected) < ROWS_FIT
    # Uniform between two rows: ten equal parts of each.
    for row, (least, most) in enumerate(itertools.pairwise([0.0, *(most for most, _ in TABLE)])):
        parts = Counter(
            math.floor((one - least) / (most - least) * 10) for one in drawn if row_of(one) == row
        )
        even = dict.fromkeys(range(10), rows[row] / 10)
        assert chi_square(parts, even) < PARTS_FIT, row


def test_another_distribution_would_not_fit() -> None:
    random = Random(1)
    rows = Counter(row_of(random.uniform(0, 1800)) for _ in range(10_000))
    expected = {row: 10_000 * percent / 100 for row, (_, percent) in enumerate(TABLE)}
    assert chi_square(rows, expected) > ROWS_FIT


def test_an_agent_that_is_always_there_answers_after_the_delay() -> None:
    asked_at = datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    for seed in range(1000):
        delay = draw_delay(TABLE, Random(seed))
        due = due_time(asked_at, ALWAYS, TABLE, Random(seed))
        assert due - asked_at.astimezone(UTC) == min(delay, DAY - timedelta(minutes=1))


def moment(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("asked", "delays", "due"),
    [
        # Thursday; open from nine to five on weekdays.
        ("2026-11-26 12:00", AT_ONCE, "2026-11-26 12:00"),
        ("2026-11-26 16:59", AT_ONCE, "2026-11-26 16:59"),
        ("2026-11-26 17:00", AT_ONCE, "2026-11-27 09:00"),
        ("2026-11-26 16:45", HALF_AN_HOUR, "2026-11-27 09:30"),
        ("2026-11-26 08:45", HALF_AN_HOUR, "2026-11-26 09:15"),
        ("2026-11-26 03:00", HALF_AN_HOUR, "2026-11-26 09:30"),
        # Friday night: it opens again on Monday, after more than a day.
        ("2026-11-27 17:00", AT_ONCE, "2026-11-28 16:59"),
        ("2026-11-29 08:00", AT_ONCE, "2026-11-30 07:59"),
        ("2026-11-29 10:00", AT_ONCE, "2026-11-30 09:00"),
        ("2026-11-29 09:15", HALF_AN_HOUR, "2026-11-30 09:14"),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_a_time_outside_the_hours_moves_to_the_next_opening_and_a_new_delay(
    zone: str, asked: str, delays: Delays, due: str
) -> None:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
    found = due_time(moment(asked, zone), hours(zone, **week), delays, Random(1))
    assert abs(found - moment(due, zone).astimezone(UTC)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("zone", "asked", "due"),
    [
        # The clock skips an hour (Lord Howe: half of one) before the shop opens at nine…
        ("Europe/Berlin", "2026-03-28T22:00+01:00", "2026-03-29T07:30+00:00"),
        ("America/New_York", "2026-03-07T22:00-05:00", "2026-03-08T13:30+00:00"),
        ("America/Santiago", "2026-09-05T22:00-04:00", "2026-09-06T12:30+00:00"),
        ("Australia/Lord_Howe", "2026-10-03T22:00+10:30", "2026-10-03T22:30+00:00"),
        ("Pacific/Auckland", "2026-09-26T22:00+12:00", "2026-09-26T20:30+00:00"),
        # … or shows one twice.
        ("Europe/Berlin", "2026-10-24T22:00+02:00", "2026-10-25T08:30+00:00"),
        ("America/New_York", "2026-10-31T22:00-04:00", "2026-11-01T14:30+00:00"),
        ("America/Santiago", "2026-04-04T22:00-03:00", "2026-04-05T13:30+00:00"),
        ("Australia/Lord_Howe", "2026-04-04T22:00+11:00", "2026-04-04T23:00+00:00"),
        ("Pacific/Auckland", "2026-04-04T22:00+13:00", "2026-04-04T21:30+00:00"),
    ],
)
def test_the_clock_of_the_zone_says_when_it_opens(zone: str, asked: str, due: str) -> None:
    week = dict.fromkeys(WEEKDAYS, "09:00-17:00")
    found = due_time(datetime.fromisoformat(asked), hours(zone, **week), HALF_AN_HOUR, Random(1))
    assert abs(found - datetime.fromisoformat(due)) < timedelta(seconds=1)


def test_an_opening_just_before_the_clock_moves_is_followed_by_a_real_delay() -> None:
    """Half an hour after 01:45, when the clock jumps from 02:00 to 03:00, it shows 03:15."""
    week = dict.fromkeys(WEEKDAYS, "01:45-17:00")
    asked_at = datetime.fromisoformat("2026-03-29T00:30+01:00")
    due = due_time(asked_at, hours("Europe/Berlin", **week), HALF_AN_HOUR, Random(1))
    assert abs(due - datetime.fromisoformat("2026-03-29T03:15+02:00")) < timedelta(seconds=1)


def test_an_agent_that_is_never_there_answers_before_the_24_hours_end() -> None:
    asked_at = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    for never in (hours("UTC", mon=""), hours("UTC", wed="11:59-12:00")):
        assert due_time(asked_at, never, TABLE, Random(1)) == asked_at + DAY - timedelta(minutes=1)


def test_holidays_count_as_closed() -> None:
    closed = hours("UTC", holidays=["2026-11-26"])
    due = due_time(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), closed, AT_ONCE, Random(1))
    assert abs(due - datetime(2026, 11, 27, tzinfo=UTC)) < timedelta(seconds=1)


# Not at night: when the clock moves, what it shows doesn't say which hour it is.
_CLOCK = st.tuples(st.integers(6, 22), st.integers(0, 59))
_INTERVAL = st.tuples(_CLOCK, _CLOCK).filter(lambda both: both[0] < both[1])
_DAYS = st.dictionaries(st.sampled_from(WEEKDAYS), _INTERVAL, min_size=1)
_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=400, deadline=None)
@given(_MOMENTS, _DAYS, st.sampled_from(ZONES), st.integers(0, 2**32))
def test_a_reply_is_due_in_the_hours_or_at_the_end_of_the_24(
    asked_at: datetime,
    days: dict[str, tuple[tuple[int, int], tuple[int, int]]],
    zone: str,
    seed: int,
) -> None:
    written = {
        day: f"{start[0]:02}:{start[1]:02}-{end[0]:02}:{end[1]:02}"
        for day, (start, end) in days.items()
    }
    due = due_time(asked_at, hours(zone, **written), TABLE, Random(seed))
    assert asked_at <= due < asked_at + DAY
    local = due.astimezone(ZoneInfo(zone))
    interval = days.get(WEEKDAYS[local.weekday()])
    is_there = interval is not None and (time(*interval[0]) <= local.time() < time(*interval[1]))
    assert is_there or due == asked_at + DAY - timedelta(minutes=1)
