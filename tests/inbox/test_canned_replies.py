"""Canned replies: whose they are, what is refused, how they are found and filled in."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from answerdesk.inbox.canned_replies.service import rendered
from tests.accounts.people import Person, refused
from tests.conftest import Rows
from tests.inbox.team import UNKNOWN, Team, bare, ok
from tests.waiting import PATIENCE, attempts

PATH = "/v1/canned-replies"
HELLO = {"shortcut": "hello", "title": "A greeting", "content": "Hello {{visitor.name|there}}!"}


def add(person: Person, **fields: Any) -> httpx.Response:
    return person.client.post(PATH, json={**HELLO, **fields})


def listed(person: Person, **params: Any) -> list[str]:
    return [one["shortcut"] for one in ok(person.client.get(PATH, params=params))["items"]]


def test_it_takes_the_scope(team: Team) -> None:
    nobody, one = team.site.visitor, f"{PATH}/{ok(add(team.ana), 201)['id']}"
    for headers in ({}, team.guest.headers):
        for name in (PATH, one, f"{one}/rendered?conversation_id={team.conversation_id}"):
            assert nobody.get(name, headers=headers).status_code == 401
        assert nobody.post(PATH, json=HELLO, headers=headers).status_code == 401
        assert nobody.patch(one, json={}, headers=headers).status_code == 401
        assert nobody.delete(one, headers=headers).status_code == 401
    reader = team.key("conversations:read")
    assert nobody.get(one, headers=reader).status_code == 200
    refused(nobody.post(PATH, json=HELLO, headers=reader), 403, "scope_missing")
    refused(nobody.patch(one, json={}, headers=reader), 403, "scope_missing")
    refused(nobody.delete(one, headers=reader), 403, "scope_missing")
    for name in (f"{PATH}/canned_{UNKNOWN}", f"{PATH}/x"):
        refused(team.ana.client.get(name), 404, "canned_reply_not_found")
        refused(team.ana.client.patch(name, json={}), 404, "canned_reply_not_found")
        refused(team.ana.client.delete(name), 404, "canned_reply_not_found")


@pytest.mark.parametrize(
    "fields",
    [
        {"shortcut": ""},
        {"shortcut": "two words"},
        {"shortcut": "x" * 51},
        {"shortcut": "a\0"},
        {"title": " "},
        {"title": "x" * 201},
        {"content": ""},
        {"content": "x" * 8001},
        {"personal": "mine"},
        {"owner_id": "me"},
        {"project_id": 7},
    ],
)
def test_a_malformed_one_is_refused(team: Team, fields: dict[str, Any]) -> None:
    refused(add(team.ana, **fields), 422, "invalid_input")


def test_a_personal_one_is_nobody_elses(team: Team) -> None:
    mine = ok(add(team.ana, personal=True), 201)
    assert mine["personal"]
    one = f"{PATH}/{mine['id']}"
    for person in (team.ben, team.owner):
        refused(person.client.get(one), 404, "canned_reply_not_found")
        refused(person.client.patch(one, json={"title": "x"}), 404, "canned_reply_not_found")
        refused(person.client.delete(one), 404, "canned_reply_not_found")
        assert listed(person) == []
    assert listed(team.ana) == ["hello"]
    key = team.key("conversations:write")
    answer = team.site.visitor.post(PATH, json={**HELLO, "personal": True}, headers=key)
    refused(answer, 403, "person_needed")
    # Who has one may share the shortcut with everybody's.
    ok(add(team.ben), 201)
    ok(add(team.ben, personal=True), 201)
    assert listed(team.ana) == ["hello", "hello"]


def test_a_key_for_some_projects_reaches_only_theirs(team: Team) -> None:
    nobody = team.site.visitor
    elsewhere = team.owner.client.post("/v1/projects", json={"name": "Other"}).json()["id"]
    key = team.key("write", project_ids=[elsewhere])
    of_all = ok(add(team.ana), 201)["id"]
    of_site = ok(add(team.ana, project_id=team.site.project_id), 201)["id"]
    items = ok(nobody.get(PATH, headers=key))["items"]
    assert [one["id"] for one in items] == [of_all]
    refused(nobody.get(f"{PATH}/{of_site}", headers=key), 404, "canned_reply_not_found")
    refused(nobody.post(PATH, json=HELLO, headers=key), 403, "project_needed")
    refused(nobody.delete(f"{PATH}/{of_all}", headers=key), 403, "project_needed")
    refused(
        nobody.patch(f"{PATH}/{of_all}", json={"title": "x"}, headers=key), 403, "project_needed"
    )
    for project in (team.site.project_id, f"proj_{UNKNOWN}", "x"):
        body = {**HELLO, "project_id": project}
        refused(nobody.post(PATH, json=body, headers=key), 404, "project_not_found")
        answer = nobody.get(PATH, params={"project_id": project}, headers=key)
        refused(answer, 404, "project_not_found")
    ok(nobody.post(PATH, json={**HELLO, "project_id": elsewhere}, headers=key), 201)
    rendered_at = f"{PATH}/{of_all}/rendered"
    params = {"conversation_id": team.conversation_id}
    refused(nobody.get(rendered_at, params=params, headers=key), 404, "conversation_not_found")


def test_a_shortcut_is_there_once_whatever_its_case(team: Team) -> None:
    ok(add(team.ana), 201)
    refused(add(team.ben, shortcut="HELLO"), 409, "shortcut_taken")
    of_site = ok(add(team.ben, project_id=team.site.project_id, shortcut="Hello"), 201)
    other = ok(add(team.ben, project_id=team.site.project_id, shortcut="bye"), 201)
    one = f"{PATH}/{other['id']}"
    refused(team.ana.client.patch(one, json={"shortcut": "hellO"}), 409, "shortcut_taken")
    assert ok(team.ana.client.get(one))["shortcut"] == "bye"
    ok(team.ana.client.delete(f"{PATH}/{of_site['id']}"), 204)
    changed = ok(team.ana.client.patch(one, json={"shortcut": "hellO", "title": " New "}))
    assert (changed["shortcut"], changed["title"]) == ("hellO", "New")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: add(team.ana, shortcut="race"), range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


def test_they_are_found_by_shortcut_and_by_words_of_the_title(team: Team) -> None:
    for shortcut, title in (
        ("refund", "Money back"),
        ("hours", "Opening hours"),
        ("100%", "A_b"),
        ("Zeit", "Öffnungszeiten"),
    ):
        ok(add(team.ana, shortcut=shortcut, title=title), 201)
    assert listed(team.ben) == ["100%", "hours", "refund", "Zeit"]
    assert listed(team.ben, q="REF") == ["refund"]
    assert listed(team.ben, q="back") == ["refund"]
    assert listed(team.ben, q="öff") == ["Zeit"]
    assert listed(team.ben, q="ack") == []
    assert listed(team.ben, q="%") == listed(team.ben, q="a%") == []
    assert listed(team.ben, q="100%") == listed(team.ben, q="a_") == ["100%"]
    page = ok(team.ben.client.get(PATH, params={"limit": 3}))
    params = {"limit": 3, "cursor": page["next_cursor"]}
    (last,) = ok(team.ben.client.get(PATH, params=params))["items"]
    assert last["shortcut"] == "Zeit"
    refused(team.ben.client.get(PATH, params={"q": "x" * 201}), 422, "invalid_input")


def test_it_is_filled_in_for_a_conversation(team: Team) -> None:
    one = ok(add(team.ana, content="Hello {{visitor.name}}, {{ agent.name }} here."), 201)
    path, params = f"{PATH}/{one['id']}/rendered", {"conversation_id": team.conversation_id}
    refused(team.ana.client.get(path), 422, "invalid_input")
    for name in (f"conv_{UNKNOWN}", "x"):
        answer = team.ana.client.get(path, params={"conversation_id": name})
        refused(answer, 404, "conversation_not_found")
    key = team.key("conversations:read")
    said = ok(team.site.visitor.get(path, params=params, headers=key))["content"]
    assert said == "Hello, here."
    visitor = f"/v1/visitors/{team.guest.id}"
    ok(team.ana.client.patch(visitor, json={"name": "Ada {{agent.name}}"}))
    said = ok(team.site.visitor.get(path, params=params, headers=key))["content"]
    assert said == "Hello Ada {{agent.name}}, here."


@pytest.mark.parametrize(
    ("content", "visitor", "filled"),
    [
        ("Hi {{visitor.name|there}}!", None, "Hi there!"),
        ("Hi {{visitor.name|there}}!", "Ada", "Hi Ada!"),
        ("Hi {{ visitor.name }}!", "Ada\n\nLovelace", "Hi Ada Lovelace!"),
        ("{{visitor.name}}{{visitor.name}}", "{{visitor.name}}", "{{visitor.name}}" * 2),
        ("Hi {{visitor.email}} {{x}} {{", "Ada", "Hi {{visitor.email}} {{x}} {{"),
        ("Hi {{visitor.name}}.", "x" * 1000, f"Hi {'x' * 200}."),
        (r"Hi \1 {{visitor.name}}", r"\g<0>", r"Hi \1 \g<0>"),
    ],
)
def test_placeholders(content: str, visitor: str | None, filled: str) -> None:
    assert rendered(content, {"visitor": visitor}) == filled


def test_changes_of_what_all_use_are_in_the_audit_log(team: Team) -> None:
    one = ok(add(team.ana, project_id=team.site.project_id), 201)
    ok(team.ben.client.patch(f"{PATH}/{one['id']}", json={"content": "Bye."}))
    ok(team.ben.client.patch(f"{PATH}/{one['id']}", json={"content": "Bye."}))
    ok(team.ben.client.delete(f"{PATH}/{one['id']}"), 204)
    ok(add(team.ana, personal=True), 201)
    entries = ok(team.owner.client.get("/v1/audit-log"))["items"]
    told = [one["action"] for one in entries if one["action"].startswith("canned_reply.")]
    assert told == [f"canned_reply.{done}" for done in ("deleted", "changed", "created")]


def test_they_go_with_their_project(team: Team, rows: Rows) -> None:
    ok(add(team.ana, project_id=team.site.project_id), 201)
    ok(add(team.ana), 201)
    ok(team.owner.client.delete(team.site.path), 204)
    assert listed(team.ana) == ["hello"]
    # A job removes the rows.
    count = "select count(*) from canned_reply where account_id = %s"
    assert any(rows(count, bare(team.owner.account_id)) == [(1,)] for _ in attempts(PATIENCE))
