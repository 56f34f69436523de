"""The cookie of a log-in: who may use and set it, what it holds, and that it opens nothing else."""

from typing import Any

import httpx
import pytest

from answerdesk.accounts.endpoints.dependencies import cookie_name
from answerdesk.core.tenancy import AccountId
from tests.accounts.browsers import DAYS_30, REFRESH, Browser, set_cookie
from tests.accounts.people import PASSWORD, Person, fresh_email, join, refused, sign_up
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": ""},
        {},
    ],
)
def test_another_sites_page_neither_uses_nor_sets_the_cookie(
    server: Server, ann: Person, browser: Browser, headers: dict[str, str]
) -> None:
    assert browser.cookie is not None
    cookie = {"Cookie": f"{browser.cookie.key}={browser.cookie.value}"}
    bearer = {"Authorization": f"Bearer {browser.access}"}
    log_in_body = {"email": ann.email, "password": PASSWORD, "cookie": True}
    calls: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        (REFRESH, {"cookie": True}, cookie),
        ("/v1/auth/login", log_in_body, {}),
        ("/v1/auth/logout", {"cookie": True}, bearer),
        ("/v1/auth/switch", {"account_id": ann.account_id, "cookie": True}, bearer),
        ("/v1/auth/accept-invitation", {"invitation": "x", "password": "x", "cookie": True}, {}),
        ("/v1/auth/signup", {"email": fresh_email(), "password": PASSWORD, "cookie": True}, {}),
    ]
    for path, body, more in calls:
        answer = httpx.post(server.url + path, json=body, headers=headers | more, timeout=PATIENCE)
        refused(answer, 403, "foreign_page")
        assert "set-cookie" not in answer.headers
    assert browser.me().status_code == 200


def test_a_form_of_another_site_is_no_body_of_ours(server: Server, browser: Browser) -> None:
    """A form needs no preflight; what it can send is not read as JSON, whoever sent it."""
    assert browser.cookie is not None
    cookie = f"{browser.cookie.key}={browser.cookie.value}"
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = httpx.post(
            server.url + REFRESH,
            content=b'{"cookie": true}',
            headers=browser.page_headers() | {"Content-Type": content_type, "Cookie": cookie},
        )
        refused(answer, 422, "invalid_input")


def test_a_refresh_names_the_token_or_the_cookie(browser: Browser) -> None:
    assert browser.cookie is not None
    for body in (
        {},
        {"cookie": False},
        {"cookie": True, "refresh_token": browser.cookie.value},
        {"cookie": True, "everywhere": True},
    ):
        refused(browser.post(REFRESH, body), 422, "invalid_input")
    for body in ({}, {"cookie": True, "refresh_token": browser.cookie.value}):
        refused(browser.post("/v1/auth/logout", body), 422, "invalid_input")


def test_without_a_cookie_nobody_is_logged_in(server: Server, browser: Browser) -> None:
    refused(Browser(server).refresh(), 401, "nobody_logged_in")
    assert browser.cookie is not None
    browser.cookie.set(browser.cookie.key, "nonsense", "nonsense")
    refused(browser.refresh(), 401, "refresh_token_invalid")


def test_nothing_else_is_opened_by_the_cookie(server: Server, browser: Browser) -> None:
    """Nor by an access token that stands where no header of ours is. See `tests/isolation`, too."""
    assert browser.cookie is not None
    for value in (browser.cookie.value, browser.access):
        cookie = f"{browser.cookie.key}={value}; authorization=Bearer {browser.access}"
        headers = browser.page_headers() | {"Cookie": cookie}
        answer = httpx.get(f"{server.url}/v1/me", headers=headers)
        refused(answer, 401, "not_authenticated")


def test_the_refresh_token_is_in_the_cookie_and_nowhere_else(
    server: Server, ann: Person, rows: Rows
) -> None:
    browser = Browser(server)
    answer = browser.begin("login", email=ann.email, password=PASSWORD)
    told = answer.json()
    assert told["refresh_token"] is None
    cookie = browser.cookie
    assert cookie is not None
    assert cookie.value not in answer.text
    assert (cookie["path"], cookie["samesite"], cookie["max-age"], cookie["domain"]) == (
        *(REFRESH, "strict"),
        *(str(DAYS_30), ""),
    )
    assert cookie["httponly"]
    assert not cookie["secure"]
    ((first,),) = rows("select account_id from account order by created_at limit 1")
    assert cookie.key == cookie_name(AccountId(first), secure=False)
    assert answer.headers["cache-control"] == "no-store"
    assert browser.me().json()["user"]["email"] == ann.email


