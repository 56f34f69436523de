"""Saved views: whose they are, what is refused, and that what they name may be gone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.accounts.people import Person, refused
from tests.conftest import Rows
from tests.inbox.team import UNKNOWN, Team, bare, ok

PATH = "/v1/saved-views"
DEFAULTS: dict[str, Any] = {
    "state": [],
    "assignee": None,
    "tag": None,
    "snoozed": "false",
    "unread": False,
    "project_id": None,
    "order": "newest",
    "q": None,
}


def add(person: Person, **fields: Any) -> httpx.Response:
    return person.client.post(PATH, json={"name": "View", **fields})


def added(person: Person, **fields: Any) -> str:
    """Add one that has to be taken; return its path."""
    return f"{PATH}/{ok(add(person, **fields), 201)['id']}"


def listed(person: Person) -> list[str]:
    return [one["name"] for one in ok(person.client.get(PATH))["items"]]


def found(person: Person, filters: dict[str, Any]) -> httpx.Response:
    """Look at the inbox as a page does with a view's filters."""
    query = {name: value for name, value in filters.items() if value is not None}
    return person.client.get("/v1/inbox", params=query)


def test_it_takes_the_scope_and_a_person(team: Team) -> None:
    nobody, one = team.site.visitor, added(team.ana, shared=True)
    for headers in ({}, team.guest.headers):
        assert nobody.get(PATH, headers=headers).status_code == 401
        assert nobody.post(PATH, json={"name": "x"}, headers=headers).status_code == 401
        assert nobody.patch(one, json={}, headers=headers).status_code == 401
        assert nobody.delete(one, headers=headers).status_code == 401
    viewer = team.join("viewer").client
    refused(viewer.post(PATH, json={"name": "x"}), 403, "scope_missing")
    refused(viewer.patch(one, json={}), 403, "scope_missing")
    refused(viewer.delete(one), 403, "scope_missing")
    key = team.key("conversations:write")
    refused(nobody.post(PATH, json={"name": "x"}, headers=key), 403, "person_needed")
    refused(nobody.patch(one, json={}, headers=key), 403, "person_needed")
    refused(nobody.delete(one, headers=key), 403, "person_needed")
    added(team.ana, name="Own")
    shown = [each["name"] for each in ok(nobody.get(PATH, headers=key))["items"]]
    assert shown == ["View"] == [each["name"] for each in ok(viewer.get(PATH))["items"]]
    for name in (f"{PATH}/view_{UNKNOWN}", f"{PATH}/x"):
        refused(team.ana.client.patch(name, json={}), 404, "saved_view_not_found")
        refused(team.ana.client.delete(name), 404, "saved_view_not_found")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"name": "a\0"},
        {"shared": "yes"},
        {"position": -1},
        {"position": 10_001},
        {"position": "1"},
        {"owner_id": "me"},
        {"filters": {"state": ["open"]}},
        {"filters": {"state": ["ai"] * 5}},
        {"filters": {"assignee": "ana"}},
        {"filters": {"assignee": "user_x"}},
        {"filters": {"tag": "x" * 51}},
        {"filters": {"tag": "a\0b"}},
        {"filters": {"snoozed": True}},
        {"filters": {"unread": "true"}},
        {"filters": {"order": "oldest"}},
        {"filters": {"q": "x" * 201}},
        {"filters": {"limit": 10}},
        {"filters": []},
    ],
)
def test_a_malformed_one_is_refused(team: Team, fields: dict[str, Any]) -> None:
    refused(add(team.ana, **fields), 422, "invalid_input")
    one = added(team.ana)
    refused(team.ana.client.patch(one, json=fields), 422, "invalid_input")


def test_a_project_has_to_be_there_when_it_is_named(team: Team) -> None:
    one = added(team.ana)
    for project in (f"proj_{UNKNOWN}", "x"):
        body = {"filters": {"project_id": project}}
        refused(add(team.ana, **body), 404, "project_not_found")
        refused(team.ana.client.patch(one, json=body), 404, "project_not_found")


