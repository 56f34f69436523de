"""The audit log over HTTP: whom it tells, and which part of it."""

import httpx
import pytest

from tests.accounts.people import Person, join, sign_up
from tests.conftest import Server


def actions(client: httpx.Client, **wanted: str) -> list[str]:
    shown = client.get("/v1/audit-log", params=wanted)
    assert shown.status_code == 200, shown.text
    return [one["action"] for one in shown.json()["items"]]


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor_id": "user_x"},
        {"actor_id": "proj_5f0c6e9b8a7d4e21b3c4d5e6f7a8b9c0"},
        {"since": "yesterday"},
        {"until": "2026-01-01T00:00:00"},
        {"action": "everything"},
    ],
)
def test_a_filter_that_cannot_be_is_refused(boss: Person, wrong: dict[str, str]) -> None:
    refused = boss.client.get("/v1/audit-log", params=wrong)
    assert refused.status_code == 422, refused.text
    assert next(iter(wrong)) in refused.json()["detail"]


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_who_may_not_see_it_is_refused(server: Server, boss: Person, role: str) -> None:
    assert join(server, boss, role).client.get("/v1/audit-log").status_code == 403


def test_it_tells_what_one_person_did(server: Server, boss: Person) -> None:
    admin = join(server, boss, "admin")
    admin.client.post("/v1/projects", json={"name": "Website"}).raise_for_status()
    entries = boss.client.get("/v1/audit-log").json()["items"]
    [made] = [one for one in entries if one["action"] == "project.created"]
    theirs = actions(boss.client, actor_id=made["actor"]["id"])
    assert "project.created" in theirs
    assert len(theirs) < len(entries)
    own = boss.client.get("/v1/me").json()["user"]["id"]
    assert "project.created" not in actions(boss.client, actor_id=own)


def test_it_tells_what_was_changed_in_a_time(boss: Person) -> None:
    boss.client.post("/v1/projects", json={"name": "Website"}).raise_for_status()
    newest = boss.client.get("/v1/audit-log").json()["items"][0]
    assert actions(boss.client, since=newest["at"]) == [newest["action"]]
    before = actions(boss.client, until=newest["at"])
    assert before
    assert newest["action"] not in before
    assert actions(boss.client, since=newest["at"], until=newest["at"]) == []


def test_a_cursor_is_good_for_its_filter_only(boss: Person) -> None:
    for name in ("One", "Two"):
        boss.client.post("/v1/projects", json={"name": name}).raise_for_status()
    wanted = {"limit": "1", "action": "project.created"}
    first = boss.client.get("/v1/audit-log", params=wanted).json()
    second = boss.client.get("/v1/audit-log", params={**wanted, "cursor": first["next_cursor"]})
    assert second.json()["items"][0]["id"] != first["items"][0]["id"]
    since = first["items"][0]["at"]
    other = {**wanted, "cursor": first["next_cursor"], "since": since}
    assert boss.client.get("/v1/audit-log", params=other).status_code == 422
