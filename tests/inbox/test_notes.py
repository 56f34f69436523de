"""Notes: who may write and delete them, what is refused, and how they are listed."""

from typing import Any

import pytest

from tests.accounts.people import refused
from tests.conftest import Rows
from tests.inbox.team import UNKNOWN, Team, bare, ok


def test_it_takes_the_scope_and_the_project(team: Team) -> None:
    nobody, path = team.site.visitor, f"{team.path}/notes"
    note = ok(team.ana.client.post(path, json={"content": "Call back."}), 201)
    for headers in ({}, team.guest.headers):
        assert nobody.get(path, headers=headers).status_code == 401
        assert nobody.post(path, json={"content": "x"}, headers=headers).status_code == 401
    reader = team.key("conversations:read")
    assert len(ok(nobody.get(path, headers=reader))["items"]) == 1
    refused(nobody.post(path, json={"content": "x"}, headers=reader), 403, "scope_missing")
    refused(nobody.delete(f"{path}/{note['id']}", headers=reader), 403, "scope_missing")
    viewer = team.join("viewer")
    refused(viewer.client.post(path, json={"content": "x"}), 403, "scope_missing")
    elsewhere = team.owner.client.post("/v1/projects", json={"name": "Other"}).json()["id"]
    other = team.key("write", project_ids=[elsewhere])
    for name in (path, f"/v1/conversations/conv_{UNKNOWN}/notes", "/v1/conversations/x/notes"):
        refused(nobody.get(name, headers=other), 404, "conversation_not_found")
        answer = nobody.post(name, json={"content": "x"}, headers=other)
        refused(answer, 404, "conversation_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content": " \n"},
        {"content": None},
        {"content": 1},
        {"content": "a\0b"},
        {"content": "x" * 10_001},
        {"content": "Hi", "author": "me"},
    ],
)
def test_a_malformed_note_is_refused(team: Team, body: dict[str, Any]) -> None:
    refused(team.ana.client.post(f"{team.path}/notes", json=body), 422, "invalid_input")


def test_its_author_and_admins_delete_it_and_nobody_else(team: Team, rows: Rows) -> None:
    path = f"{team.path}/notes"
    notes = [
        ok(team.ana.client.post(path, json={"content": text}), 201)["id"] for text in ("one", "two")
    ]
    refused(team.ben.client.delete(f"{path}/{notes[0]}"), 403, "not_your_note")
    key = team.key("conversations:write")
    answer = team.site.visitor.delete(f"{path}/{notes[0]}", headers=key)
    refused(answer, 403, "not_your_note")
    for name in (f"note_{UNKNOWN}", "x", team.conversation_id):
        refused(team.ana.client.delete(f"{path}/{name}"), 404, "note_not_found")
    other = f"/v1/conversations/{team.guest.start('Another question?')}/notes"
    refused(team.ana.client.delete(f"{other}/{notes[0]}"), 404, "note_not_found")
    before = team.version(rows)
    ok(team.ana.client.delete(f"{path}/{notes[0]}"), 204)
    ok(team.owner.client.delete(f"{path}/{notes[1]}"), 204)
    refused(team.owner.client.delete(f"{path}/{notes[1]}"), 404, "note_not_found")
    assert ok(team.ana.client.get(path))["items"] == []
    assert team.version(rows) == before + 2
    assert team.told(rows) == [("changed", "note")] * 4


def test_they_are_listed_in_parts_oldest_first(team: Team) -> None:
    path = f"{team.path}/notes"
    for number in range(5):
        ok(team.ana.client.post(path, json={"content": f"Note {number}"}), 201)
    key = team.key("conversations:write")
    by_key = ok(team.site.visitor.post(path, json={"content": "By a key"}, headers=key), 201)
    assert by_key["author"] is None
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        page = ok(team.ben.client.get(path, params={"limit": 2, **_cursor(cursor)}))
        seen, cursor = [*seen, *page["items"]], page["next_cursor"]
    assert [one["content"] for one in seen] == [f"Note {n}" for n in range(5)] + ["By a key"]
    assert seen[0]["author"]["id"] == team.ana.user_id
    assert seen[0]["conversation_id"] == team.conversation_id


def _cursor(cursor: str | None) -> dict[str, str]:
    return {} if cursor is None else {"cursor": cursor}


def test_a_note_stays_when_its_author_leaves(team: Team) -> None:
    path = f"{team.path}/notes"
    ok(team.ana.client.post(path, json={"content": "Call back."}), 201)
    members = team.owner.client.get("/v1/members").json()["items"]
    (ana,) = [one["id"] for one in members if one["email"] == team.ana.email]
    ok(team.owner.client.delete(f"/v1/members/{ana}"), 204)
    (note,) = ok(team.ben.client.get(path))["items"]
    assert note["author"] == {"id": team.ana.user_id, "name": None}


def test_they_go_with_their_conversation(team: Team, rows: Rows) -> None:
    ok(team.ana.client.post(f"{team.path}/notes", json={"content": "Call back."}), 201)
    found = "select count(*) from note where conversation_id = %s"
    assert rows(found, bare(team.conversation_id)) == [(1,)]
    rows("delete from conversation where id = %s returning id", bare(team.conversation_id))
    assert rows(found, bare(team.conversation_id)) == [(0,)]
