"""Drafts: a person's own in every browser, never overwritten by an older one, never lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.accounts.people import Person, log_in, refused
from tests.conftest import Rows, Server
from tests.inbox.team import UNKNOWN, Team, bare, ok


def put(
    team: Team, person: Person, content: str, version: int, kind: str = "reply"
) -> httpx.Response:
    body = {"content": content, "version": version}
    return person.client.put(f"{team.path}/drafts/{kind}", json=body)


def get(team: Team, person: Person, kind: str = "reply") -> Any:
    return ok(person.client.get(f"{team.path}/drafts/{kind}"))


def test_it_takes_a_person_the_scope_and_the_project(team: Team) -> None:
    nobody, path = team.site.visitor, f"{team.path}/drafts"
    body = {"content": "x", "version": 0}
    for headers in ({}, team.guest.headers):
        for name in (path, f"{path}/reply", "/v1/drafts"):
            assert nobody.get(name, headers=headers).status_code == 401
        assert nobody.put(f"{path}/reply", json=body, headers=headers).status_code == 401
        assert nobody.delete(f"{path}/reply", headers=headers).status_code == 401
    key = team.key("conversations:write")
    ok(put(team, team.ana, "Dear Ada", 0))
    for name in (path, "/v1/drafts"):
        assert ok(nobody.get(name, headers=key))["items"] == []
    assert ok(nobody.get(f"{path}/reply", headers=key))["version"] == 0
    refused(nobody.put(f"{path}/reply", json=body, headers=key), 403, "person_needed")
    refused(nobody.delete(f"{path}/reply", headers=key), 403, "person_needed")
    viewer = team.join("viewer")
    refused(viewer.client.put(f"{path}/reply", json=body), 403, "scope_missing")
    unknown = f"/v1/conversations/conv_{UNKNOWN}/drafts"
    for answer in (
        team.ana.client.get(unknown),
        team.ana.client.get(f"{unknown}/note"),
        team.ana.client.put(f"{unknown}/note", json=body),
        team.ana.client.delete(f"{unknown}/note"),
    ):
        refused(answer, 404, "conversation_not_found")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("mail", {"content": "x", "version": 0}),
        ("reply", {"content": "x"}),
        ("reply", {"version": 0}),
        ("reply", {"content": None, "version": 0}),
        ("reply", {"content": "a\0b", "version": 0}),
        ("reply", {"content": "x", "version": -1}),
        ("reply", {"content": "x", "version": 2**53}),
        ("reply", {"content": "x" * 8001, "version": 0}),
        ("note", {"content": "x" * 10_001, "version": 0}),
        ("note", {"content": "x", "version": 0, "user_id": "me"}),
    ],
)
def test_a_malformed_draft_is_refused(team: Team, kind: str, body: dict[str, Any]) -> None:
    answer = team.ana.client.put(f"{team.path}/drafts/{kind}", json=body)
    refused(answer, 422, "invalid_input")


def test_it_is_there_in_another_browser_and_only_for_its_writer(
    team: Team, server: Server, rows: Rows
) -> None:
    assert get(team, team.ana)["version"] == 0
    saved = ok(put(team, team.ana, "Dear Ada", 0))
    ok(put(team, team.ana, "Ask Ben", 0, "note"))
    elsewhere = log_in(server, team.ana.email)
    assert get(team, elsewhere) == saved
    assert saved["content"] == "Dear Ada"
    listed = ok(elsewhere.client.get("/v1/drafts"))["items"]
    assert [(one["kind"], one["content"]) for one in listed] == [
        ("note", "Ask Ben"),
        ("reply", "Dear Ada"),
    ]
    inside = ok(elsewhere.client.get(f"{team.path}/drafts"))["items"]
    assert sorted(one["kind"] for one in inside) == ["note", "reply"]
    assert ok(team.ben.client.get("/v1/drafts"))["items"] == []
    assert get(team, team.ben) == {**saved, "content": "", "version": 0, "updated_at": None}
    assert team.told(rows) == [("own_changed", "draft")] * 2


def test_an_older_one_is_refused_and_the_stored_one_stays(team: Team, rows: Rows) -> None:
    first = ok(put(team, team.ana, "Dear", 0))
    second = ok(put(team, team.ana, "Dear Ada", first["version"]))
    assert second["version"] > first["version"]
    for version in (0, first["version"], second["version"] + 1):
        refused(put(team, team.ana, "Hello", version), 409, "draft_changed")
        refused(put(team, team.ana, "", version), 409, "draft_changed")
    path = f"{team.path}/drafts/reply"
    answer = team.ana.client.delete(path, params={"version": first["version"]})
    refused(answer, 409, "draft_changed")
    assert get(team, team.ana) == second
    # The same text again, as after a lost answer, is no other draft.
    assert ok(put(team, team.ana, "Dear Ada", first["version"])) == second
    assert len(team.told(rows)) == 2


def test_a_late_save_does_not_bring_back_what_was_sent(team: Team) -> None:
    first = ok(put(team, team.ana, "Dear Ada", 0))
    gone = ok(put(team, team.ana, "", first["version"]))
    assert (gone["version"], gone["content"]) == (0, "")
    refused(put(team, team.ana, "Dear Ada,", first["version"]), 409, "draft_changed")
    # Nor does it overwrite the next one, whose version is never an earlier one's.
    second = ok(put(team, team.ana, "P.S.", 0))
    assert second["version"] > first["version"]
    refused(put(team, team.ana, "Dear Ada,", first["version"]), 409, "draft_changed")
    ok(team.ana.client.delete(f"{team.path}/drafts/reply"), 204)
    ok(team.ana.client.delete(f"{team.path}/drafts/reply"), 204)
    assert get(team, team.ana)["content"] == ""


@pytest.mark.parametrize("begun", [True, False])
def test_of_two_browsers_at_once_one_is_told(team: Team, server: Server, begun: bool) -> None:
    version = ok(put(team, team.ana, "Dear", 0))["version"] if begun else 0
    browsers = [log_in(server, team.ana.email) for _ in range(4)]
    texts = [f"Dear {number}" for number in range(4)]

    def save(browser: Person, text: str) -> httpx.Response:
        return put(team, browser, text, version)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(save, browsers, texts))
    codes = [one.status_code for one in answers]
    assert sorted(codes) == [200, 409, 409, 409], [one.text for one in answers]
    assert get(team, team.ana) == answers[codes.index(200)].json()


def test_they_are_listed_in_parts(team: Team) -> None:
    places = [team.conversation_id, team.guest.start("And Norway?"), team.guest.start("And Peru?")]
    for number, conversation_id in enumerate(places):
        body = {"content": f"Draft {number}", "version": 0}
        path = f"/v1/conversations/{conversation_id}/drafts/reply"
        ok(team.ana.client.put(path, json=body))
    page = ok(team.ana.client.get("/v1/drafts", params={"limit": 2}))
    assert [one["content"] for one in page["items"]] == ["Draft 2", "Draft 1"]
    params = {"limit": 2, "cursor": page["next_cursor"]}
    (last,) = ok(team.ana.client.get("/v1/drafts", params=params))["items"]
    assert (last["content"], last["conversation_id"]) == ("Draft 0", team.conversation_id)


def test_a_person_has_a_bounded_number(team: Team, rows: Rows) -> None:
    many = (
        "with c as (select account_id, id, project_id from conversation where id = %s),"
        " made as (insert into conversation (account_id, id, project_id)"
        "  select account_id, gen_random_uuid(), project_id from c, generate_series(1, 1000)"
        "  returning account_id, id)"
        " insert into draft (account_id, user_id, conversation_id, kind, content)"
        " select account_id, %s, id, 'reply', 'x' from made returning 1"
    )
    rows(many, bare(team.conversation_id), bare(team.ana.user_id))
    refused(put(team, team.ana, "One more", 0), 409, "too_many_drafts")
    ok(put(team, team.ben, "One more", 0))


def test_what_is_a_persons_own_goes_with_their_membership(team: Team, rows: Rows) -> None:
    ok(put(team, team.ana, "Dear Ada", 0))
    ok(put(team, team.ben, "Hello", 0))
    message = team.guest.messages(team.conversation_id)[0]["id"]
    ok(team.ana.client.put(f"{team.path}/read", json={"message_id": message}))
    own = {"shortcut": "hi", "title": "Hi", "content": "Hi!"}
    for personal in (True, False):
        ok(team.ana.client.post("/v1/canned-replies", json={**own, "personal": personal}), 201)
    members = team.owner.client.get("/v1/members").json()["items"]
    (ana,) = [one["id"] for one in members if one["email"] == team.ana.email]
    ok(team.owner.client.delete(f"/v1/members/{ana}"), 204)
    user = bare(team.ana.user_id)
    for table, column in (
        ("draft", "user_id"),
        ("read_mark", "user_id"),
        ("canned_reply", "owner_id"),
    ):
        assert rows(f"select count(*) from {table} where {column} = %s", user) == [(0,)], table
    assert get(team, team.ben)["content"] == "Hello"
    assert len(ok(team.ben.client.get("/v1/canned-replies"))["items"]) == 1


def test_a_deleted_projects_drafts_are_gone(team: Team) -> None:
    ok(put(team, team.ana, "Dear Ada", 0))
    ok(team.owner.client.delete(team.site.path), 204)
    assert ok(team.ana.client.get("/v1/drafts"))["items"] == []
    refused(put(team, team.ana, "Dear Ada", 0), 404, "conversation_not_found")
