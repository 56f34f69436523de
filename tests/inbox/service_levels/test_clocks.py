"""Clocks on the database: missed once, never if met in time, however late anybody looks."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from answerdesk.core.tenancy import ConversationId
from answerdesk.projects.types import ProjectSettings
from tests.inbox.place import Place, placed

TARGETS = {"first_response_minutes": 30, "resolution_minutes": 120}
MINUTE = timedelta(minutes=1)


def levels(office_hours: dict[str, Any] | None = None, **targets: int) -> ProjectSettings:
    return ProjectSettings.model_validate(
        {"service_levels": targets or TARGETS, "office_hours": office_hours or {}}
    )


def clocks(place: Place) -> list[tuple[str, str]]:
    """Return each clock's target, and how it stands."""
    found = place.rows(
        "select target, concat_ws(' ', case when breached_at is not null then 'breached' end,"
        " case when met_at is not null then 'met' when cancelled_at is not null then 'cancelled'"
        " else 'running' end) from sla_clock order by started_at, target"
    )
    return [(target, state) for target, state in found]


def breaches(place: Place) -> list[str]:
    return [one["target"] for one in place.events("sla.breached")]


async def waiting(place: Place) -> ConversationId:
    conversation_id = place.converse()
    await place.move(conversation_id, "waiting")
    return conversation_id


async def test_without_targets_nothing_runs() -> None:
    async with placed() as place:
        await place.reply(await waiting(place))
        await place.work()
        assert clocks(place) == []
        assert place.count("due_job", "name = 'service_levels.check'") == 0


async def test_a_target_that_is_missed_is_told_once() -> None:
    async with placed(levels()) as place:
        await waiting(place)
        await place.work()
        place.later(29 * MINUTE)
        await place.work()
        assert breaches(place) == []
        place.later(2 * MINUTE)
        await place.work()
        assert breaches(place) == ["first_response"]
        place.later(60 * MINUTE)
        await place.work()
        assert breaches(place) == ["first_response"]
        place.later(60 * MINUTE)
        await place.work()
        await place.work()
        assert breaches(place) == ["first_response", "resolution"]
        assert clocks(place) == [
            ("first_response", "breached running"),
            ("resolution", "breached running"),
        ]
        [event] = place.rows(
            "select payload->>'due_at', created_at from event where type = 'sla.breached'"
            " order by id limit 1"
        )
        assert event


async def test_what_was_met_in_time_is_never_missed_however_late_it_is_seen() -> None:
    async with placed(levels()) as place:
        conversation_id = await waiting(place)
        await place.work()
        place.later(20 * MINUTE)
        await place.reply(conversation_id)
        place.later(600 * MINUTE)
        # The check comes before the reply's own job.
        await place.work("service_levels.check")
        assert breaches(place) == ["resolution"]
        await place.work()
        assert clocks(place) == [("first_response", "met"), ("resolution", "breached running")]
        [(took,)] = place.rows("select took_minutes from sla_clock where met_at is not null")
        assert 20 <= took < 21


async def test_what_was_met_too_late_is_missed_though_nobody_looked() -> None:
    async with placed(levels()) as place:
        conversation_id = await waiting(place)
        place.later(40 * MINUTE)
        await place.reply(conversation_id)
        place.later(10 * MINUTE)
        await place.move(conversation_id, "closed")
        place.later(600 * MINUTE)
        await place.work()
        assert breaches(place) == ["first_response"]
        assert clocks(place) == [("first_response", "breached met"), ("resolution", "met")]
        assert place.count("due_job", "name = 'service_levels.check'") == 0


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_jobs_in_any_order_make_the_same_clocks(order: str) -> None:
    async with placed(levels()) as place:
        conversation_id = await waiting(place)
        place.later(5 * MINUTE)
        await place.reply(conversation_id)
        place.later(5 * MINUTE)
        await place.move(conversation_id, "ai")
        place.later(5 * MINUTE)
        await place.move(conversation_id, "waiting")
        place.later(5 * MINUTE)
        await place.move(conversation_id, "closed")
        place.rows(
            "update due_job j set run_at = now() - n * interval '1 second' from ("
            f" select id, row_number() over (order by id {order}) as n from due_job"
            "  where name = 'service_levels.follow') o where o.id = j.id returning 1"
        )
        await place.work()
        assert clocks(place) == [
            ("first_response", "met"),
            ("resolution", "met"),
            ("first_response", "cancelled"),
            ("resolution", "met"),
        ]


