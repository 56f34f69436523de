"""Every page of the dashboard with the keyboard alone: what is reached, what opens, what closes."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.furnished import PLACES, Filled, fill, left_alone
from tests.browser.dashboard.keyboard import walked
from tests.browser.dashboard.opening import open_dashboard
from tests.browser.dashboard.pressing import Opened, Pressing
from tests.conftest import Server
from tests.webhooks.receiver import receiving
from tests.websites import Website

_LEAD_ON: Final = {
    *("/", "/knowledge", "/review", "/settings", "/settings/$part"),
    *("/p/$projectId", "/p/$projectId/settings"),
}
"""Addresses that lead to another page at once."""

_IS_BACK: Final = """() => {
  const here = document.activeElement;
  return self.opener.isConnected && !self.opener.disabled && self.opener.checkVisibility()
    ? here === self.opener : here !== document.body;
}"""


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[Filled]:
    with Website() as site, receiving() as receiver:
        yield fill(server, site, receiver)


async def test_no_page_is_forgotten(page: Page, server: Server, filled: Filled) -> None:
    await open_dashboard(page, server, filled.shop.boss, "/settings/profile")
    routes = await page.evaluate("Object.keys(self.__TSR_ROUTER__.routesByPath)")
    assert set(routes) - _LEAD_ON == {one.partition("?")[0] for one in PLACES}


@pytest.mark.parametrize("place", PLACES)
async def test_all_of_it_is_reached_opened_and_closed(
    page: Page, server: Server, filled: Filled, place: str
) -> None:
    address = filled.address(place)
    await open_dashboard(page, server, filled.shop.boss, address.replace("?", "%3F"))
    walk = await walked(page)
    assert walk["wrong"] == []
    assert len(walk["stops"]) > 10
    pressing = Pressing(page)
    wrong: list[str] = []
    async for one in pressing.each(f"{server.url}/app{address}", left_alone(place)):
        wrong += [f"{one.by}: {each}" for each in await _left(page, one)]
    assert wrong == []


async def _left(page: Page, one: Opened) -> list[str]:
    """Walk through a dialog and leave what is open by Escape; return what was wrong."""
    wrong: list[str] = []
    if one.kind == "dialog":
        await expect(page.get_by_role("menu")).to_have_count(0)
        # Dialogs lead the focus to their first field a moment after they have opened.
        await page.wait_for_function("() => document.activeElement?.closest('[role=\"dialog\"]')")
        wrong = (await walked(page))["wrong"]
    if one.kind != "news":
        await page.keyboard.press("Escape")
        role = page.get_by_role("dialog").or_(page.get_by_role("menu"))
        await expect(role.or_(page.get_by_role("listbox"))).to_have_count(0)
        await page.wait_for_function(_IS_BACK)
    # What was pressed may have gone, or have led into a panel of the page.
    await page.wait_for_function("() => document.activeElement !== document.body")
    return wrong


async def test_the_focus_stays_where_something_was_deleted(
    page: Page, server: Server, filled: Filled
) -> None:
    place = filled.address("/p/$projectId/knowledge/files")
    await open_dashboard(page, server, filled.shop.boss, place)
    await page.get_by_role("button", name="Remove: Opening hours").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Returns", exact=True)).to_be_focused()
    await page.get_by_role("button", name="Undo").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Opening hours", exact=True)).to_be_visible()
    await expect(page.locator("#content :focus, #content:focus")).to_have_count(1)