def test_a_program_gets_its_refresh_token_and_no_cookie(server: Server, ann: Person) -> None:
    body = {"email": ann.email, "password": PASSWORD}
    answer = httpx.post(f"{server.url}/v1/auth/login", json=body, timeout=PATIENCE)
    assert "set-cookie" not in answer.headers
    again = {"refresh_token": answer.json()["refresh_token"]}
    refreshed = httpx.post(server.url + REFRESH, json=again, timeout=PATIENCE)
    assert "set-cookie" not in refreshed.headers
    assert refreshed.json()["refresh_token"] not in (None, again["refresh_token"])


def test_on_plain_http_the_origin_tells_whose_page_it_is(server: Server, browser: Browser) -> None:
    """A browser sends `Sec-Fetch-Site` to trustworthy addresses only."""
    assert browser.cookie is not None
    for origin, host in (
        (server.url, f"127.0.0.1:{server.port}"),
        ("http://desk.lan", "desk.lan"),
        ("https://Desk.LAN", "desk.lan:443"),  # TLS ends before us.
    ):
        headers = {
            "Origin": origin,
            "Host": host,
            "Cookie": f"{browser.cookie.key}={browser.cookie.value}",
        }
        answer = httpx.post(server.url + REFRESH, json={"cookie": True}, headers=headers)
        assert answer.status_code == 200, answer.text


def test_everyone_who_gets_in_can_have_the_cookie(server: Server, ann: Person) -> None:
    browser = Browser(server)
    signed_up = browser.begin("signup", email=fresh_email("bea"), password=PASSWORD)
    assert signed_up.status_code == 201
    first = browser.cookie
    made = ann.client.post("/v1/invitations", json={"email": fresh_email(), "role": "viewer"})
    token = made.json()["link"].partition("#invitation=")[2]
    browser.begin("accept-invitation", invitation=token, password=PASSWORD)
    assert browser.cookie is not None
    assert browser.cookie.value != (first and first.value)
    assert browser.me().json()["role"] == "viewer"


def test_one_switches_to_another_account_by_the_cookie(server: Server, ann: Person) -> None:
    other = sign_up(server, "boss")
    join(server, other, "agent", ann.email)
    browser = Browser(server)
    browser.begin("login", email=ann.email, password=PASSWORD)
    bearer = f"Bearer {browser.access}"
    body = {"account_id": other.account_id, "cookie": True}
    switched = browser.post("/v1/auth/switch", body, Authorization=bearer)
    assert switched.json()["account"]["id"] == other.account_id
    assert browser.refresh().json()["account"]["id"] == other.account_id


def test_behind_tls_the_cookie_is_sent_by_tls_only(server: Server) -> None:
    set_by_operator = Server(server.data_dir, ANSWERDESK_PUBLIC_URL="https://desk.example")
    told_by_proxy = Server(server.data_dir, ANSWERDESK_TRUSTED_PROXIES="127.0.0.1")
    email = sign_up(server).email
    proto = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    for running, headers in ((set_by_operator, {}), (told_by_proxy, proto)):
        running.start()
        try:
            browser = Browser(running)
            body = {"email": email, "password": PASSWORD, "cookie": True}
            # As pages of that address send it; the proxy has changed the host.
            page = {"Origin": "https://desk.example", **headers}
            answer = browser.post("/v1/auth/login", body, **page)
            cookie = set_cookie(answer)
            assert cookie is not None
            assert cookie["secure"]
            assert cookie.key.startswith("__Secure-answerdesk_")
            assert browser.post(REFRESH, {"cookie": True}, **page).status_code == 200
        finally:
            running.stop()


def test_behind_a_proxy_that_hides_the_host_the_public_address_is_ours(server: Server) -> None:
    running = Server(server.data_dir, ANSWERDESK_PUBLIC_URL="https://desk.example/").start()
    try:
        ann = sign_up(running)
        body = {"email": ann.email, "password": PASSWORD, "cookie": True}
        for origin, status in (("https://desk.example", 200), ("https://evil.example", 403)):
            headers = {"Origin": origin}
            url = f"{running.url}/v1/auth/login"
            assert (
                httpx.post(url, json=body, headers=headers, timeout=PATIENCE).status_code == status
            )
    finally:
        running.stop()