async def test_new_settings_hold_for_new_waits() -> None:
    async with placed(levels()) as place:
        conversation_id = await waiting(place)
        await place.work()
        place.rows(
            "update project set settings = jsonb_set(settings, '{service_levels}', '{}')"
            " returning 1"
        )
        place.later(31 * MINUTE)
        await place.work()
        assert breaches(place) == ["first_response"]
        await place.move(conversation_id, "closed")
        await place.move(conversation_id, "waiting")
        await place.work()
        assert len(clocks(place)) == 2


async def test_settings_that_come_later_start_no_clock_for_what_waits() -> None:
    async with placed() as place:
        conversation_id = await waiting(place)
        await place.work()
        place.later(90 * MINUTE)
        place.rows(
            "update project set settings = jsonb_set(settings, '{service_levels}',"
            """ '{"first_response_minutes": 30}') returning 1"""
        )
        await place.reply(conversation_id)
        await place.work()
        assert clocks(place) == []
        assert breaches(place) == []


async def test_a_restart_forgets_nothing() -> None:
    async with placed(levels()) as place:
        await waiting(place)
        await place.work()
        [(key,)] = place.rows("select key from due_job where name = 'service_levels.check'")
        # Its worker died: the lease ends, and the job runs again.
        place.later(31 * MINUTE)
        await place.work("service_levels.check")
        place.rows(
            "insert into due_job (account_id, name, payload, state, run_at)"
            " select account_id, 'service_levels.check', jsonb_build_object('conversation_id',"
            " conversation_id), 'ready', now() from sla_clock returning 1"
        )
        await place.work()
        assert breaches(place) == ["first_response"]
        assert key.startswith("service_levels.check:")


BERLIN = {
    "timezone": "Europe/Berlin",
    "days": {
        one: [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}]
        for one in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    },
}
NIGHT = {"timezone": "Europe/Berlin", "days": {"sun": [{"start": "01:00", "end": "05:00"}]}}


@pytest.mark.parametrize(
    ("hours", "began", "minutes", "due"),
    [
        (BERLIN, "2026-11-23T15:50:00", 30, "2026-11-24T08:20:00"),
        (BERLIN, "2026-11-23T10:50:00", 30, "2026-11-23T12:20:00"),
        # Closing time, then the night in which Berlin's clock is put forward: 09:00 is 07:00 UTC.
        (BERLIN, "2026-03-28T15:50:00", 30, "2026-03-29T07:20:00"),
        # Put back: 09:00 is 08:00 UTC again.
        (BERLIN, "2026-10-24T14:50:00", 30, "2026-10-25T08:20:00"),
        # Within the jump: 01:30, and 03:15 an hour and three quarters by the clock later.
        (NIGHT, "2026-03-29T00:30:00", 45, "2026-03-29T01:15:00"),
        # The doubled hour is as long as it is.
        (NIGHT, "2026-10-24T23:30:00", 150, "2026-10-25T02:00:00"),
    ],
)
async def test_it_is_due_after_minutes_of_office_hours(
    hours: dict[str, Any], began: str, minutes: int, due: str
) -> None:
    """Story 14 of the inbox: clocks stand still at lunch and at night."""
    async with placed(levels(hours, first_response_minutes=minutes)) as place:
        await waiting(place)
        moment = datetime.fromisoformat(began).replace(tzinfo=UTC)
        place.rows("update event set created_at = %s returning 1", moment)
        await place.work("service_levels.follow")
        [(started_at, due_at)] = place.rows("select started_at, due_at from sla_clock")
        assert (started_at, due_at) == (moment, datetime.fromisoformat(due).replace(tzinfo=UTC))
        # It fires once, whether the time has come or is yet to come.
        await place.work()
        place.later(due_at - place.rows("select now()")[0][0] + MINUTE)
        for _ in range(2):
            await place.work()
        assert breaches(place) == ["first_response"]


async def test_hours_that_never_open_have_no_clock() -> None:
    never: dict[str, Any] = {"days": {"mon": []}}
    async with placed(levels(never)) as place:
        await waiting(place)
        await place.work()
        assert clocks(place) == []


async def test_thousands_of_waits_of_one_conversation_stay_cheap() -> None:
    async with placed(levels()) as place:
        conversation_id = place.converse()
        for _ in range(130):
            await place.move(conversation_id, "waiting")
            await place.move(conversation_id, "ai")
        await place.move(conversation_id, "waiting")
        await place.work()
        found = clocks(place)
        assert found[-2:] == [("first_response", "running"), ("resolution", "running")]
        running: Sequence[tuple[str, str]] = [one for one in found if "running" in one[1]]
        assert len(running) == 2
