"""API keys when their maker gets a new password: they go on and are told, or are revoked."""

from typing import Any

import httpx
import pytest

from tests.accounts.keys import make_key, works
from tests.accounts.people import PASSWORD, Person, join, log_in, mailed_link, refused, sign_up
from tests.conftest import Rows, Server

NEW = "another harbour"


def link_of(server: Server, visitor: httpx.Client, person: Person) -> str:
    visitor.post("/v1/auth/reset-request", json={"email": person.email})
    return mailed_link(server, person.email, "token")


def reset(visitor: httpx.Client, token: str, **fields: Any) -> httpx.Response:
    return visitor.post("/v1/auth/reset", json={"token": token, "password": NEW, **fields})


def change(person: Person, **fields: Any) -> httpx.Response:
    body = {"current_password": PASSWORD, "new_password": NEW, **fields}
    return person.client.post("/v1/auth/password", json=body)


def told_of(answer: httpx.Response) -> tuple[int, int, set[str]]:
    """Return how many keys are revoked, how many work, and which."""
    assert answer.status_code == 200, answer.text
    told = answer.json()
    return told["keys_revoked"], told["keys_working"], {one["id"] for one in told["keys"]}


def test_a_reset_that_is_refused_revokes_nothing_and_tells_of_no_key(
    server: Server, visitor: httpx.Client
) -> None:
    person = sign_up(server)
    key = make_key(person.client, name="Shop's server")
    token = link_of(server, visitor, person)
    answers = [
        (reset(visitor, "rst_" + "A" * 43, revoke_keys=True), "reset_token_invalid"),
        (reset(visitor, token, revoke_keys=True, password="short"), "password_too_short"),
        (reset(visitor, token, revoke_keys="perhaps"), "invalid_input"),
    ]
    for answer, code in answers:
        refused(answer, 422, code)
        assert not [one for one in ("Shop", key["id"], key["hint"]) if one in answer.text]
    assert works(server, key)
    assert told_of(reset(visitor, token)) == (0, 1, {key["id"]})
    # The link is used up.
    refused(reset(visitor, token, revoke_keys=True), 422, "reset_token_invalid")
    assert works(server, key)


def test_a_change_that_is_refused_revokes_nothing(server: Server) -> None:
    person = sign_up(server)
    key = make_key(person.client)
    for fields, code in (
        ({"current_password": NEW}, "password_wrong"),
        ({"new_password": "short"}, "password_too_short"),
    ):
        refused(change(person, revoke_keys=True, **fields), 422, code)
    assert works(server, key)


@pytest.fixture
def visiting(server: Server) -> tuple[Person, dict[str, dict[str, Any]]]:
    """Somebody who made keys in an account of their own, as an admin elsewhere, and before a
    demotion; with another's key in each."""
    person, host, other = sign_up(server), sign_up(server, "host"), sign_up(server, "other")
    keys = {"own": make_key(person.client, name="Own")}
    for inviter, name in ((host, "hosted"), (other, "demoted")):
        joined = join(server, inviter, "admin", person.email)
        keys[name] = make_key(joined.client)
    keys["another's"] = make_key(host.client)
    demoted = next(
        one["id"]
        for one in other.client.get("/v1/members").json()["items"]
        if one["email"] == person.email
    )
    other.client.patch(f"/v1/members/{demoted}", json={"role": "viewer"})
    return person, keys


def test_after_a_reset_the_keys_of_all_accounts_go_on_and_are_told(
    server: Server, visitor: httpx.Client, visiting: tuple[Person, dict[str, dict[str, Any]]]
) -> None:
    person, keys = visiting
    answer = reset(visitor, link_of(server, visitor, person))
    theirs = {keys[one]["id"] for one in ("own", "hosted", "demoted")}
    assert told_of(answer) == (0, 3, theirs)
    own = next(one for one in answer.json()["keys"] if one["id"] == keys["own"]["id"])
    assert own == {
        "id": keys["own"]["id"],
        "name": "Own",
        "hint": keys["own"]["hint"],
        "last_used_at": None,
        "account_id": person.account_id,
        "account_name": person.tokens["account"]["name"],
    }
    assert all(works(server, one) for one in keys.values())
    assert not [one for one in keys.values() if one["key"] in answer.text]


def test_a_reset_revokes_them_where_the_person_may(
    server: Server, visitor: httpx.Client, visiting: tuple[Person, dict[str, dict[str, Any]]]
) -> None:
    person, keys = visiting
    answer = reset(visitor, link_of(server, visitor, person), revoke_keys=True)
    assert told_of(answer) == (2, 1, {keys["demoted"]["id"]})
    assert {name: works(server, one) for name, one in keys.items()} == {
        "own": False,
        "hosted": False,
        "demoted": True,
        "another's": True,
    }
    back = log_in(server, person.email, NEW, account_id=person.account_id)
    entries = back.client.get("/v1/audit-log").json()["items"]
    by = {one["action"]: (one["actor"]["name"], one["target"]["id"]) for one in entries}
    assert by["api_key.revoked"] == (person.email, keys["own"]["id"])


def test_after_a_change_the_keys_go_on_unless_they_are_to_be_revoked(
    server: Server, visiting: tuple[Person, dict[str, dict[str, Any]]]
) -> None:
    person, keys = visiting
    assert told_of(change(person))[:2] == (0, 3)
    assert all(works(server, one) for one in keys.values())
    again = change(person, current_password=NEW, new_password=PASSWORD, revoke_keys=True)
    assert told_of(again) == (2, 1, {keys["demoted"]["id"]})
    working = [name for name, one in keys.items() if works(server, one)]
    assert working == ["demoted", "another's"]
    assert person.client.get("/v1/me").status_code == 200


def test_whoever_has_made_no_keys_is_told_of_none(server: Server) -> None:
    host = sign_up(server)
    make_key(host.client)
    person = join(server, host, "viewer")
    assert told_of(change(person, revoke_keys=True)) == (0, 0, set())


def test_of_very_many_keys_some_are_listed_and_all_are_counted_and_revoked(
    server: Server, rows: Rows
) -> None:
    person = sign_up(server)
    rows(
        "insert into api_key (account_id, id, name, prefix, hint, key_hash, scopes, created_by,"
        "  created_by_id, expires_at)"
        " select %s::uuid, gen_random_uuid(), 'Many', 'ad_live_', '',"
        "  sha256(gen_random_uuid()::text::bytea), '{read}', '', %s::uuid,"
        # Every other key has ended: it neither works nor is it revoked.
        "  case when n %% 2 = 0 then now() end from generate_series(1, 204) n returning 1",
        person.account_id.removeprefix("acct_"),
        person.user_id.removeprefix("user_"),
    )
    revoked, working, listed = told_of(change(person))
    assert (revoked, working, len(listed)) == (0, 102, 100)
    again = change(person, current_password=NEW, new_password=PASSWORD, revoke_keys=True)
    assert told_of(again) == (102, 0, set())
