"""Tags: what is refused, how they are stored, counted, and set by two people at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from answerdesk.inbox.tags.service import normalised
from tests.accounts.people import Person, refused
from tests.conftest import Rows
from tests.inbox.team import UNKNOWN, Team, ok


def test_it_takes_the_scope_and_the_project(team: Team) -> None:
    nobody, path, body = team.site.visitor, f"{team.path}/tags", {"tags": ["vip"]}
    for headers in ({}, team.guest.headers):
        assert nobody.put(path, json=body, headers=headers).status_code == 401
        assert nobody.get("/v1/tags", headers=headers).status_code == 401
    reader = team.key("conversations:read")
    refused(nobody.put(path, json=body, headers=reader), 403, "scope_missing")
    elsewhere = team.owner.client.post("/v1/projects", json={"name": "Other"}).json()["id"]
    other = team.key("write", project_ids=[elsewhere])
    for name in (path, f"/v1/conversations/conv_{UNKNOWN}/tags"):
        refused(nobody.put(name, json=body, headers=other), 404, "conversation_not_found")
    ok(team.ana.client.put(path, json=body))
    assert ok(nobody.get("/v1/tags", headers=other))["items"] == []
    for project in (team.site.project_id, f"proj_{UNKNOWN}", "x"):
        answer = nobody.get("/v1/tags", params={"project_id": project}, headers=other)
        refused(answer, 404, "project_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tags": None},
        {"tags": "vip"},
        {"tags": [""]},
        {"tags": [" \t"]},
        {"tags": [1]},
        {"tags": ["a\0b"]},
        {"tags": ["x" * 51]},
        {"tags": [str(n) for n in range(21)]},
        {"tags": [], "more": 1},
    ],
)
def test_malformed_tags_are_refused(team: Team, body: dict[str, Any]) -> None:
    refused(team.ana.client.put(f"{team.path}/tags", json=body), 422, "invalid_input")


def test_they_are_squeezed_and_each_is_there_once() -> None:
    given = ["  Very   Important ", "very important", "Straße", "STRASSE", "a"]
    assert normalised(given) == ("a", "Straße", "Very Important")


def test_setting_the_same_ones_again_tells_nobody(team: Team, rows: Rows) -> None:
    path = f"{team.path}/tags"
    assert ok(team.ana.client.put(path, json={"tags": [" b ", "A", "a"]})) == {"tags": ["A", "b"]}
    version = team.version(rows)
    ok(team.ben.client.put(path, json={"tags": ["b", "A"]}))
    assert team.version(rows) == version
    assert team.told(rows) == [("changed", "tags")]
    assert ok(team.ben.client.put(path, json={"tags": []})) == {"tags": []}
    assert team.version(rows) > version
    assert team.told(rows) == [("changed", "tags")] * 2


def test_they_are_counted_whatever_their_case(team: Team) -> None:
    first, second = team.conversation_id, team.guest.start("Another question?")
    third = team.guest.start("A third question?")
    for conversation_id, tags in ((first, ["VIP", "b"]), (second, ["vip"]), (third, ["VIP"])):
        ok(team.ana.client.put(f"/v1/conversations/{conversation_id}/tags", json={"tags": tags}))
    page = ok(team.ben.client.get("/v1/tags", params={"limit": 1}))
    assert page["items"] == [{"tag": "b", "count": 1}]
    params = {"limit": 1, "cursor": page["next_cursor"]}
    assert ok(team.ben.client.get("/v1/tags", params=params)) == {
        "items": [{"tag": "VIP", "count": 3}],
        "next_cursor": None,
    }
    mine = {"project_id": team.site.project_id}
    assert len(ok(team.ben.client.get("/v1/tags", params=mine))["items"]) == 2
    ok(team.owner.client.delete(team.site.path), 204)
    assert ok(team.ben.client.get("/v1/tags"))["items"] == []


def test_of_two_people_at_once_one_has_their_way_and_never_a_mixture(
    team: Team, rows: Rows
) -> None:
    sets = [["a", "b", "shared"], ["c", "d", "shared"]]

    def put(person: Person, tags: list[str]) -> None:
        for _ in range(10):
            ok(person.client.put(f"{team.path}/tags", json={"tags": tags}))
            ok(person.client.put(f"{team.path}/tags", json={"tags": []}))
        ok(person.client.put(f"{team.path}/tags", json={"tags": tags}))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(put, (team.ana, team.ben), sets))
    counted = ok(team.ana.client.get("/v1/tags"))["items"]
    assert [one["tag"] for one in counted] in sets
    assert {kind for kind, _ in team.told(rows)} == {"changed"}
