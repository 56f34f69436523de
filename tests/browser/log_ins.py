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


async def expect_account(page: Page, name: str) -> None:
    """Wait for the dashboard of the person with this name; without a name, with this address."""
    await expect(page.get_by_title("Account", exact=True)).to_contain_text(name)


async def expect_log_in(page: Page) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    await expect(page.get_by_label("Password")).to_be_visible()


async def log_out(page: Page) -> None:
    """Log out by the menu of the dashboard."""
    await page.get_by_title("Account", exact=True).click()
    await page.get_by_role("menuitem", name="Log out").click()
    await expect_log_in(page)
