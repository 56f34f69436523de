"""The API keys of a member who is removed: told before, and revoked in the same step or not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.accounts.keys import make_key, works
from tests.accounts.people import Person, join, refused, sign_up
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE, attempts


@pytest.fixture(scope="module")
def owner_of(server: Server) -> Person:
    return sign_up(server, "owner")


@pytest.fixture
def other_session(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else's transaction, as the tables' owner."""
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            yield connection


def path_of(sees: Person, member: Person) -> str:
    items = sees.client.get("/v1/members").json()["items"]
    (found,) = [one["id"] for one in items if one["email"] == member.email]
    return f"/v1/members/{found}"


def test_who_may_revoke_no_keys_leaves_without_revoking_any(
    server: Server, owner_of: Person
) -> None:
    person = join(server, owner_of, "admin")
    key, path = make_key(person.client), path_of(owner_of, person)
    owner_of.client.patch(path, json={"role": "viewer"})
    refused(person.client.delete(path, params={"revoke_keys": True}), 403, "scope_missing")
    assert person.client.get("/v1/me").status_code == 200
    assert works(server, key)
    assert person.client.delete(path).status_code == 204
    assert works(server, key)


def test_a_removal_that_is_refused_revokes_nothing(server: Server, owner_of: Person) -> None:
    key = make_key(owner_of.client)
    admin, path = join(server, owner_of, "admin"), path_of(owner_of, owner_of)
    refused(admin.client.delete(path, params={"revoke_keys": True}), 403, "owner_needed")
    refused(owner_of.client.delete(path, params={"revoke_keys": True}), 409, "last_owner")
    refused(owner_of.client.delete(path, params={"revoke_keys": "perhaps"}), 422, "invalid_input")
    foreign = path_of(stranger := sign_up(server), stranger)
    refused(owner_of.client.delete(foreign, params={"revoke_keys": True}), 404, "member_not_found")
    assert works(server, key)


@pytest.mark.parametrize("wrong", ["", "x", "user_", "key_" + "0" * 32, "user_" + "g" * 32])
def test_what_is_no_persons_id_is_told(owner_of: Person, wrong: str) -> None:
    answer = owner_of.client.get("/v1/api-keys", params={"created_by_id": wrong})
    assert "created_by_id" in refused(answer, 422, "invalid_input")["detail"]


def test_keys_are_listed_by_their_maker_without_their_secrets(
    server: Server, owner_of: Person
) -> None:
    person = join(server, owner_of, "admin")
    key, gone = make_key(person.client, name="Shop"), make_key(person.client)
    make_key(owner_of.client)
    owner_of.client.delete(f"/v1/api-keys/{gone['id']}")
    theirs = {"created_by_id": person.user_id}
    both = owner_of.client.get("/v1/api-keys", params=theirs).json()["items"]
    assert [one["id"] for one in both] == [gone["id"], key["id"]]
    listed = owner_of.client.get("/v1/api-keys", params={**theirs, "working": True})
    (told,) = listed.json()["items"]
    assert (told["name"], told["hint"], told["last_used_at"]) == ("Shop", key["hint"], None)
    assert (told["created_by"], told["created_by_id"]) == (person.email, person.user_id)
    assert key["key"] not in listed.text
    # Nobody sees another account's, nor learns who is there.
    for unknown in (sign_up(server).user_id, f"user_{uuid4().hex}"):
        answer = owner_of.client.get("/v1/api-keys", params={"created_by_id": unknown})
        assert answer.json()["items"] == []
    foreign = sign_up(server).client.get("/v1/api-keys", params=theirs)
    assert foreign.json()["items"] == []


def test_a_cursor_is_for_the_same_maker_only(owner_of: Person) -> None:
    for _ in range(2):
        make_key(owner_of.client)
    query = {"created_by_id": owner_of.user_id, "limit": "1"}
    cursor = owner_of.client.get("/v1/api-keys", params=query).json()["next_cursor"]
    assert owner_of.client.get("/v1/api-keys", params={**query, "cursor": cursor}).is_success
    answer = owner_of.client.get("/v1/api-keys", params={"limit": "1", "cursor": cursor})
    refused(answer, 422, "cursor_invalid")


