"""How a project keeps its service levels: counted, bounded, and only for those who may read."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.accounts.people import refused
from tests.conftest import Rows
from tests.inbox.place import placed
from tests.inbox.service_levels.test_clocks import levels
from tests.inbox.team import UNKNOWN, Team, bare, ok
from tests.waiting import PATIENCE, attempts

MINUTE = timedelta(minutes=1)


def report(client: httpx.Client, project_id: str, **query: str) -> Any:
    return ok(client.get(f"/v1/projects/{project_id}/service-levels", params=query))


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-02-02", "to": "2026-02-01"},
        {"from": "2025-01-01", "to": "2026-01-02"},
        {"to": "0001-01-01"},
        {"to": "9999-12-31"},
        {"from": "yesterday"},
        {"from": "20260201"},
    ],
)
def test_a_range_that_cannot_be_is_refused(team: Team, query: dict[str, str]) -> None:
    path = f"/v1/projects/{team.site.project_id}/service-levels"
    answer = team.ana.client.get(path, params=query)
    assert answer.status_code == 422, answer.text


def test_only_those_who_reach_the_project_see_it(team: Team) -> None:
    path = f"/v1/projects/{team.site.project_id}/service-levels"
    unknown = f"/v1/projects/proj_{UNKNOWN}/service-levels"
    refused(team.ana.client.get(unknown), 404, "project_not_found")
    ask = team.site.visitor.get
    assert ask(path, headers=team.key("conversations:read")).status_code == 200
    refused(ask(path, headers=team.key("leads:read")), 403, "scope_missing")
    other = team.owner.client.post("/v1/projects", json={"name": "Another"}).json()["id"]
    elsewhere = team.key("conversations:read", project_ids=[other])
    refused(ask(path, headers=elsewhere), 404, "project_not_found")


def test_a_wait_of_a_real_visitor_is_counted_and_met_by_a_persons_reply(
    team: Team, rows: Rows
) -> None:
    team.site.change(service_levels={"first_response_minutes": 30, "resolution_minutes": 60})
    asked = team.guest.post(f"conversations/{team.conversation_id}/escalate")
    assert asked.status_code == 204, asked.text
    stands(team, 0, running=1)
    (wait,) = report(team.ana.client, team.site.project_id)["waits"]
    assert wait["conversation_id"] == team.conversation_id
    assert wait["due_at"] is not None
    assert not wait["breached"]
    ok(team.ana.client.post(f"{team.path}/messages", json={"content": "Hello."}), 201)
    found = stands(team, 0, met=1)
    assert 0 <= found["median_minutes"] <= found["p90_minutes"] < 30
    assert report(team.ana.client, team.site.project_id)["waits"] == []
    ok(team.ana.client.post(f"{team.path}/close"))
    stands(team, 1, met=1)
    assert rows(
        "select count(*) from event where account_id = %s and type = 'sla.breached'",
        bare(team.owner.account_id),
    ) == [(0,)]
    assert ("changed", "service_level") in team.told(rows)
    earlier = report(team.ana.client, team.site.project_id, to="2026-01-01")
    assert [one["met"] for one in earlier["targets"]] == [0, 0]


def stands(team: Team, target: int, **counts: int) -> Any:
    """Wait until a target has these counts and no others."""
    expected = {"met": 0, "breached": 0, "running": 0, "cancelled": 0, **counts}
    found: dict[str, Any] = {}
    for _ in attempts(PATIENCE):
        found = report(team.ana.client, team.site.project_id)["targets"][target]
        if {one: found[one] for one in expected} == expected:
            return found
    raise AssertionError(f"the counts did not become {expected}: {found}")


async def test_times_are_summed_up_and_the_longest_wait_comes_first() -> None:
    async with placed(levels()) as place:
        for minutes in (10, 20, 50):
            conversation_id = place.converse()
            await place.move(conversation_id, "waiting")
            await place.work()
            place.later(minutes * MINUTE)
            await place.work()
            await place.reply(conversation_id)
            await place.work()
        first, second = place.converse(), place.converse()
        await place.move(first, "waiting")
        place.later(40 * MINUTE)
        await place.move(second, "waiting")
        await place.work()
        found = place.rows(
            "select count(*) filter (where breached_at is not null), round(max(took_minutes))"
            " from sla_clock where target = 'first_response'"
        )
        assert [(int(one), int(two)) for one, two in found] == [(2, 50)]
        shown = await place.report()
        (response, _) = shown.tallies
        assert (response.met, response.breached, response.running) == (2, 2, 1)
        assert round(response.median_minutes or 0) == 20
        assert 43 < (response.p90_minutes or 0) < 45
        assert [(one.conversation_id, one.breached) for one in shown.waits] == [
            (first, True),
            (second, False),
        ]
