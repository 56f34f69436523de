"""The forms of accounts, in a real browser against a real server."""

import secrets

from playwright.async_api import Page, expect

from tests.browser.accessibility import problems
from tests.browser.log_ins import expect_account
from tests.browser.pages import PHONE, OpenPage
from tests.conftest import Server

PASSWORD = "a sentence that nobody says"


def _address() -> str:
    return f"anna-{secrets.token_hex(4)}@example.com"


async def _sign_up(page: Page, server: Server, email: str) -> None:
    await page.goto(f"{server.url}/signup")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Name of the company").fill("Anna's shop")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect_account(page, "Anna's shop")


async def test_a_password_that_is_too_common_is_refused_with_a_reason(
    page: Page, server: Server
) -> None:
    await page.goto(f"{server.url}/signup")
    await expect(page.get_by_text("15 or more are recommended")).to_be_visible()
    await page.get_by_label("E-mail address").fill(_address())
    await page.get_by_label("Password").fill("passwordpassword")
    await page.get_by_role("button", name="Create the account").click()
    await expect(page.get_by_role("alert")).to_contain_text("too common")
    assert page.url.endswith("/signup")


async def test_the_wrong_password_is_refused_and_tells_nothing_of_the_address(
    page: Page, server: Server
) -> None:
    await page.goto(f"{server.url}/login")
    told = []
    for email in (_address(), _address()):
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_label("Password").fill("not the password at all")
        await page.get_by_role("button", name="Log in").click()
        told.append(await page.get_by_role("alert").inner_text())
    assert told[0] == told[1] != ""


async def test_the_old_address_of_the_account_leads_to_the_log_in(
    page: Page, server: Server
) -> None:
    await page.goto(f"{server.url}/account")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


async def test_who_forgot_the_password_is_told_that_no_mail_leaves_and_nothing_else(
    page: Page, server: Server
) -> None:
    known = _address()
    await _sign_up(page, server, known)
    told = []
    for email in (known, _address()):
        await page.goto(f"{server.url}/forgotten")
        await expect(page.locator(".lead")).to_contain_text("can't send mail yet")
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_role("button", name="Ask for the link").click()
        await expect(page.get_by_role("status")).to_contain_text("ask its operator")
        told.append(await page.get_by_role("main").inner_text())
    assert told[0] == told[1]
    assert str(server.data_dir) not in told[0]


async def test_everything_can_be_read_hit_and_named(open_page: OpenPage, server: Server) -> None:
    page = await open_page(viewport=PHONE)
    for path in ("/login", "/forgotten", "/reset", "/confirm-email", "/invitation", "/signup"):
        await page.goto(server.url + path)
        assert await problems(page) == [], path
