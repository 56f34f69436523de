"""Where pages of log-ins lead whoever is logged in, and where nobody is led."""

import secrets
from typing import Final
from urllib.parse import urlencode

import pytest
from playwright.async_api import Page, expect

from tests.accounts.people import PASSWORD, sign_up
from tests.browser.log_ins import expect_account, expect_log_in, log_in
from tests.conftest import Desk, Rows, Server

_ELSEWHERE: Final = (
    *("//evil.example/", "/\\evil.example", "javascript:alert(1)", "https://evil.example/"),
    *("/\t/evil.example", "/.//evil.example/", "http:\\\\evil.example"),
    *("account", "/login", "/signup?next=/", ""),
)
"""Where a link may not lead. One function of the page decides, whoever comes."""


@pytest.mark.parametrize("path", ["/login", "/signup", "/reset"])
async def test_whoever_is_logged_in_is_sent_on(page: Page, server: Server, path: str) -> None:
    email = sign_up(server).email
    await log_in(page, server, email)
    await page.goto(server.url + path)
    await expect_account(page, email)
    await page.goto(
        f"{server.url}{path}?{urlencode({'next': '/app/settings/profile?project=x#/items'})}"
    )
    await page.wait_for_url(f"{server.url}/app/settings/profile?project=x#/items")


async def test_whoever_is_logged_in_is_sent_to_no_other_site(page: Page, server: Server) -> None:
    email = sign_up(server).email
    await log_in(page, server, email)
    for next_ in _ELSEWHERE:
        await page.goto(f"{server.url}/login?{urlencode({'next': next_})}")
        await page.wait_for_url(f"{server.url}/app/**", wait_until="commit")
        await expect_account(page, email)


@pytest.mark.parametrize("next_", _ELSEWHERE[:3])
async def test_whoever_logs_in_is_sent_to_no_other_site(
    page: Page, server: Server, next_: str
) -> None:
    email = sign_up(server).email
    await page.goto(f"{server.url}/login?{urlencode({'next': next_})}")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect_account(page, email)
    await page.wait_for_url(f"{server.url}/app/**")


async def test_a_log_in_that_has_ended_shows_the_form_and_no_error(
    page: Page, server: Server, desk: Desk, rows: Rows
) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    email = sign_up(server).email
    await log_in(page, server, email)
    # The dashboard would leave for the log-in by itself, perhaps while a page is opened here.
    await page.goto("about:blank")
    rows(
        "update login_session s set expires_at = now() from app_user u"
        " where u.id = s.user_id and u.email = %s returning 1",
        email,
    )
    for path in ("/login", "/app"):
        await page.goto(server.url + path)
        await expect_log_in(page)
        await expect(page.get_by_role("alert")).to_be_hidden()
    await page.goto(f"{server.url}/?project={desk.project_id}")
    await expect(page.get_by_role("link", name="Log in")).to_be_visible()
    await log_in(page, server, email)


async def test_a_link_is_followed_by_whoever_is_logged_in_too(page: Page, server: Server) -> None:
    email = sign_up(server).email
    await log_in(page, server, email)
    for path, heading in (
        ("/reset#token=rst_x", "Set a new password"),
        ("/signup#owner_key=x", "Create an account"),
        ("/invitation#invitation=x", "Accept an invitation"),
        ("/forgotten", "Forgotten password"),
    ):
        await page.goto("about:blank")
        await page.goto(server.url + path)
        await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        await expect(page.locator("form button")).to_be_visible()


async def test_the_way_back_goes_along_to_signing_up(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/app/settings/profile?project=proj_1#/items")
    await expect_log_in(page)
    await page.get_by_role("link", name="Create an account").click()
    await page.get_by_label("E-mail address").fill(f"new-{secrets.token_hex(4)}@example.com")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await page.wait_for_url(f"{server.url}/app/settings/profile?project=proj_1#/items")
