"""Invitations: whom they let in, once, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.accounts.people import (
    PASSWORD,
    Person,
    fresh_email,
    invite,
    join,
    log_in,
    logged_in,
    mailed_link,
    refused,
    sign_up,
)
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def ann(server: Server) -> Person:
    return sign_up(server)


def accept(visitor: httpx.Client, token: str, password: str = PASSWORD) -> httpx.Response:
    body = {"invitation": token, "password": password}
    return visitor.post("/v1/auth/accept-invitation", json=body)


def test_what_is_no_invitation_is_not_found(visitor: httpx.Client, ann: Person) -> None:
    _, token = invite(ann, "viewer")
    first = token[-10]
    changed = f"{token[:-10]}{'A' if first != 'A' else 'B'}{token[-9:]}"
    unknown = f"inv_{uuid4().hex}_{token.split('_', 2)[2]}"
    bare = "_".join(token.split("_")[:2])
    for wrong in (changed, unknown, bare, f"{bare}_", "inv_", "x", "inv_é_é"):
        refused(accept(visitor, wrong), 404, "invitation_not_found")
        looked = visitor.post("/v1/auth/invitation", json={"invitation": wrong})
        refused(looked, 404, "invitation_not_found")


def test_an_invitation_is_for_its_address(visitor: httpx.Client, ann: Person) -> None:
    _, token = invite(ann, "viewer")
    body = {"email": fresh_email("eve"), "password": PASSWORD, "invitation": token}
    refused(visitor.post("/v1/auth/signup", json=body), 403, "invitation_for_another")


def test_an_invitation_ends_after_its_days(visitor: httpx.Client, ann: Person, rows: Rows) -> None:
    email, token = invite(ann, "viewer")
    rows(
        "update invitation set expires_at = now() - interval '1 second' where email = %s"
        " returning id",
        email,
    )
    refused(accept(visitor, token), 404, "invitation_not_found")
    assert email not in str(ann.client.get("/v1/invitations").json())


def test_an_invitation_can_be_withdrawn(server: Server, visitor: httpx.Client, ann: Person) -> None:
    _, token = invite(ann, "viewer")
    path = "/v1/invitations/" + "_".join(token.split("_")[:2])
    stranger = sign_up(server, "stranger")
    refused(stranger.client.delete(path), 404, "invitation_not_found")
    refused(stranger.client.get(path), 404, "invitation_not_found")
    assert ann.client.get(path).status_code == 200
    assert ann.client.delete(path).status_code == 204
    refused(ann.client.delete(path), 404, "invitation_not_found")
    refused(accept(visitor, token), 404, "invitation_not_found")


def test_a_second_invitation_ends_the_first(visitor: httpx.Client, ann: Person) -> None:
    email, first = invite(ann, "admin")
    _, second = invite(ann, "viewer", email)
    refused(accept(visitor, first), 404, "invitation_not_found")
    assert accept(visitor, second).json()["role"] == "viewer"


def test_an_invitation_is_accepted_once(server: Server, ann: Person) -> None:
    _, token = invite(ann, "viewer")
    body = {"invitation": token, "password": PASSWORD}
    url = f"{server.url}/v1/auth/accept-invitation"
    with ThreadPoolExecutor(3) as threads:
        answers = list(
            threads.map(lambda _: httpx.post(url, json=body, timeout=PATIENCE), range(3))
        )
    assert [one.status_code for one in answers].count(201) == 1
    assert {one.status_code for one in answers} <= {201, 404, 409}


def test_an_invitation_brings_nobody_back(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    _, token = invite(ann, "viewer")
    joined = logged_in(server, accept(visitor, token))
    items = ann.client.get("/v1/members").json()["items"]
    (member_id,) = [one["id"] for one in items if one["email"] == joined.email]
    assert ann.client.delete(f"/v1/members/{member_id}").status_code == 204
    refused(accept(visitor, token), 404, "invitation_not_found")


def test_a_members_address_is_not_invited_again(server: Server, ann: Person) -> None:
    member = join(server, ann, "viewer")
    body = {"email": member.email.upper(), "role": "admin"}
    refused(ann.client.post("/v1/invitations", json=body), 409, "already_member")


def test_who_has_a_log_in_needs_its_password(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    person = sign_up(server, "bob")
    _, token = invite(ann, "agent", person.email)
    refused(accept(visitor, token, "another password"), 401, "credentials_invalid")
    joined = logged_in(server, accept(visitor, token))
    assert joined.account_id == ann.account_id
    assert len(joined.client.get("/v1/me").json()["accounts"]) == 2


def test_an_invitation_to_a_suspended_account_lets_nobody_in(
    server: Server, visitor: httpx.Client, rows: Rows
) -> None:
    owner = sign_up(server)
    email, token = invite(owner, "viewer")
    rows(
        "update account set suspended_at = now() where account_id = %s returning account_id",
        owner.account_id.removeprefix("acct_"),
    )
    refused(accept(visitor, token), 403, "account_suspended")
    assert rows("select 1 from app_user where email = %s", email) == []


def test_the_letter_brings_the_link_that_the_inviter_sees(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    email, token = invite(ann, "viewer")
    assert mailed_link(server, email, "invitation") == token
    seen = visitor.post("/v1/auth/invitation", json={"invitation": token}).json()
    assert (seen["email"], seen["role"], seen["account_name"]) == (
        email,
        "viewer",
        ann.tokens["account"]["name"],
    )


@pytest.fixture
def spellings() -> tuple[str, str]:
    """One person's address, as two people type it."""
    address = fresh_email("Dora.Ex")
    return address, address.lower()


