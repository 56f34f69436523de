"""Claiming an installation: what the first one with the owner's key is told, and what a second."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.accounts.people import PASSWORD, fresh_email
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.conftest import Server, serving


@pytest.fixture
def fresh() -> Iterator[Server]:
    """A server that nobody owns yet, which one joins by invitation."""
    with serving(ANSWERDESK_SIGNUP="invite") as running:
        yield running


async def open_with_key(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/app/welcome#owner_key={server.owner_key}")
    await expect(page.get_by_role("heading", name="Welcome", level=1)).to_be_visible()


async def test_the_first_claims_the_installation_and_a_second_is_told_that_it_has_an_owner(
    open_page: OpenPage, fresh: Server, take_screenshots: TakeScreenshots
) -> None:
    page, other = await open_page(), await open_page()
    await open_with_key(page, fresh)
    told = page.get_by_role("alert").filter(has_text="You are claiming this installation")
    await expect(told).to_contain_text("It sends no e-mail")
    await hold_to_the_rules(page, "welcome-claim", take_screenshots)
    await told.get_by_role("link", name="Create your log-in").click()
    await page.get_by_label("E-mail address").fill(fresh_email())
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect(page.get_by_role("heading", name="Welcome", level=1)).to_be_visible()
    await expect(page.get_by_label("Address of your website")).to_be_visible()
    await expect(page.get_by_text("claiming")).to_have_count(0)
    await open_with_key(other, fresh)
    second = other.get_by_role("alert").filter(has_text="has an owner already")
    await expect(second).to_contain_text("ask the owner for an invitation")
    await expect(other.get_by_role("link", name="Create your log-in")).to_have_count(0)
    await other.reload()
    await second.get_by_role("link", name="Log in").click()
    await expect(other.get_by_role("button", name="Log in")).to_be_visible()
