"""What ends a log-in that a browser keeps, and how long it lasts else."""

import httpx
import pytest

from tests.accounts.browsers import DAYS_30, REFRESH, Browser, age, set_cookie
from tests.accounts.people import PASSWORD, Person, join, log_in, refused, sign_up
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE

_HIS = "account_id in (select account_id from membership where user_id = %s)"


def test_logging_out_ends_the_log_in_in_all_tabs_and_clears_the_cookie(
    server: Server, ann: Person, browser: Browser
) -> None:
    tab = Browser(server)
    tab.cookie = browser.cookie
    assert tab.refresh().status_code == 200
    elsewhere = log_in(server, ann.email)
    answer = browser.log_out()
    assert answer.status_code == 204
    cleared = set_cookie(answer)
    assert cleared is not None
    assert (cleared.value, cleared["max-age"], cleared["path"]) == ("", "0", REFRESH)
    refused(tab.me(), 401, "session_ended")
    refused(tab.refresh(), 401, "refresh_token_invalid")
    refused(browser.refresh(), 401, "nobody_logged_in")
    assert elsewhere.client.get("/v1/me").status_code == 200
    refused(browser.log_out(), 401, "session_ended")
    actions = [one["action"] for one in elsewhere.client.get("/v1/audit-log").json()["items"]]
    assert "session.ended" in actions


def test_logging_out_everywhere_ends_all_log_ins_to_all_accounts(
    server: Server, ann: Person, browser: Browser, visitor: httpx.Client
) -> None:
    boss = sign_up(server, "boss")
    there = join(server, boss, "agent", ann.email)
    key = ann.client.post("/v1/api-keys", json={"name": "k", "scopes": ["read"]}).json()["key"]
    assert browser.log_out(everywhere=True).status_code == 204
    for one in (ann, there):
        refused(one.client.get("/v1/me"), 401, "session_ended")
        body = {"refresh_token": one.tokens["refresh_token"]}
        refused(visitor.post(REFRESH, json=body), 401, "refresh_token_invalid")
    refused(browser.refresh(), 401, "nobody_logged_in")
    assert boss.client.get("/v1/me").status_code == 200
    # What programs have goes on, and so does who logs in anew.
    held = httpx.get(f"{server.url}/v1/projects", headers={"Authorization": f"Bearer {key}"})
    assert held.status_code == 200
    back = log_in(server, ann.email)
    actions = [one["action"] for one in back.client.get("/v1/audit-log").json()["items"]]
    assert "session.ended_everywhere" in actions


def test_a_program_logs_out_everywhere_by_its_access_token(server: Server, ann: Person) -> None:
    other = log_in(server, ann.email)
    answer = ann.client.post("/v1/auth/logout", json={"everywhere": True})
    assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)
    refused(other.client.get("/v1/me"), 401, "session_ended")


def test_no_key_logs_anybody_out(owner: httpx.Client, server: Server) -> None:
    body = {"everywhere": True}
    refused(owner.post("/v1/auth/logout", json=body), 403, "person_needed")
    url = f"{server.url}/v1/auth/logout"
    refused(httpx.post(url, json=body, timeout=PATIENCE), 401, "not_authenticated")


def test_a_new_password_ends_the_cookies_of_other_browsers(
    server: Server, ann: Person, browser: Browser
) -> None:
    other = Browser(server)
    other.begin("login", email=ann.email, password=PASSWORD)
    body = {"current_password": PASSWORD, "new_password": "another quiet harbour"}
    bearer = f"Bearer {browser.access}"
    changed = browser.post("/v1/auth/password", body, Authorization=bearer)
    assert changed.is_success, changed.text
    refused(other.refresh(), 401, "refresh_token_invalid")
    assert browser.refresh().status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ("update app_user set disabled_at = now() where id = %s", 401, "refresh_token_invalid"),
        ("delete from app_user where id = %s", 401, "refresh_token_invalid"),
        ("delete from membership where user_id = %s", 401, "refresh_token_invalid"),
        (f"update account set suspended_at = now() where {_HIS}", 403, "account_suspended"),
        (f"delete from account where {_HIS}", 401, "refresh_token_invalid"),
        (
            "update login_session set expires_at = now() where user_id = %s",
            401,
            "refresh_token_invalid",
        ),
    ],
)
def test_the_cookie_of_whoever_is_gone_opens_nothing(
    ann: Person, browser: Browser, rows: Rows, change: str, status: int, code: str
) -> None:
    rows(f"{change} returning 1", ann.tokens["user"]["id"].removeprefix("user_"))
    refused(browser.refresh(), status, code)


def test_a_cookie_that_is_used_lasts_and_one_that_is_not_ends_after_30_days(
    browser: Browser, rows: Rows
) -> None:
    assert browser.cookie is not None
    session_id = browser.cookie.value.split("_")[1]
    rows(
        "update login_session set expires_at = now() + interval '1 hour' where id = %s returning 1",
        session_id,
    )
    age(rows, browser, 601)
    assert browser.refresh().status_code == 200
    ((left,),) = rows(
        "select extract(epoch from expires_at - now())::int from login_session where id = %s",
        session_id,
    )
    assert DAYS_30 - 60 < left <= DAYS_30