def test_an_own_one_is_nobody_elses(team: Team) -> None:
    one = added(team.ana, name="Ana's")
    for person in (team.ben, team.owner):
        assert listed(person) == []
        refused(person.client.patch(one, json={"name": "x"}), 404, "saved_view_not_found")
        refused(person.client.delete(one), 404, "saved_view_not_found")
    assert listed(team.ana) == ["Ana's"]
    ok(team.ana.client.delete(one), 204)
    assert listed(team.ana) == []


def test_a_shared_one_is_changed_by_its_maker_and_by_admins(team: Team) -> None:
    one = added(team.ana, shared=True)
    refused(team.ben.client.patch(one, json={"name": "x"}), 403, "not_your_view")
    refused(team.ben.client.delete(one), 403, "not_your_view")
    assert listed(team.ben) == ["View"]
    ok(team.ana.client.patch(one, json={"name": "By Ana"}))
    ok(team.join("admin").client.patch(one, json={"name": "By an admin"}))
    changed = ok(team.owner.client.patch(one, json={"shared": False}))
    assert (changed["shared"], changed["made_by_id"]) == (False, team.ana.user_id)
    assert (listed(team.ana), listed(team.ben), listed(team.owner)) == (["By an admin"], [], [])
    ok(team.ana.client.patch(one, json={"shared": True}))
    assert listed(team.ben) == ["By an admin"]
    ok(team.owner.client.delete(one), 204)
    assert listed(team.ben) == []


def test_filters_are_kept_whole_and_are_those_of_the_inbox(team: Team) -> None:
    assert ok(add(team.ana, name=" Plain "), 201)["filters"] == DEFAULTS
    whole = {
        "state": ["human", "waiting"],
        "assignee": "me",
        "tag": "VIP",
        "snoozed": "any",
        "unread": True,
        "project_id": team.site.project_id,
        "order": "waiting",
        "q": "100%",
    }
    made = ok(add(team.ana, filters=whole), 201)
    assert made["filters"] == whole
    assert set(whole) == set(DEFAULTS)
    assert found(team.ana, made["filters"]).status_code == 200
    changed = ok(team.ana.client.patch(f"{PATH}/{made['id']}", json={"filters": {"tag": "x"}}))
    assert changed["filters"] == {**DEFAULTS, "tag": "x"}
    assert listed(team.ana) == ["Plain", "View"]


def test_me_is_whoever_looks(team: Team) -> None:
    one = ok(add(team.ana, shared=True, filters={"assignee": "me"}), 201)
    ok(team.ben.client.post(f"{team.path}/claim", json={}))
    assert found(team.ana, one["filters"]).json()["items"] == []
    (seen,) = found(team.ben, one["filters"]).json()["items"]
    assert seen["id"] == team.conversation_id


def test_what_a_view_names_may_be_gone(team: Team, rows: Rows) -> None:
    other = ok(team.owner.client.post("/v1/projects", json={"name": "Other"}), 201)["id"]
    leaving = team.join("agent")
    filters = {"tag": "gone", "assignee": leaving.user_id, "project_id": other}
    one = added(team.ana, shared=True, filters=filters)
    theirs = added(leaving, name="Theirs", shared=True)
    added(leaving, name="Own")
    gone = team.owner.client.delete(f"/v1/members/{member_of(team, leaving)}")
    assert gone.is_success, gone.text
    ok(team.owner.client.delete(f"/v1/projects/{other}"), 204)
    shown = ok(team.ana.client.get(PATH))["items"]
    assert [each["name"] for each in shown] == ["View", "Theirs"]
    assert shown[0]["filters"] == {**DEFAULTS, **filters}
    assert shown[1]["made_by_id"] is None
    assert rows(
        "select count(*) from saved_view where name = 'Own' and account_id = %s",
        bare(team.owner.account_id),
    ) == [(0,)]
    for name in ("tag", "assignee"):
        assert ok(found(team.ana, {name: filters[name]}))["items"] == []
    assert ok(found(team.ana, {"project_id": other}))["items"] == []
    ok(team.ana.client.patch(one, json={"filters": {**filters, "tag": "new"}}))
    refused(team.ana.client.patch(theirs, json={"name": "x"}), 403, "not_your_view")
    # Whoever takes what nobody has made any more has it.
    mine = ok(team.owner.client.patch(theirs, json={"shared": False}))
    assert (mine["shared"], mine["made_by_id"]) == (False, team.owner.user_id)