def test_a_second_invitation_in_another_spelling_ends_the_first(
    visitor: httpx.Client, ann: Person, spellings: tuple[str, str]
) -> None:
    typed, lower = spellings
    _, first = invite(ann, "admin", typed)
    _, other = invite(ann, "viewer")
    _, second = invite(ann, "viewer", f" {lower.upper()} ")
    refused(accept(visitor, first), 404, "invitation_not_found")
    listed = [one["email"].lower() for one in ann.client.get("/v1/invitations").json()["items"]]
    assert listed.count(lower) == 1
    assert accept(visitor, second).json()["role"] == "viewer"
    # Somebody else's stays.
    assert accept(visitor, other).status_code == 201


def test_invitations_in_two_spellings_at_once_leave_one(
    server: Server, ann: Person, spellings: tuple[str, str]
) -> None:
    url, headers = f"{server.url}/v1/invitations", dict(ann.client.headers)

    def invited(email: str) -> int:
        body = {"email": email, "role": "viewer"}
        return httpx.post(url, json=body, headers=headers, timeout=PATIENCE).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(invited, spellings * 4)) == [201] * 8
    listed = [one["email"].lower() for one in ann.client.get("/v1/invitations").json()["items"]]
    assert listed.count(spellings[1]) == 1


def _stored_in(rows: Rows, email: str, spelling: str) -> None:
    """Store the spelling that an earlier version kept beside another one."""
    stored = rows("update invitation set email = %s where email = %s returning id", spelling, email)
    assert len(stored) == 1


def test_an_earlier_versions_two_spellings_bring_nobody_back(
    server: Server, visitor: httpx.Client, ann: Person, rows: Rows, spellings: tuple[str, str]
) -> None:
    typed, lower = spellings
    stranger, first = invite(ann, "viewer")
    _, second = invite(ann, "viewer", lower)
    _stored_in(rows, stranger, typed)
    joined = logged_in(server, accept(visitor, first))
    items = ann.client.get("/v1/members").json()["items"]
    (member_id,) = [one["id"] for one in items if one["email"] == joined.email]
    assert ann.client.delete(f"/v1/members/{member_id}").status_code == 204
    refused(accept(visitor, second), 404, "invitation_not_found")


def test_an_earlier_versions_two_spellings_end_with_a_new_invitation(
    visitor: httpx.Client, ann: Person, rows: Rows, spellings: tuple[str, str]
) -> None:
    typed, lower = spellings
    stranger, first = invite(ann, "admin")
    _, second = invite(ann, "admin", lower)
    _stored_in(rows, stranger, typed)
    _, third = invite(ann, "viewer", lower)
    for earlier in (first, second):
        refused(accept(visitor, earlier), 404, "invitation_not_found")
    assert accept(visitor, third).json()["role"] == "viewer"


def test_two_spellings_are_one_person_everywhere(
    server: Server, visitor: httpx.Client, ann: Person, spellings: tuple[str, str]
) -> None:
    typed, lower = spellings
    _, token = invite(ann, "viewer", typed)
    body = {"invitation": token, "password": PASSWORD, "email": lower}
    joined = logged_in(server, visitor.post("/v1/auth/signup", json=body))
    again = {"email": lower, "role": "admin"}
    refused(ann.client.post("/v1/invitations", json=again), 409, "already_member")
    taken = {"email": lower, "password": PASSWORD}
    refused(visitor.post("/v1/auth/signup", json=taken), 409, "email_in_use")
    members = [one["email"] for one in ann.client.get("/v1/members").json()["items"]]
    assert [one for one in members if one.lower() == lower] == [joined.email]
    for spelling in (lower, lower.upper()):
        assert log_in(server, spelling).user_id == joined.user_id
    forgotten = visitor.post("/v1/auth/reset-request", json={"email": lower})
    assert forgotten.status_code == 202, forgotten.text
    # The letter goes to the address as it was first given.
    reset = {"token": mailed_link(server, typed, "token"), "password": "another quiet harbour"}
    done = visitor.post("/v1/auth/reset", json=reset)
    assert done.is_success, done.text
    assert log_in(server, lower, "another quiet harbour").user_id == joined.user_id
