"""Who may sign up, whose account is claimed, and how often one may try; on servers of their own."""

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from pydantic import ValidationError

from answerdesk.accounts.plans import load_plans
from answerdesk.accounts.service import require_plan
from answerdesk.core.errors import InvalidInput
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.settings import Settings
from tests.accounts.people import PASSWORD, fresh_email, invite, logged_in, refused
from tests.conftest import Server, serving
from tests.waiting import PATIENCE

LIMITS = {
    "ANSWERDESK_LOG_IN_ATTEMPTS": "3",
    "ANSWERDESK_LOG_IN_ATTEMPTS_PER_ADDRESS": "8",
    "ANSWERDESK_SIGN_UPS_PER_ADDRESS": "5",
    "ANSWERDESK_TRUSTED_PROXIES": "127.0.0.1",
}


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A server that one joins by invitation, with low limits, behind a proxy."""
    with serving(ANSWERDESK_SIGNUP="invite", **LIMITS) as running:
        yield running


def post(server: Server, path: str, body: object, address: str) -> httpx.Response:
    headers = {"X-Forwarded-For": address}
    url = f"{server.url}/v1/auth/{path}"
    return httpx.post(url, json=body, headers=headers, timeout=PATIENCE)


def installation(server: Server) -> dict[str, Any]:
    """Return what everybody may know of an installation."""
    answer = httpx.get(f"{server.url}/v1/installation", timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    assert server.owner_key not in answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_without_an_invitation_only_the_owners_key_opens(strict: Server) -> None:
    body = {"email": fresh_email(), "password": PASSWORD}
    refused(post(strict, "signup", body, "192.0.2.1"), 403, "signup_invite_only")
    told = {"name": "Answerdesk", "signup": "invite", "mails": False, "plans": []}
    assert installation(strict) == {**installation(strict), **told, "claimed": False}
    claim = {**body, "owner_key": strict.owner_key, "account_name": "Harbour Bakery"}
    owner = logged_in(strict, post(strict, "signup", claim, "192.0.2.1"))
    assert owner.tokens["role"] == "owner"
    assert installation(strict)["claimed"] is True
    assert owner.tokens["account"]["name"] == "Harbour Bakery"
    with strict.client(owner=True) as key:
        assert key.get("/v1/me").json()["account"]["id"] == owner.account_id
    # Once more is a log-in for the same person, and too late for anybody else.
    assert post(strict, "signup", claim, "192.0.2.2").status_code == 201
    other = {**claim, "email": fresh_email()}
    refused(post(strict, "signup", other, "192.0.2.2"), 409, "account_claimed")
    email, token = invite(owner, "viewer")
    accepted = {"email": email, "password": PASSWORD, "invitation": token}
    assert post(strict, "signup", accepted, "192.0.2.3").json()["role"] == "viewer"


def test_strangers_cannot_lock_anybody_out(strict: Server) -> None:
    body = {"email": "victim@example.com", "password": "not the password"}
    for _ in range(3):
        refused(post(strict, "login", body, "198.51.100.1"), 401, "credentials_invalid")
    full = post(strict, "login", body, "198.51.100.1")
    refused(full, 429, "too_many_attempts")
    assert 1 <= int(full.headers["retry-after"]) <= 900
    # The same person from elsewhere, and another person from there, may still try.
    refused(post(strict, "login", body, "198.51.100.2"), 401, "credentials_invalid")
    other = {**body, "email": "other@example.com"}
    refused(post(strict, "login", other, "198.51.100.1"), 401, "credentials_invalid")
    for number in range(7):
        post(strict, "login", {**body, "email": f"{number}@example.com"}, "198.51.100.1")
    refused(post(strict, "login", other, "198.51.100.1"), 429, "too_many_attempts")


def test_an_ipv6_network_counts_as_one(strict: Server) -> None:
    body = {"email": "six@example.com", "password": "not the password"}
    for number in range(3):
        answer = post(strict, "login", body, f"2001:db8:1:2::{number}")
        refused(answer, 401, "credentials_invalid")
    refused(post(strict, "login", body, "2001:db8:1:2:ffff::1"), 429, "too_many_attempts")


def test_letters_and_sign_ups_are_limited_too(strict: Server) -> None:
    body = {"email": fresh_email(), "password": PASSWORD}
    for _ in range(5):
        refused(post(strict, "signup", body, "203.0.113.1"), 403, "signup_invite_only")
    refused(post(strict, "signup", body, "203.0.113.1"), 429, "too_many_attempts")
    asked = {"email": "asked@example.com"}
    statuses = [post(strict, "reset-request", asked, "203.0.113.2").status_code for _ in range(4)]
    assert statuses == [202, 202, 202, 429]
    for _ in range(8):
        tried = post(strict, "reset", {"token": "rst_x", "password": PASSWORD}, "203.0.113.3")
        refused(tried, 422, "reset_token_invalid")
    tried = post(strict, "reset", {"token": "rst_x", "password": PASSWORD}, "203.0.113.3")
    refused(tried, 429, "too_many_attempts")


def test_windows_name_nobody(strict: Server) -> None:
    body = {"email": "named@example.com", "password": "not the password"}
    post(strict, "login", body, "198.51.100.77")
    with EmbeddedPostgres.start(strict.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            names = [row[0] for row in connection.execute("select name from rate_window")]
    assert any(str(name).startswith("log-in:person:") for name in names)
    assert not any("named" in str(name) or "198.51" in str(name) for name in names)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"signup": "maybe"}, "signup"),
        ({"log_in_attempts": -1}, "log_in_attempts"),
        ({"smtp_url": "smtps://mail.example"}, "ANSWERDESK_PUBLIC_URL"),
        (
            {"smtp_url": "smtps://mail.example", "public_url": "https://desk.example"},
            "ANSWERDESK_MAIL_FROM",
        ),
    ],
)
def test_settings_that_do_not_hold_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(**given)


def test_a_plan_that_there_is_not_is_named() -> None:
    with pytest.raises(InvalidInput, match="gold"):
        require_plan(load_plans(None), "gold")
