"""Minutes of office hours: exact over breaks, closing, holidays and both changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.projects.office_hours import (
    add_open_minutes,
    end_of_wait,
    is_open,
    next_closing,
    open_minutes,
)
from answerdesk.projects.types import WEEKDAYS, OfficeHours
from tests.projects.test_office_hours import BERLIN, hours

_MINUTE = timedelta(minutes=1)
_LONGEST = 40 * 24 * 60


def oracle(office: OfficeHours, start: datetime, minutes: int) -> datetime | None:
    """Count minute by minute."""
    at = start.astimezone(UTC)
    for _ in range(_LONGEST):
        if is_open(office, at):
            minutes -= 1
        at += _MINUTE
        if minutes == 0:
            return at
    return None


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("2026-11-23T11:50", 20, "2026-11-23T13:10"),
        ("2026-11-23T11:50", 10, "2026-11-23T12:00"),
        ("2026-11-23T12:15", 1, "2026-11-23T13:01"),
        ("2026-11-23T16:59", 2, "2026-11-30T09:01"),
        ("2026-11-24T00:00", 7 * 60, "2026-11-30T17:00"),
        ("2026-11-23T16:00", 8 * 60 + 1, "2026-12-14T09:01"),
    ],
)
def test_lunch_closing_time_and_a_holiday_do_not_count(
    start: str, minutes: int, expected: str
) -> None:
    office = hours(mon="09:00-12:00 13:00-17:00", holidays=["2026-12-07"])
    reached = add_open_minutes(office, datetime.fromisoformat(start + "+01:00"), minutes)
    assert reached == datetime.fromisoformat(expected + "+01:00")


def test_seconds_are_kept() -> None:
    start = datetime(2026, 11, 23, 16, 59, 30, tzinfo=BERLIN)
    reached = add_open_minutes(hours(mon="09:00-17:00"), start, 1)
    assert reached == datetime(2026, 11, 30, 9, 0, 30, tzinfo=BERLIN)


def test_what_never_comes_has_no_time() -> None:
    moment = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert add_open_minutes(hours(mon=""), moment, 1) is None
    assert add_open_minutes(hours(mon="09:00-09:01"), moment, 1000) is None
    assert add_open_minutes(hours(mon="09:00-09:01"), moment, 100) is not None
    assert open_minutes(hours(mon=""), moment, moment + timedelta(days=9)) == 0


def test_closing_is_where_openings_that_touch_end() -> None:
    night = hours(mon="18:00-24:00", tue="00:00-06:00 06:00-08:00")
    evening = datetime(2026, 11, 23, 19, 0, tzinfo=BERLIN)
    assert next_closing(night, evening) == datetime(2026, 11, 24, 8, 0, tzinfo=BERLIN)
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN)
    assert next_closing(night, noon) == noon
    assert next_closing(OfficeHours(), noon) is None
    always = hours(**dict.fromkeys(WEEKDAYS, "00:00-24:00"))
    assert next_closing(always, noon) is None


@st.composite
def weeks(draw: st.DrawFn) -> OfficeHours:
    """Office hours with breaks, also around the hours at which clocks jump."""
    days: dict[str, str] = {}
    for day in draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1)):
        near = st.integers(0, 5 * 60) | st.integers(0, 24 * 60)
        bounds = sorted(draw(st.sets(near, min_size=2, max_size=8)))
        pairs = zip(bounds[::2], bounds[1::2], strict=False)
        days[day] = " ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in pairs)
    zone = draw(
        st.sampled_from(
            ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]
        )
    )
    return hours(
        zone, draw(st.sampled_from([[], ["2026-03-29"], ["2026-10-26", "2026-10-27"]])), **days
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


# Clocks jump here in 2026: Berlin and New York, Cairo, Lord Howe (by half an hour).
_AROUND = [(3, 7), (3, 28), (4, 4), (4, 23), (10, 3), (10, 24), (10, 29), (10, 31), (7, 1)]


@settings(max_examples=150, deadline=None)
@given(
    office=weeks(),
    day=st.sampled_from(_AROUND),
    offset=st.integers(0, 3 * 24 * 60),
    minutes=st.integers(1, 600),
)
def test_it_is_what_counting_minute_by_minute_gives(
    office: OfficeHours, day: tuple[int, int], offset: int, minutes: int
) -> None:
    start = datetime(2026, *day, tzinfo=UTC) + offset * _MINUTE
    expected = oracle(office, start, minutes)
    reached = add_open_minutes(office, start, minutes)
    if expected is None:
        assert reached is None or reached > start + _LONGEST * _MINUTE
        return
    assert reached == expected
    assert open_minutes(office, start, expected) == minutes
    if expected - start < timedelta(days=30):
        assert end_of_wait(office, start, minutes * _MINUTE) == expected
    closing = next_closing(office, start)
    assert closing is not None
    assert not is_open(office, closing)
    assert open_minutes(office, start, closing) == (closing - start) / _MINUTE


def test_openings_may_change_places_where_the_clock_jumps() -> None:
    # 02:15 doesn't exist in this night and is as much later, which is after 03:00.
    office = hours(sun="02:15-02:45 03:00-03:10")
    start = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    for minutes in (5, 10, 11, 40):
        expected = oracle(office, start, minutes)
        assert expected is not None
        assert add_open_minutes(office, start, minutes) == expected
        assert open_minutes(office, start, expected) == minutes


def test_the_clock_of_a_whole_day_may_be_left_out() -> None:
    # Samoa had no 30 December 2011: what was to be then is on the 31st.
    office = hours("Pacific/Apia", fri="09:00-10:00", sat="09:00-10:00")
    start = datetime(2011, 12, 29, 12, 0, tzinfo=ZoneInfo("Pacific/Apia"))
    assert add_open_minutes(office, start, 61) == oracle(office, start, 61)
