"""Quiet hours: nothing in them, afterwards what still matters."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from answerdesk.core.tenancy import UserId
from answerdesk.inbox.notices.service import prefer
from answerdesk.inbox.notices.types import Channels, Pace, QuietHours, usual_preference
from answerdesk.projects.types import WEEKDAYS
from tests.inbox.place import Place, placed

AT_ONCE = Pace(grace=timedelta(0))


def quiet_for(minutes: int, now: datetime | None = None) -> QuietHours:
    """Return quiet hours of every day that began a while ago and end in so many minutes."""
    now = now or datetime.now(UTC)
    begin, end = now - timedelta(hours=1), now + timedelta(minutes=minutes)
    interval = {"start": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}
    return QuietHours.model_validate({"days": {one: [interval] for one in WEEKDAYS}})


def silenced(place: Place, quiet: QuietHours) -> UserId:
    person = place.join()
    place.prefer(person, usual_preference("agent").model_copy(update={"quiet_hours": quiet}))
    return person


async def test_nothing_is_told_in_quiet_hours_and_what_matters_afterwards() -> None:
    async with placed(pace=AT_ONCE) as place:
        person = silenced(place, quiet_for(180))
        over, left = place.converse("Over?"), place.converse("Left?")
        for one in (over, left):
            await place.move(one, "waiting")
        await place.work()
        place.later(timedelta(minutes=60))
        await place.work()
        assert place.mailer.sent == []
        assert place.told() == []
        await place.move(over, "closed")
        # Quiet hours are of the clock, which doesn't move: they end by choice, and by time.
        place.rows("delete from notice_preference returning 1")
        place.later(timedelta(minutes=121))
        await place.work()
        (mail,) = place.mailer.sent
        assert mail.to == place.email(person)
        assert "“Left?”" in mail.text
        assert "Over?" not in mail.text
        assert len(place.told()) == 1


async def test_what_becomes_due_in_later_quiet_hours_is_put_off() -> None:
    async with placed(pace=Pace(grace=timedelta(minutes=2))) as place:
        person = place.join()
        await place.move(place.converse(), "waiting")
        await place.work()
        place.prefer(
            person, usual_preference("agent").model_copy(update={"quiet_hours": quiet_for(60)})
        )
        place.later(timedelta(minutes=10))
        await place.work()
        assert place.mailer.sent == []
        [(run_at, now)] = place.rows(
            "select max(run_at), now() from due_job where name = 'notices.tell'"
        )
        assert timedelta(minutes=55) < run_at - now < timedelta(minutes=65)


async def test_who_ends_their_quiet_hours_is_told_at_once() -> None:
    async with placed(pace=AT_ONCE) as place:
        person = silenced(place, quiet_for(180))
        await place.move(place.converse(), "waiting")
        await place.work()
        assert place.mailer.sent == []
        usual = usual_preference("agent")
        silent = usual.model_copy(update={"waiting": Channels(mail=False, browser=True)})
        async with place.application.database.transaction(place.account_id) as session:
            await prefer(session, place.caller(person), silent)
        await place.work()
        assert len(place.told()) == 1
        assert place.mailer.sent == []


async def test_who_is_always_quiet_is_told_nothing() -> None:
    always = {one: [{"start": "00:00", "end": "00:00"}] for one in WEEKDAYS}
    async with placed(pace=AT_ONCE) as place:
        silenced(place, QuietHours.model_validate({"days": always}))
        await place.move(place.converse(), "waiting")
        await place.work()
        assert place.count("notice") == 0


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-23T17:59", "2026-11-23T17:59"),
        ("2026-11-23T18:00", "2026-11-24T08:00"),
        ("2026-11-24T03:00", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-24T08:00"),
        # Both nights in which the clock jumps.
        ("2026-03-28T20:00", "2026-03-29T08:00"),
        ("2026-10-24T20:00", "2026-10-25T08:00"),
    ],
)
def test_quiet_hours_pass_midnight(moment: str, end: str) -> None:
    nightly = {one: [{"start": "18:00", "end": "08:00"}] for one in WEEKDAYS}
    quiet = QuietHours.model_validate({"timezone": "Europe/Berlin", "days": nightly})
    zone = ZoneInfo("Europe/Berlin")
    given = datetime.fromisoformat(moment).replace(tzinfo=zone)
    assert quiet.end(given) == datetime.fromisoformat(end).replace(tzinfo=zone)
