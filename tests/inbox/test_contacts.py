"""Contacts: what is shown and changed, what is refused, and who is never taken for another."""

from typing import Any

import pytest

from tests.accounts.people import refused
from tests.conftest import Rows
from tests.inbox.team import UNKNOWN, Team, bare, ok


def path(team: Team) -> str:
    return f"/v1/visitors/{team.guest.id}"


def test_it_takes_the_scope_and_the_project(team: Team) -> None:
    nobody, one = team.site.visitor, path(team)
    for headers in ({}, team.guest.headers):
        for name in (one, f"{one}/conversations"):
            assert nobody.get(name, headers=headers).status_code == 401
        assert nobody.patch(one, json={}, headers=headers).status_code == 401
    reader = team.key("conversations:read")
    assert nobody.get(one, headers=reader).status_code == 200
    refused(nobody.patch(one, json={"name": "x"}, headers=reader), 403, "scope_missing")
    elsewhere = team.owner.client.post("/v1/projects", json={"name": "Other"}).json()["id"]
    other = team.key("write", project_ids=[elsewhere])
    for name in (one, f"/v1/visitors/visitor_{UNKNOWN}", "/v1/visitors/x"):
        refused(nobody.get(name, headers=other), 404, "visitor_not_found")
        refused(nobody.get(f"{name}/conversations", headers=other), 404, "visitor_not_found")
        answer = nobody.patch(name, json={"name": "x"}, headers=other)
        refused(answer, 404, "visitor_not_found")
    ok(team.owner.client.delete(team.site.path), 204)
    refused(team.ana.client.get(one), 404, "visitor_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"name": 7},
        {"name": "x" * 201},
        {"name": "a\0b"},
        {"email": "x" * 321},
        {"identity": "ada"},
        {"attributes": None},
        {"attributes": []},
        {"attributes": {"a": {}}},
        {"attributes": {"a": [1]}},
        {"attributes": {"a": "x" * 1001}},
        {"attributes": {"a": "\0"}},
        {"attributes": {"a\0": 1}},
        {"attributes": {" ": 1}},
        {"attributes": {"x" * 101: 1}},
        {"attributes": {"a": 2**53}},
        {"attributes": {str(number): 1 for number in range(51)}},
    ],
)
def test_malformed_changes_are_refused(team: Team, body: dict[str, Any]) -> None:
    refused(team.ana.client.patch(path(team), json=body), 422, "invalid_input")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
def test_what_is_no_number_is_refused(team: Team, number: str) -> None:
    answer = team.ana.client.patch(
        path(team),
        content=f'{{"attributes": {{"a": {number}}}}}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (400, 422), answer.text


def test_what_is_no_address_is_refused(team: Team) -> None:
    refused(team.ana.client.patch(path(team), json={"email": "ada"}), 422, "email_invalid")


def test_it_shows_who_somebody_is_and_what_people_have_noted(team: Team, rows: Rows) -> None:
    shown = ok(team.ana.client.get(path(team)))
    assert (shown["id"], shown["project_id"]) == (team.guest.id, team.site.project_id)
    assert (shown["identity"], shown["verified"], shown["name"]) == (None, False, None)
    assert (shown["attributes"], shown["conversation_count"], shown["lead_count"]) == ({}, 1, 0)
    second = team.guest.start("Another question?")
    ok(team.guest.post(f"conversations/{second}/escalate", email="ada@example.com"), 204)
    before = team.version(rows)
    attributes = {"plan": "pro", "seats": 3, "rate": 0.5, "paid": True, "since": None}
    body = {"name": " Ada  L. ", "email": " Ada@Example.com ", "attributes": attributes}
    changed = ok(team.ana.client.patch(path(team), json=body))
    assert (changed["name"], changed["attributes"]) == ("Ada L.", attributes)
    assert changed["email"].lower() == "ada@example.com"
    assert changed == ok(team.ben.client.get(path(team)))
    assert (changed["conversation_count"], changed["lead_count"]) == (2, 1)
    # Everybody who looks at one of the conversations is told.
    assert team.version(rows) > before
    told = "select payload->>'conversation_id' from event where payload->>'aspect' = 'contact'"
    found = rows(f"{told} and account_id = %s", bare(team.owner.account_id))
    assert sorted(found) == sorted([(team.conversation_id,), (second,)])
    kept = ok(team.ana.client.patch(path(team), json={"name": None}))
    assert (kept["name"], kept["email"]) == (None, changed["email"])
    assert kept["attributes"] == attributes
    assert ok(team.ana.client.patch(path(team), json={"attributes": {}}))["attributes"] == {}


def test_their_conversations_are_listed_in_parts(team: Team) -> None:
    second = team.guest.start("Another question?")
    team.site.guest().start("Of somebody else?")
    name = f"{path(team)}/conversations"
    page = ok(team.ana.client.get(name, params={"limit": 1}))
    params = {"limit": 1, "cursor": page["next_cursor"]}
    rest = ok(team.ana.client.get(name, params=params))
    found = [one["id"] for one in (*page["items"], *rest["items"])]
    assert found == [second, team.conversation_id]
    assert rest["next_cursor"] is None


def test_two_people_with_the_same_typed_address_stay_two(team: Team) -> None:
    """Story 10 of the inbox: nobody is merged by an address that anybody can type."""
    team.site.change(lead_capture={"enabled": True})
    other = team.site.guest()
    other_conversation = other.start("Write to ada@example.com, please.")
    ok(
        team.guest.post(f"conversations/{team.conversation_id}/escalate", email="ada@example.com"),
        204,
    )
    signed = team.site.guest(identity_token=team.site.sign("ada", email="ada@example.com"))
    ok(team.ana.client.patch(path(team), json={"email": "ada@example.com"}))
    ok(team.ana.client.patch(f"/v1/visitors/{other.id}", json={"email": "ada@example.com"}))
    # The next session of any of them changes nothing about that.
    again = team.site.guest(visitor_token=other.token)
    team.site.guest(identity_token=team.site.sign("ada", email="ada@example.com"))
    assert len({team.guest.id, other.id, signed.id}) == 3
    assert again.id == other.id
    for guest, own in (
        (team.guest, [team.conversation_id]),
        (other, [other_conversation]),
        (signed, []),
    ):
        listed = ok(team.ana.client.get(f"/v1/visitors/{guest.id}/conversations"))["items"]
        assert [one["id"] for one in listed] == own
        assert guest.conversations() == own
