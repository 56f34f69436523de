"""Logging in in a browser, and what shows who is."""

from playwright.async_api import Page, expect

from tests.accounts.people import PASSWORD
from tests.conftest import Server


async def log_in(page: Page, server: Server, email: str, password: str = PASSWORD) -> None:
    await page.goto(f"{server.url}/login")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Log in").click()
    await expect_account(page, email)


async def expect_account(page: Page, email: str) -> None:
    await expect(page.locator("#account-who")).to_contain_text(email)
    await expect(page.locator("#account")).to_have_attribute("aria-busy", "false")


async def expect_log_in(page: Page) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    await expect(page.get_by_label("Password")).to_be_visible()