def test_a_deleted_project_is_unknown_unless_a_view_names_it(team: Team) -> None:
    unnamed, named = (
        ok(team.owner.client.post("/v1/projects", json={"name": name}), 201)["id"]
        for name in ("Unnamed", "Named")
    )
    one = added(team.ana, filters={"project_id": named})
    for project in (unnamed, named):
        ok(team.owner.client.delete(f"/v1/projects/{project}"), 204)
    refused(found(team.ana, {"project_id": unnamed}), 404, "project_not_found")
    assert ok(found(team.ana, {"project_id": named}))["items"] == []
    ok(team.ana.client.delete(one), 204)
    refused(found(team.ana, {"project_id": named}), 404, "project_not_found")


def member_of(team: Team, person: Person) -> str:
    items = ok(team.owner.client.get("/v1/members"))["items"]
    (member,) = [one["id"] for one in items if one["email"] == person.email]
    return str(member)


def test_they_stand_by_position(team: Team) -> None:
    for name, position in (("B", None), ("C", None), ("A", 0), ("Z", 10_000)):
        added(team.ana, name=name, **({} if position is None else {"position": position}))
    assert listed(team.ana) == ["B", "A", "C", "Z"]
    one = ok(team.ana.client.get(PATH))["items"][0]
    ok(team.ana.client.patch(f"{PATH}/{one['id']}", json={"position": 5}))
    assert listed(team.ana) == ["A", "C", "B", "Z"]


def test_there_are_not_more_than_fifty(team: Team) -> None:
    for shared in (False, True):
        for _ in range(50):
            ok(add(team.ana, shared=shared), 201)
        refused(add(team.ana, shared=shared), 409, "too_many_saved_views")
    ok(add(team.ben), 201)
    mine = added(team.ben, name="Mine")
    refused(team.ben.client.patch(mine, json={"shared": True}), 409, "too_many_saved_views")
    assert len(listed(team.ana)) == 100


def test_however_many_are_added_at_once_there_are_not_more_than_fifty(team: Team) -> None:
    for _ in range(45):
        ok(add(team.ana, shared=True), 201)
    with ThreadPoolExecutor(12) as pool:
        adding = [pool.submit(add, team.ana, shared=True) for _ in range(12)]
    assert sorted(one.result().status_code for one in adding) == [201] * 5 + [409] * 7


def test_a_key_for_some_projects_sees_only_views_of_theirs(team: Team) -> None:
    other = ok(team.owner.client.post("/v1/projects", json={"name": "Other"}), 201)["id"]
    added(team.ana, name="All", shared=True)
    hidden = added(team.ana, name="Site", shared=True, filters={"project_id": team.site.project_id})
    key = team.key("write", project_ids=[other])
    nobody = team.site.visitor
    assert [one["name"] for one in ok(nobody.get(PATH, headers=key))["items"]] == ["All"]
    refused(nobody.delete(hidden, headers=key), 404, "saved_view_not_found")


def test_changes_of_what_all_have_are_in_the_audit_log(team: Team) -> None:
    one = added(team.ana, shared=True)
    ok(team.ana.client.patch(one, json={"name": "New"}))
    ok(team.ana.client.patch(one, json={"name": "New"}))
    ok(team.ana.client.delete(one), 204)
    own = added(team.ana)
    ok(team.ana.client.patch(own, json={"name": "Own"}))
    entries = ok(team.owner.client.get("/v1/audit-log"))["items"]
    told = [each["action"] for each in entries if each["action"].startswith("saved_view.")]
    assert told == [f"saved_view.{done}" for done in ("deleted", "changed", "created")]
