"""Office hours: what cannot be is refused; openings hold over holidays and changes of the clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from answerdesk.core.faults import describe
from answerdesk.projects.office_hours import holiday_on, is_open, next_opening
from answerdesk.projects.types import OfficeHours

BERLIN = ZoneInfo("Europe/Berlin")


def hours(timezone: str = "Europe/Berlin", holidays: Any = (), **days: str) -> OfficeHours:
    """Make office hours of days such as `mon="09:00-12:00 13:00-17:00"`."""
    written = {
        day: [dict(zip(("start", "end"), one.split("-"), strict=True)) for one in text.split()]
        for day, text in days.items()
    }
    return OfficeHours.model_validate({"timezone": timezone, "days": written, "holidays": holidays})


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"timezone": "Mars/Olympus"}, "is not a time zone"),
        ({"timezone": ""}, "is not a time zone"),
        ({"timezone": "../../etc/passwd"}, "is not a time zone"),
        ({"timezone": "Europe"}, "is not a time zone"),
        ({"days": {"monday": []}}, '"mon", "tue"'),
        ({"days": {"mon": [{"start": "09:00", "end": "09:00"}]}}, "before they begin"),
        ({"days": {"mon": [{"start": "22:00", "end": "06:00"}]}}, "two intervals"),
        ({"days": {"mon": [{"start": "25:00", "end": "26:00"}]}}, "has to be a time of day"),
        ({"days": {"mon": [{"start": "09:00:30", "end": "17:00"}]}}, "in whole minutes"),
        (
            {"days": {"mon": [{"start": "09:00+02:00", "end": "17:00"}]}},
            "no time zone of their own",
        ),
        ({"days": {"mon": [{"start": "09:00"}]}}, "is missing"),
        ({"days": {"mon": [{"start": "09:00", "end": "17:00", "x": 1}]}}, "not a known field"),
        ({"holidays": ["2026-02-30"]}, "date"),
        ({"holidays": ["2026-12-25", {"date": "2026-12-25", "name": "Christmas"}]}, "twice"),
        ({"holidays": [{"date": "2026-12-25", "name": "x\0"}]}, "NUL"),
        ({"open": True}, "not a known field"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        OfficeHours.model_validate(given)
    assert fault in describe(refusal.value.errors())


@pytest.mark.parametrize(
    "intervals",
    [
        "09:00-12:00 11:59-13:00",
        "11:59-13:00 09:00-12:00",
        "09:00-17:00 10:00-11:00",
        "09:00-17:00 09:00-17:00",
        "09:00-24:00 20:00-21:00",
        "00:00-00:00 23:00-24:00",
    ],
)
def test_intervals_that_overlap_are_refused(intervals: str) -> None:
    with pytest.raises(ValidationError, match=r"mon: .* overlap"):
        hours(mon=intervals)


def test_intervals_that_touch_are_taken() -> None:
    touching = hours(mon="09:00-12:00 12:00-24:00")
    assert is_open(touching, datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN))
    assert is_open(touching, datetime(2026, 11, 23, 23, 59, 59, tzinfo=BERLIN))
    assert not is_open(touching, datetime(2026, 11, 24, 0, 0, tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("clock", "open_then"),
    [("08:59:59", False), ("09:00:00", True), ("16:59:59", True), ("17:00:00", False)],
)
def test_the_beginning_is_open_and_the_end_is_not(clock: str, open_then: bool) -> None:
    moment = datetime.fromisoformat(f"2026-11-23T{clock}").replace(tzinfo=BERLIN)
    assert is_open(hours(mon="09:00-17:00"), moment.astimezone(UTC)) is open_then


def test_the_next_opening_is_over_the_weekend() -> None:
    friday_evening = datetime(2026, 11, 20, 18, 0, tzinfo=BERLIN)
    week = hours(mon="13:00-17:00 09:00-12:00", fri="09:00-17:00")
    assert next_opening(week, friday_evening) == datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
    lunch = datetime(2026, 11, 23, 12, 30, tzinfo=BERLIN)
    assert next_opening(week, lunch) == datetime(2026, 11, 23, 13, 0, tzinfo=BERLIN)
    now = datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN)
    assert next_opening(week, now) == now


def test_a_holiday_is_closed_in_the_hours_own_time_zone() -> None:
    closed = hours(
        "Asia/Tokyo",
        [{"date": "2026-11-23", "name": "Labor Thanksgiving Day"}, "2026-11-24"],
        mon="09:00-17:00",
        tue="09:00-17:00",
        wed="09:00-17:00",
    )
    # Monday 10:00 in Tokyo is still Monday 01:00 UTC; the day before in New York.
    monday = datetime(2026, 11, 22, 20, 0, tzinfo=ZoneInfo("America/New_York"))
    assert not is_open(closed, monday)
    holiday = holiday_on(closed, monday)
    assert holiday is not None
    assert (holiday.date, holiday.name) == (date(2026, 11, 23), "Labor Thanksgiving Day")
    opening = next_opening(closed, monday)
    assert opening == datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert holiday_on(closed, monday - timedelta(days=2)) is None


def test_without_days_people_are_always_there_but_on_holidays() -> None:
    always = OfficeHours.model_validate({"holidays": ["2026-12-25", "2026-12-26"]})
    assert is_open(OfficeHours(), datetime(2026, 12, 25, tzinfo=UTC))
    assert is_open(always, datetime(2026, 12, 24, 23, 59, tzinfo=UTC))
    christmas = datetime(2026, 12, 25, 0, 0, tzinfo=UTC)
    assert not is_open(always, christmas)
    assert next_opening(always, christmas) == datetime(2026, 12, 27, tzinfo=UTC)


def test_hours_that_never_open_have_no_next_opening() -> None:
    never = OfficeHours.model_validate({"days": {"mon": []}})
    assert not is_open(never, datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert next_opening(never, datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) is None


def test_an_opening_that_the_clock_leaves_out_is_as_much_later() -> None:
    # On 29 March 2026 the clock of Berlin jumps from 02:00 to 03:00.
    night = hours(sun="02:30-04:00")
    before = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN)
    opening = next_opening(night, before)
    assert opening == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert not is_open(night, datetime(2026, 3, 29, 1, 29, tzinfo=UTC))
    assert is_open(night, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert not is_open(night, datetime(2026, 3, 29, 2, 0, tzinfo=UTC))


def test_an_opening_that_the_clock_shows_twice_is_the_first() -> None:
    # On 25 October 2026 the clock of Berlin shows 02:00 to 03:00 twice.
    night = hours(sun="02:15-05:00")
    assert not is_open(night, datetime(2026, 10, 25, 0, 14, tzinfo=UTC))
    assert is_open(night, datetime(2026, 10, 25, 0, 15, tzinfo=UTC))
    # The clock shows 02:05 again; they have come and stay.
    assert is_open(night, datetime(2026, 10, 25, 1, 5, tzinfo=UTC))
    assert not is_open(night, datetime(2026, 10, 25, 4, 0, tzinfo=UTC))


def test_next_opening_is_told_apart_within_the_doubled_hour() -> None:
    # 02:30 comes twice, and counts the first time: in the second pass it is over.
    night = hours(sun="02:30-02:40", mon="09:00-10:00")
    second_pass = datetime(2026, 10, 25, 1, 20, tzinfo=UTC)
    assert second_pass.astimezone(BERLIN).strftime("%H:%M") == "02:20"
    assert next_opening(night, second_pass) == datetime(2026, 10, 26, 9, 0, tzinfo=BERLIN)


def test_a_day_of_24_hours_lasts_as_long_as_the_clock_says() -> None:
    whole = hours(sun="00:00-24:00")
    assert is_open(whole, datetime(2026, 3, 28, 23, 0, tzinfo=UTC))
    assert not is_open(whole, datetime(2026, 3, 28, 22, 59, tzinfo=UTC))
    # 23 hours in spring, 25 in autumn.
    assert is_open(whole, datetime(2026, 3, 29, 21, 59, tzinfo=UTC))
    assert not is_open(whole, datetime(2026, 3, 29, 22, 0, tzinfo=UTC))
    assert is_open(whole, datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    assert not is_open(whole, datetime(2026, 10, 25, 23, 0, tzinfo=UTC))


def test_a_midnight_that_the_clock_leaves_out_still_opens() -> None:
    # In Cairo the clock jumps from 00:00 to 01:00 on 24 April 2026, a Friday.
    friday = hours("Africa/Cairo", fri="00:00-06:00")
    opening = next_opening(friday, datetime(2026, 4, 23, 20, 0, tzinfo=UTC))
    assert opening == datetime(2026, 4, 23, 22, 0, tzinfo=UTC)
    assert opening.strftime("%H:%M") == "01:00"