def test_without_the_wish_the_keys_go_on(server: Server, owner_of: Person) -> None:
    person = join(server, owner_of, "admin")
    key = make_key(person.client)
    assert owner_of.client.delete(path_of(owner_of, person)).status_code == 204
    assert works(server, key)
    left = owner_of.client.get("/v1/api-keys", params={"created_by_id": person.user_id})
    assert [one["id"] for one in left.json()["items"]] == [key["id"]]


def test_with_the_wish_the_members_keys_here_are_revoked_and_no_others(
    server: Server, owner_of: Person
) -> None:
    person = sign_up(server, "both")
    elsewhere = make_key(person.client)
    joined = join(server, owner_of, "admin", person.email)
    keys = [make_key(joined.client) for _ in range(2)]
    owners = make_key(owner_of.client)
    path = path_of(owner_of, person)
    assert owner_of.client.delete(path, params={"revoke_keys": True}).status_code == 204
    assert [works(server, one) for one in keys] == [False, False]
    assert works(server, elsewhere)
    assert works(server, owners)
    query = {"action": "api_key.revoked"}
    entries = owner_of.client.get("/v1/audit-log", params=query).json()["items"]
    told = {one["target"]["id"]: one for one in entries}
    assert {one["id"] for one in keys} <= told.keys()
    assert told[keys[0]["id"]]["actor"]["name"] == owner_of.email
    assert told[keys[0]["id"]]["detail"] == {"name": keys[0]["name"], "hint": keys[0]["hint"]}


def test_who_may_revoke_keys_leaves_and_revokes_the_own(server: Server, owner_of: Person) -> None:
    person = join(server, owner_of, "admin")
    key = make_key(person.client)
    leaving = person.client.delete(path_of(person, person), params={"revoke_keys": True})
    assert leaving.status_code == 204
    assert not works(server, key)


def test_a_key_that_is_made_while_its_maker_is_removed_is_not_made(
    server: Server, owner_of: Person, other_session: psycopg.Connection[Any], rows: Rows
) -> None:
    person = join(server, owner_of, "admin")
    who = UUID(person.user_id.removeprefix("user_"))
    body = {"name": "Late", "scopes": ["read"]}
    with ThreadPoolExecutor(1) as thread:
        with other_session.transaction():
            other_session.execute("delete from membership where user_id = %s", (who,))
            making = thread.submit(person.client.post, "/v1/api-keys", json=body)
            _until_one_waits(rows)
        refused(making.result(), 401, "session_ended")
    assert rows("select 1 from api_key where created_by_id = %s", who) == []


def test_a_removal_waits_for_a_key_that_is_being_made_and_revokes_it(
    server: Server, owner_of: Person, other_session: psycopg.Connection[Any], rows: Rows
) -> None:
    person = join(server, owner_of, "admin")
    who = UUID(person.user_id.removeprefix("user_"))
    key, path = make_key(person.client), path_of(owner_of, person)
    key_id = UUID(key["id"].removeprefix("key_"))
    rows("update api_key set created_by_id = null where id = %s returning 1", key_id)

    def remove() -> httpx.Response:
        return owner_of.client.delete(path, params={"revoke_keys": True})

    with ThreadPoolExecutor(1) as thread:
        with other_session.transaction():
            other_session.execute(
                "select 1 from membership where user_id = %s for key share", (who,)
            )
            removal = thread.submit(remove)
            _until_one_waits(rows)
            other_session.execute(
                "update api_key set created_by_id = %s where id = %s", (who, key_id)
            )
        assert removal.result().status_code == 204
    assert rows("select revoked_at is not null from api_key where id = %s", key_id) == [(True,)]


def _until_one_waits(rows: Rows) -> None:
    waiting = (
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'membership'"
    )
    for _ in attempts(PATIENCE):
        if rows(waiting):
            return
    raise AssertionError("nobody waits for the membership")
