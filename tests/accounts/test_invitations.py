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
    logged_in,
    mailed_link,
    refused,
    sign_up,
)
from tests.conftest import Rows, Server


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
        answers = list(threads.map(lambda _: httpx.post(url, json=body, timeout=30), range(3)))
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
