"""A person's own name: who may change it, and who sees it."""

from typing import Any

import pytest

from tests.accounts.keys import holder, make_key
from tests.accounts.people import Person, join, refused, sign_up
from tests.conftest import Server


def name_of(person: Person) -> str:
    name: str = person.client.get("/v1/me").json()["user"]["name"]
    return name


def renames(person: Person) -> list[dict[str, Any]]:
    entries = person.client.get("/v1/audit-log").json()["items"]
    return [one for one in entries if one["action"] == "user.renamed"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x" * 201},
        {"name": "nul\0"},
        {"name": 7},
        {"email": "eve@example.com"},
        {"name": "Ann", "role": "owner"},
    ],
)
def test_what_is_no_name_is_refused(ann: Person, body: dict[str, Any]) -> None:
    before = name_of(ann)
    refused(ann.client.patch("/v1/me", json=body), 422, "invalid_input")
    assert name_of(ann) == before


def test_a_key_has_no_name_to_change(server: Server, ann: Person) -> None:
    body = {"name": "Eve"}
    with server.client() as nobody:
        assert nobody.patch("/v1/me", json=body).status_code == 401
    with holder(server, make_key(ann.client)["key"]) as program:
        refused(program.patch("/v1/me", json=body), 403, "person_needed")
    with server.client(owner=True) as owner:
        refused(owner.patch("/v1/me", json=body), 403, "person_needed")
    assert renames(ann) == []


def test_colleagues_see_the_new_name_and_the_log_says_so(server: Server, ann: Person) -> None:
    viewer = join(server, ann, "viewer")
    before = name_of(viewer)
    changed = viewer.client.patch("/v1/me", json={"name": " Vera\n van  Dam "})
    assert changed.status_code == 200, changed.text
    assert changed.json() == viewer.client.get("/v1/me").json()
    assert changed.json()["user"]["name"] == "Vera van Dam"
    members = ann.client.get("/v1/members").json()["items"]
    [name] = [one["name"] for one in members if one["email"] == viewer.email]
    assert name == "Vera van Dam"
    [entry] = renames(ann)
    assert entry["detail"] == {"from": before, "to": "Vera van Dam"}
    assert (entry["target"]["kind"], entry["target"]["id"]) == ("user", viewer.user_id)
    assert name_of(ann) != "Vera van Dam"


def test_what_changes_nothing_is_not_recorded(ann: Person) -> None:
    ann.client.patch("/v1/me", json={"name": "Ann Ames"}).raise_for_status()
    for body in ({}, {"name": "Ann Ames"}, {"name": None}):
        assert ann.client.patch("/v1/me", json=body).json()["user"]["name"] == "Ann Ames"
    assert len(renames(ann)) == 1


def test_a_name_is_the_same_in_every_account(server: Server, ann: Person) -> None:
    boss = sign_up(server, "boss")
    elsewhere = join(server, boss, "agent", ann.email)
    assert elsewhere.account_id != ann.account_id
    elsewhere.client.patch("/v1/me", json={"name": "Ann Ames"}).raise_for_status()
    assert name_of(ann) == "Ann Ames"
    # The log is that of the account in which it was done.
    assert (len(renames(boss)), len(renames(ann))) == (1, 0)
