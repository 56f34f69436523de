"""A person's own e-mail address: who may change it, to what, and what the links open."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.accounts.keys import holder, make_key, works
from tests.accounts.people import (
    PASSWORD,
    Person,
    fresh_email,
    invite,
    join,
    log_in,
    mailed_link,
    refused,
    sign_up,
)
from tests.conftest import Rows, Server, serving
from tests.waiting import PATIENCE, attempts

CHANGE = "/v1/me/email-change"


def ask(person: Person, email: str, password: str = PASSWORD) -> httpx.Response:
    return person.client.post(CHANGE, json={"email": email, "current_password": password})


def asked(server: Server, person: Person, email: str) -> str:
    """Have a person ask for an address; return the token that is mailed there."""
    answer = ask(person, email)
    assert answer.status_code == 202, answer.text
    return mailed_link(server, email, "token")


def confirm(visitor: httpx.Client, token: str) -> httpx.Response:
    return visitor.post("/v1/auth/confirm-email", json={"token": token})


def email_of(person: Person) -> str:
    email: str = person.client.get("/v1/me").json()["user"]["email"]
    return email


def pending(person: Person) -> dict[str, Any] | None:
    found: dict[str, Any] | None = person.client.get("/v1/me").json()["email_change"]
    return found


def letters_to(server: Server, email: str, subject: str) -> str:
    """Wait for a letter; return all letters to an address."""
    path = server.data_dir / "letters.txt"
    for _ in attempts(PATIENCE):
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        mine = [one for one in text.split("\n--- ") if f"To:      {email}\n" in one]
        if any(subject in one for one in mine):
            return "\n".join(mine)
    raise AssertionError(f"no letter to {email} about “{subject}” within {PATIENCE:g} s")


def actions(person: Person) -> list[tuple[str, dict[str, Any]]]:
    entries = person.client.get("/v1/audit-log").json()["items"]
    return [(one["action"], one["detail"]) for one in entries if "email_chang" in one["action"]]


@pytest.mark.parametrize(
    "body",
    [
        {"email": "nobody", "current_password": PASSWORD},
        {"email": "a@b@c", "current_password": PASSWORD},
        {"email": "new@example.com"},
        {"email": "new@example.com", "current_password": ""},
        {"email": "new@example.com", "current_password": PASSWORD, "user_id": "user_1"},
    ],
)
def test_what_is_no_request_is_refused(ann: Person, body: dict[str, Any]) -> None:
    refused(ann.client.post(CHANGE, json=body), 422, "invalid_input")
    assert (email_of(ann), pending(ann)) == (ann.email, None)


def test_a_key_has_no_address_to_change(server: Server, ann: Person) -> None:
    body = {"email": fresh_email(), "current_password": PASSWORD}
    calls: tuple[Callable[[httpx.Client], httpx.Response], ...] = (
        lambda client: client.post(CHANGE, json=body),
        lambda client: client.post(f"{CHANGE}/letter"),
        lambda client: client.delete(CHANGE),
    )
    with (
        server.client() as nobody,
        server.client(owner=True) as owner,
        holder(server, make_key(ann.client)["key"]) as program,
    ):
        for call in calls:
            assert call(nobody).status_code == 401
            refused(call(owner), 403, "person_needed")
            refused(call(program), 403, "person_needed")


def test_the_password_is_needed_and_says_nothing_of_other_addresses(
    server: Server, ann: Person
) -> None:
    known = sign_up(server).email
    for email in (known, fresh_email(), ann.email):
        refused(ask(ann, email, "not the password"), 422, "password_wrong")
    assert (pending(ann), actions(ann)) == (None, [])


def test_ones_own_address_is_no_new_one_however_it_is_typed(ann: Person) -> None:
    for same in (ann.email, ann.email.upper(), f" {ann.email} "):
        refused(ask(ann, same), 422, "email_unchanged")
    assert pending(ann) is None


def test_an_address_in_use_is_refused_as_when_signing_up(server: Server, ann: Person) -> None:
    other = sign_up(server).email
    for spelling in (other, other.upper()):
        refused(ask(ann, spelling), 409, "email_in_use")
    assert (pending(ann), actions(ann)) == (None, [])


def test_what_is_no_token_opens_nothing(visitor: httpx.Client) -> None:
    for wrong in ("x", "emc_", "emc_" + "A" * 43, "é"):
        refused(confirm(visitor, wrong), 422, "email_token_invalid")
    refused(visitor.post("/v1/auth/confirm-email", json={}), 422, "invalid_input")


def test_a_link_is_good_for_an_hour(
    server: Server, visitor: httpx.Client, ann: Person, rows: Rows
) -> None:
    token = asked(server, ann, fresh_email("new"))
    of_ann = "c.user_id = (select id from app_user where email = %s)"
    seconds = "extract(epoch from c.expires_at - c.created_at)::int"
    [(lasts,)] = rows(f"select {seconds} from email_change c where {of_ann}", ann.email)
    assert abs(lasts - 3600) <= 1
    assert token not in str(rows("select c::text from email_change c"))
    past = "now() - interval '2 days'"
    rows(f"update email_change c set expires_at = {past} where {of_ann} returning 1", ann.email)
    assert pending(ann) is None
    refused(confirm(visitor, token), 422, "email_token_invalid")
    refused(ann.client.post(f"{CHANGE}/letter"), 404, "email_change_not_found")
    refused(ann.client.delete(CHANGE), 404, "email_change_not_found")
    # Somebody who has let it pass asks again.
    assert email_of(ann) == ann.email
    again = fresh_email("again")
    assert confirm(visitor, asked(server, ann, again)).status_code == 200
    rows(f"update email_change c set expires_at = {past} where {of_ann} returning 1", again)
    rows("select forget_email_changes(10000)")
    assert rows(f"select 1 from email_change c where {of_ann}", again) == []


def test_the_link_changes_the_address_once_and_nothing_else(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    elsewhere = log_in(server, ann.email)
    colleague = join(server, ann, "admin")
    key = make_key(ann.client, name="Till")
    _, invitation = invite(ann, "viewer")
    new = fresh_email("New.Ann")
    made = ask(ann, new)
    assert made.status_code == 202, made.text
    assert made.json()["mailed"] is False
    assert made.json()["message"] == (
        "This installation can't send mail yet; ask its operator for the link."
    )
    token = mailed_link(server, new, "token")
    told = letters_to(server, ann.email, "about to change")
    assert new in told
    assert "/forgotten" in told
    assert token not in told
    # A mail scanner opens the page; the old address still logs in.
    assert visitor.get("/confirm-email").status_code == 200
    shown = pending(ann)
    assert shown is not None
    assert shown["email"] == new
    assert (email_of(ann), log_in(server, ann.email).email) == (ann.email, ann.email)

    done = confirm(visitor, token)
    assert done.json() == {"email": new, "message": f"From now on you log in with {new}."}
    refused(confirm(visitor, token), 422, "email_token_invalid")
    assert (email_of(ann), email_of(elsewhere), pending(ann)) == (new, new, None)
    assert log_in(server, new.upper()).user_id == ann.user_id
    body = {"email": ann.email, "password": PASSWORD}
    refused(visitor.post("/v1/auth/login", json=body), 401, "credentials_invalid")
    assert works(server, key)
    assert visitor.post("/v1/auth/invitation", json={"invitation": invitation}).is_success
    members = {one["email"] for one in colleague.client.get("/v1/members").json()["items"]}
    assert members == {new, colleague.email}
    assert new in letters_to(server, ann.email, "has changed")
    detail = {"from": ann.email, "to": new}
    assert actions(colleague) == [
        ("user.email_changed", detail),
        ("user.email_change_asked", detail),
    ]
    # The old address is free.
    assert sign_up(server, email=ann.email).user_id != ann.user_id


def test_every_account_of_the_person_records_it(server: Server, visitor: httpx.Client) -> None:
    boss, ann = sign_up(server, "boss"), sign_up(server)
    join(server, boss, "agent", ann.email)
    confirm(visitor, asked(server, ann, fresh_email("new"))).raise_for_status()
    assert [action for action, _ in actions(boss)] == ["user.email_changed"]


def test_a_new_request_ends_the_one_before_and_the_link_can_be_sent_again(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    first, second = fresh_email("first"), fresh_email("second")
    dead = asked(server, ann, first)
    token = asked(server, ann, second)
    refused(confirm(visitor, dead), 422, "email_token_invalid")
    for _ in range(3):
        assert ann.client.post(f"{CHANGE}/letter").status_code == 202
    # Nobody can fill a stranger's mailbox.
    refused(ann.client.post(f"{CHANGE}/letter"), 429, "too_many_attempts")
    refused(ask(ann, fresh_email()), 429, "too_many_attempts")
    assert mailed_link(server, second, "token") == token
    assert confirm(visitor, token).json()["email"] == second


def test_a_cancelled_change_is_over(server: Server, visitor: httpx.Client, ann: Person) -> None:
    refused(ann.client.delete(CHANGE), 404, "email_change_not_found")
    refused(ann.client.post(f"{CHANGE}/letter"), 404, "email_change_not_found")
    token = asked(server, ann, fresh_email("new"))
    # Whoever else is logged in cancels only their own.
    stranger = sign_up(server)
    refused(stranger.client.delete(CHANGE), 404, "email_change_not_found")
    assert ann.client.delete(CHANGE).status_code == 204
    refused(confirm(visitor, token), 422, "email_token_invalid")
    assert (email_of(ann), pending(ann)) == (ann.email, None)
    assert actions(ann)[0][0] == "user.email_change_cancelled"


def test_a_new_password_ends_what_somebody_else_may_have_asked_for(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    token = asked(server, ann, fresh_email("thief"))
    visitor.post("/v1/auth/reset-request", json={"email": ann.email})
    body = {"token": mailed_link(server, ann.email, "token"), "password": "another harbour"}
    assert visitor.post("/v1/auth/reset", json=body).status_code == 200
    refused(confirm(visitor, token), 422, "email_token_invalid")
    again = log_in(server, ann.email, "another harbour")
    answer = ask(again, fresh_email("thief"), "another harbour")
    assert answer.status_code == 202
    changed = {"current_password": "another harbour", "new_password": PASSWORD}
    assert again.client.post("/v1/auth/password", json=changed).status_code == 200
    assert pending(again) is None


def test_links_to_the_old_address_set_no_password_any_more(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    visitor.post("/v1/auth/reset-request", json={"email": ann.email})
    reset = mailed_link(server, ann.email, "token")
    confirm(visitor, asked(server, ann, fresh_email("new"))).raise_for_status()
    body = {"token": reset, "password": "another harbour"}
    refused(visitor.post("/v1/auth/reset", json=body), 422, "reset_token_invalid")


def test_who_was_removed_meanwhile_confirms_nothing(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    agent = join(server, ann, "agent")
    token = asked(server, agent, fresh_email("new"))
    members = ann.client.get("/v1/members").json()["items"]
    [member_id] = [one["id"] for one in members if one["email"] == agent.email]
    assert ann.client.delete(f"/v1/members/{member_id}").status_code == 204
    refused(confirm(visitor, token), 422, "email_token_invalid")


def test_an_address_that_was_taken_meanwhile_stays_with_who_has_it(
    server: Server, visitor: httpx.Client, ann: Person
) -> None:
    new = fresh_email("new")
    token = asked(server, ann, new)
    first = sign_up(server, email=new.upper())
    told = refused(confirm(visitor, token), 409, "email_in_use")
    assert "Another log-in already has this address" in told["detail"]
    assert email_of(ann) == ann.email
    assert log_in(server, new).user_id == first.user_id
    assert "user.email_changed" not in {action for action, _ in actions(ann)}


def test_of_two_at_once_one_gets_the_address(server: Server) -> None:
    new = fresh_email("new")
    people = [sign_up(server), sign_up(server)]
    tokens = [asked(server, people[0], new)]
    assert ask(people[1], new).status_code == 202
    for _ in attempts(PATIENCE):
        token = mailed_link(server, new, "token")
        if token not in tokens:
            tokens.append(token)
            break
    with server.client() as one, server.client() as two, ThreadPoolExecutor() as pool:
        answers = list(pool.map(confirm, (one, two), tokens))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        winner = people[[answer.status_code for answer in answers].index(200)]
        assert sorted(email_of(one) == new for one in people) == [False, True]
        assert log_in(server, new).user_id == winner.user_id


def test_a_link_that_is_opened_twice_at_once_changes_once(server: Server, ann: Person) -> None:
    token = asked(server, ann, fresh_email("new"))
    with server.client() as one, server.client() as two, ThreadPoolExecutor() as pool:
        answers = list(pool.map(confirm, (one, two), (token, token)))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert [action for action, _ in actions(ann)].count("user.email_changed") == 1


@pytest.fixture(scope="module")
def by_invitation() -> Iterator[Server]:
    """A server on which signing up tells nobody of addresses, and passwords are tried thrice."""
    with serving(ANSWERDESK_SIGNUP="invite", ANSWERDESK_LOG_IN_ATTEMPTS="3") as running:
        yield running


def _claimed(server: Server) -> Person:
    owner = sign_up(server, "owner", owner_key=server.owner_key)
    return join(server, owner, "agent")


def test_where_signing_up_tells_nothing_the_address_in_use_is_told_by_mail_only(
    by_invitation: Server,
) -> None:
    server = by_invitation
    ann = _claimed(server)
    with server.client(owner=True) as owner:
        taken = owner.get("/v1/members").json()["items"][0]["email"]
    answers = [ask(ann, taken), ask(ann, fresh_email("free"))]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].json().keys() == answers[1].json().keys()
    letters = letters_to(server, taken, "already has a log-in")
    assert "#token=" not in letters
    # The third password in a quarter of an hour, and the fourth, which is not looked at.
    refused(ask(ann, fresh_email(), "wrong"), 422, "password_wrong")
    refused(ask(ann, fresh_email()), 429, "too_many_attempts")
