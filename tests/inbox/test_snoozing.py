"""Snoozing: within bounds, ended by hand, by time, by a message; and no crash loses it."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.accounts.people import refused
from tests.conftest import Rows, Server, rows_of, serving
from tests.inbox.team import UNKNOWN, Team, bare, ok
from tests.waiting import PATIENCE, attempts

JOBS = "select count(*) from due_job where key = 'inbox.wake:' || %s and state <> 'failed'"


def ahead(**given: float) -> str:
    return (datetime.now(UTC) + timedelta(**given)).isoformat()


def snoozed_until(team: Team, rows: Rows) -> datetime | None:
    found = rows("select snoozed_until from conversation where id = %s", bare(team.conversation_id))
    moment: datetime | None = found[0][0]
    return moment


def jobs(team: Team, rows: Rows) -> int:
    uuid = rows("select cast(cast(%s as uuid) as text)", bare(team.conversation_id))[0][0]
    count: int = rows(JOBS, uuid)[0][0]
    return count


def awake(team: Team, rows: Rows) -> bool:
    """Tell whether it wakes before our patience ends."""
    return any(snoozed_until(team, rows) is None for _ in attempts(PATIENCE))


def test_it_takes_the_scope_and_the_project(team: Team) -> None:
    nobody, path, body = team.site.visitor, f"{team.path}/snooze", {"until": ahead(hours=1)}
    for headers in ({}, team.guest.headers):
        assert nobody.post(path, json=body, headers=headers).status_code == 401
        assert nobody.delete(path, headers=headers).status_code == 401
    reader = team.key("conversations:read")
    refused(nobody.post(path, json=body, headers=reader), 403, "scope_missing")
    refused(nobody.delete(path, headers=reader), 403, "scope_missing")
    unknown = f"/v1/conversations/conv_{UNKNOWN}/snooze"
    refused(team.ana.client.post(unknown, json=body), 404, "conversation_not_found")
    refused(team.ana.client.delete(unknown), 404, "conversation_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"until": None},
        {"until": "tomorrow"},
        {"until": "2999-01-01T09:00:00"},
        {"until": "0001-01-01T00:00:00+14:00"},
        {"until": "2999-01-01T09:00:00Z", "for": "me"},
    ],
)
def test_a_malformed_snooze_is_refused(team: Team, body: dict[str, Any]) -> None:
    refused(team.ana.client.post(f"{team.path}/snooze", json=body), 422, "invalid_input")


@pytest.mark.parametrize("days", [-1, -0.0001, 367, 100_000])
def test_a_time_that_is_past_or_far_off_is_refused(team: Team, rows: Rows, days: float) -> None:
    answer = team.ana.client.post(f"{team.path}/snooze", json={"until": ahead(days=days)})
    refused(answer, 422, "snooze_time")
    assert snoozed_until(team, rows) is None
    assert team.told(rows) == []


def test_a_closed_one_is_not_snoozed(team: Team) -> None:
    ok(team.ana.client.post(f"{team.path}/close"))
    answer = team.ana.client.post(f"{team.path}/snooze", json={"until": ahead(hours=1)})
    refused(answer, 409, "conversation_closed")


def test_it_is_replaced_by_a_later_one_and_ended_by_hand(team: Team, rows: Rows) -> None:
    path = f"{team.path}/snooze"
    until = ""
    for hours in (1, 48, 2):
        until = ahead(hours=hours)
        said = ok(team.ana.client.post(path, json={"until": until}))["snoozed_until"]
        assert datetime.fromisoformat(said) == datetime.fromisoformat(until)
        assert snoozed_until(team, rows) == datetime.fromisoformat(until)
        # And one job, for the newest time.
        assert jobs(team, rows) == 1
    due = rows(
        "select run_at from due_job where name = 'inbox.wake' and account_id = %s",
        bare(team.owner.account_id),
    )
    assert due == [(datetime.fromisoformat(until),)]
    version = team.version(rows)
    ok(team.ana.client.post(path, json={"until": until}))
    assert team.version(rows) == version
    ok(team.ben.client.delete(path), 204)
    ok(team.ben.client.delete(path), 204)
    assert snoozed_until(team, rows) is None
    assert jobs(team, rows) == 0
    assert team.version(rows) > version
    assert team.told(rows) == [("changed", "snooze")] * 4


def test_it_wakes_when_the_time_has_come_and_everybody_is_told(team: Team, rows: Rows) -> None:
    ok(team.ana.client.post(f"{team.path}/snooze", json={"until": ahead(seconds=1.5)}))
    version = team.version(rows)
    assert awake(team, rows)
    assert team.told(rows) == [("changed", "snooze")] * 2
    assert team.version(rows) > version


def test_the_visitors_message_wakes_it_at_once(team: Team, rows: Rows) -> None:
    ok(team.ana.client.post(f"{team.path}/snooze", json={"until": ahead(seconds=3)}))
    team.guest.ask("Are you there?", conversation_id=team.conversation_id)
    assert snoozed_until(team, rows) is None
    # Its job finds nothing to do, also if it has been snoozed again for longer.
    later = ahead(hours=1)
    ok(team.ana.client.post(f"{team.path}/snooze", json={"until": later}))
    assert snoozed_until(team, rows) == datetime.fromisoformat(later)
    assert jobs(team, rows) == 1


def test_a_job_before_its_time_wakes_nobody(team: Team, rows: Rows) -> None:
    until = ahead(hours=1)
    ok(team.ana.client.post(f"{team.path}/snooze", json={"until": until}))
    rows(
        "update due_job set run_at = clock_timestamp() where name = 'inbox.wake'"
        " and account_id = %s returning id",
        bare(team.owner.account_id),
    )
    assert any(jobs(team, rows) == 0 for _ in attempts(PATIENCE))
    assert snoozed_until(team, rows) == datetime.fromisoformat(until)
    assert team.told(rows) == [("changed", "snooze")]


def test_a_snoozed_one_is_not_ended_for_being_idle(team: Team, rows: Rows) -> None:
    """Story 9 of the inbox: what is snoozed stays open."""
    other = team.guest.start("Another question?")
    ok(team.ana.client.post(f"{team.path}/snooze", json={"until": ahead(hours=1)}))
    for conversation_id in (team.conversation_id, other):
        rows(
            "update conversation set updated_at = now() - interval '2 days' where id = %s"
            " returning id",
            bare(conversation_id),
        )
    found = "select state from conversation where id = %s"
    # The sweep comes once a minute.
    assert any(rows(found, bare(other)) == [("closed",)] for _ in attempts(PATIENCE))
    assert rows(found, bare(team.conversation_id)) == [("ai",)]
    # Nor does it end at once when it wakes.
    ok(team.ana.client.delete(f"{team.path}/snooze"), 204)
    fresh = "select updated_at > now() - interval '10 minutes' from conversation where id = %s"
    assert rows(fresh, bare(team.conversation_id)) == [(True,)]


@pytest.fixture
def place() -> Iterator[Server]:
    with serving() as server:
        yield server


def test_a_killed_server_wakes_it_after_its_next_start(place: Server) -> None:
    with place.client() as visitor, contextlib.contextmanager(rows_of)(place) as rows:
        team = Team(place, visitor)
        ok(team.ana.client.post(f"{team.path}/snooze", json={"until": ahead(seconds=2)}))
        place.kill()
        over = "select snoozed_until < clock_timestamp() from conversation where id = %s"
        waited = (rows(over, bare(team.conversation_id)) for _ in attempts(PATIENCE))
        assert any(found == [(True,)] for found in waited)
        place.start()
        assert awake(team, rows)
        assert team.told(rows) == [("changed", "snooze")] * 2
