"""Forgotten and changed passwords: what a link opens, and which log-ins end."""

import httpx

from tests.accounts.people import (
    PASSWORD,
    fresh_email,
    log_in,
    mailed_link,
    refused,
    sign_up,
)
from tests.conftest import Rows, Server

NEW = "another harbour"


def reset(visitor: httpx.Client, token: str, password: str = NEW) -> httpx.Response:
    return visitor.post("/v1/auth/reset", json={"token": token, "password": password})


def ask_for_link(server: Server, visitor: httpx.Client, email: str) -> str:
    answer = visitor.post("/v1/auth/reset-request", json={"email": email})
    assert answer.status_code == 202, answer.text
    return mailed_link(server, email, "token")


def test_what_is_no_token_opens_nothing(visitor: httpx.Client) -> None:
    for wrong in ("x", "rst_", "rst_" + "A" * 43, "é"):
        refused(reset(visitor, wrong), 422, "reset_token_invalid")


def test_an_unknown_address_is_answered_alike_and_gets_nothing(
    server: Server, visitor: httpx.Client
) -> None:
    known, unknown = sign_up(server).email, fresh_email("nobody")
    answers = [
        visitor.post("/v1/auth/reset-request", json={"email": one}) for one in (unknown, known)
    ]
    assert [one.status_code for one in answers] == [202, 202]
    assert (
        answers[0].json()
        == answers[1].json()
        == {
            "mailed": False,
            "message": "This installation can't send mail yet; ask its operator for a link to "
            "set a new password.",
        }
    )
    # Jobs of one account run in their order: the second letter is out, so the first was dealt with.
    mailed_link(server, known, "token")
    letters = (server.data_dir / "letters.txt").read_text(encoding="utf-8")
    assert unknown not in letters + server.log()
    assert str(server.data_dir) not in answers[0].text


def test_a_link_sets_a_password_once_and_ends_every_log_in(
    server: Server, visitor: httpx.Client, rows: Rows
) -> None:
    person = sign_up(server)
    token = ask_for_link(server, visitor, person.email)
    refused(reset(visitor, token, "short"), 422, "password_too_short")
    assert person.client.get("/v1/me").status_code == 200
    assert reset(visitor, token).status_code == 200
    refused(reset(visitor, token), 422, "reset_token_invalid")
    refused(person.client.get("/v1/me"), 401, "session_ended")
    body = {"refresh_token": person.tokens["refresh_token"]}
    refused(visitor.post("/v1/auth/refresh", json=body), 401, "refresh_token_invalid")
    old = {"email": person.email, "password": PASSWORD}
    refused(visitor.post("/v1/auth/login", json=old), 401, "credentials_invalid")
    back = log_in(server, person.email, NEW)
    actions = [one["action"] for one in back.client.get("/v1/audit-log").json()["items"]]
    assert "password.reset" in actions
    assert token not in str(rows("select r::text from password_reset r"))


def test_a_link_is_good_for_half_an_hour(server: Server, visitor: httpx.Client, rows: Rows) -> None:
    person = sign_up(server)
    token = ask_for_link(server, visitor, person.email)
    kept = rows(
        "select extract(epoch from r.expires_at - r.created_at)::int from password_reset r"
        " join app_user u on u.id = r.user_id where u.email = %s",
        person.email,
    )
    assert kept == [(1800,)]
    rows(
        "update password_reset r set expires_at = now() from app_user u"
        " where u.id = r.user_id and u.email = %s returning r.id",
        person.email,
    )
    refused(reset(visitor, token), 422, "reset_token_invalid")


def test_a_changed_password_ends_the_other_log_ins(server: Server, visitor: httpx.Client) -> None:
    person = sign_up(server)
    other = log_in(server, person.email)
    wrong = {"current_password": NEW, "new_password": NEW}
    refused(person.client.post("/v1/auth/password", json=wrong), 422, "password_wrong")
    weak = {"current_password": PASSWORD, "new_password": "short"}
    refused(person.client.post("/v1/auth/password", json=weak), 422, "password_too_short")
    assert other.client.get("/v1/me").status_code == 200
    right = {"current_password": PASSWORD, "new_password": NEW}
    assert person.client.post("/v1/auth/password", json=right).status_code == 200
    assert person.client.get("/v1/me").status_code == 200
    refused(other.client.get("/v1/me"), 401, "session_ended")
    body = {"refresh_token": other.tokens["refresh_token"]}
    refused(visitor.post("/v1/auth/refresh", json=body), 401, "refresh_token_invalid")
    assert log_in(server, person.email, NEW).email == person.email
