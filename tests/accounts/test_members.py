"""Members: nobody rises by their own hand, the last owner stays, and who is removed is out."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.accounts.people import Person, fresh_email, join, log_in, refused, sign_up
from tests.conftest import Server


@pytest.fixture(scope="module")
def owner_of(server: Server) -> Person:
    return sign_up(server, "owner")


@pytest.fixture(scope="module")
def admin(server: Server, owner_of: Person) -> Person:
    return join(server, owner_of, "admin")


@pytest.fixture(scope="module")
def viewer(server: Server, owner_of: Person) -> Person:
    return join(server, owner_of, "viewer")


def member_id(sees: Person, of: Person) -> str:
    items = sees.client.get("/v1/members").json()["items"]
    (found,) = [one["id"] for one in items if one["email"] == of.email]
    return str(found)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/members", None),
        ("GET", "/v1/members/{id}", None),
        ("PATCH", "/v1/members/{id}", {"role": "owner"}),
        ("DELETE", "/v1/members/{id}", None),
        ("DELETE", "/v1/members/member_0", None),
        ("GET", "/v1/invitations", None),
        ("POST", "/v1/invitations", {"email": "eve@example.com", "role": "admin"}),
        ("GET", "/v1/account", None),
        ("PATCH", "/v1/account", {"name": "Mine"}),
    ],
)
def test_a_viewer_sees_and_changes_nobody(
    owner_of: Person, viewer: Person, method: str, path: str, body: object
) -> None:
    path = path.format(id=member_id(owner_of, owner_of))
    refused(viewer.client.request(method, path, json=body), 403, "scope_missing")


def test_another_accounts_member_is_as_unknown_as_nobody(server: Server, owner_of: Person) -> None:
    stranger = sign_up(server, "stranger")
    for method, body in (("GET", None), ("PATCH", {"role": "viewer"}), ("DELETE", None)):
        answers = [
            refused(
                owner_of.client.request(method, f"/v1/members/{one}", json=body),
                404,
                "member_not_found",
            )
            for one in (stranger.member_id, f"member_{uuid4().hex}", "member_x")
        ]
        assert answers[0] == answers[1] == answers[2]
    assert stranger.client.get("/v1/me").json()["role"] == "owner"


def test_only_an_owner_makes_or_removes_owners(owner_of: Person, admin: Person) -> None:
    mine, theirs = member_id(admin, admin), member_id(admin, owner_of)
    for path, role in ((mine, "owner"), (theirs, "viewer")):
        answer = admin.client.patch(f"/v1/members/{path}", json={"role": role})
        refused(answer, 403, "owner_needed")
    refused(admin.client.delete(f"/v1/members/{theirs}"), 403, "owner_needed")
    body = {"email": fresh_email("eve"), "role": "owner"}
    refused(admin.client.post("/v1/invitations", json=body), 403, "owner_needed")


def test_the_last_owner_stays(owner_of: Person, admin: Person) -> None:
    mine = f"/v1/members/{member_id(owner_of, owner_of)}"
    refused(owner_of.client.patch(mine, json={"role": "admin"}), 409, "last_owner")
    refused(owner_of.client.delete(mine), 409, "last_owner")


def test_of_two_owners_who_demote_each_other_one_stays(server: Server) -> None:
    first = sign_up(server, "first")
    second = join(server, first, "owner")
    pairs = [(first, member_id(first, second)), (second, member_id(first, first))]

    def demote(pair: tuple[Person, str]) -> httpx.Response:
        person, target = pair
        return person.client.patch(f"/v1/members/{target}", json={"role": "admin"})

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(demote, pairs))
    assert sorted(one.status_code for one in answers) in ([200, 403], [200, 409])
    roles = [one["role"] for one in first.client.get("/v1/members").json()["items"]]
    assert sorted(roles) == ["admin", "owner"]


def test_a_new_role_holds_at_once(server: Server, owner_of: Person) -> None:
    person = join(server, owner_of, "admin")
    path = f"/v1/members/{member_id(owner_of, person)}"
    assert owner_of.client.patch(path, json={"role": "viewer"}).json()["role"] == "viewer"
    refused(person.client.get("/v1/members"), 403, "scope_missing")


def test_who_is_removed_is_out_at_once(
    server: Server, visitor: httpx.Client, owner_of: Person
) -> None:
    person = join(server, owner_of, "agent")
    assert person.client.get("/v1/projects").status_code == 200
    path = f"/v1/members/{member_id(owner_of, person)}"
    assert owner_of.client.delete(path).status_code == 204
    refused(person.client.get("/v1/projects"), 401, "session_ended")
    body = {"refresh_token": person.tokens["refresh_token"]}
    refused(visitor.post("/v1/auth/refresh", json=body), 401, "refresh_token_invalid")
    log_in_again = {"email": person.email, "password": "a quiet harbour"}
    refused(visitor.post("/v1/auth/login", json=log_in_again), 403, "no_account")
    refused(owner_of.client.delete(path), 404, "member_not_found")
    # Invited again, the log-ins of before stay ended.
    back = join(server, owner_of, "viewer", person.email)
    assert back.client.get("/v1/me").json()["role"] == "viewer"
    refused(person.client.get("/v1/projects"), 401, "session_ended")


def test_anybody_may_leave(server: Server, owner_of: Person) -> None:
    person = join(server, owner_of, "viewer")
    mine = member_id(owner_of, person)
    assert person.client.delete(f"/v1/members/{mine}").status_code == 204
    refused(person.client.get("/v1/me"), 401, "session_ended")
    actions = [
        (one["action"], one["actor"]["name"])
        for one in owner_of.client.get("/v1/audit-log").json()["items"]
    ]
    assert ("member.left", person.email) in actions
    assert ("member.joined", person.email) in actions


def test_one_person_moves_between_accounts(server: Server, owner_of: Person) -> None:
    person = sign_up(server, "both")
    joined = join(server, owner_of, "agent", person.email)
    assert joined.account_id == owner_of.account_id
    first = log_in(server, person.email)
    assert first.account_id == person.account_id
    named = log_in(server, person.email, account_id=owner_of.account_id)
    assert (named.account_id, named.tokens["role"]) == (owner_of.account_id, "agent")
    switched = named.client.post("/v1/auth/switch", json={"account_id": person.account_id})
    assert switched.json()["account"]["id"] == person.account_id
    stranger = sign_up(server, "stranger")
    for unknown in (stranger.account_id, f"acct_{uuid4().hex}", "x"):
        body = {"account_id": unknown}
        refused(named.client.post("/v1/auth/switch", json=body), 404, "account_not_found")


def test_members_are_listed_in_pages(server: Server) -> None:
    first = sign_up(server, "paged")
    people = [first, *(join(server, first, "viewer") for _ in range(2))]
    seen: list[str] = []
    query: dict[str, str] = {"limit": "1"}
    while True:
        page = first.client.get("/v1/members", params=query).json()
        seen += [one["email"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == [one.email for one in people]
    cursor = {"cursor": "x"}
    refused(first.client.get("/v1/members", params=cursor), 422, "cursor_invalid")
