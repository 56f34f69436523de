"""Every page of the dashboard with the keyboard alone: what is reached, what opens, what closes."""

from collections.abc import Sequence
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.furnished import PLACES, Filled, left_alone
from tests.browser.dashboard.hostile import dialogs_of, looked_at
from tests.browser.dashboard.keyboard import lead_to, walked
from tests.browser.dashboard.opening import open_dashboard
from tests.browser.dashboard.pressing import Opened, Pressing
from tests.browser.shop import open_shop
from tests.conftest import Server

_LEAD_ON: Final = {
    *("/", "/knowledge", "/review", "/settings", "/settings/$part"),
    *("/p/$projectId", "/p/$projectId/settings"),
}
"""Addresses that lead to another page at once."""

_ACTS: Final[Sequence[tuple[str, Sequence[tuple[str, str]], str]]] = (
    ("/p/$projectId/settings/general", [("Name", "Harbour\n")], "Saved"),
    (
        "/p/$projectId/settings/websites",
        [("Add a website", "\n"), ("Address of the website", "shop.example.com\n")],
        "data-token",
    ),
    (
        "/p/$projectId/settings/agents",
        [("Add an agent", "\n"), ("Name", "Night shift\n")],
        "Night shift",
    ),
    ("/p/$projectId/playground", [("Question", "When does the shop open?\n")], "at nine"),
    ("/settings/keys", [("Make a key", "\n"), ("Name", "The till\n")], "The key is made"),
    (
        "/inbox?conversation=$conversationId",
        [("Reply to", "Good day!"), ("Send", "\n")],
        "Good day!",
    ),
)
"""A page, what is typed where, one after the other, and what the page says then."""

_IS_BACK: Final = """() => {
  const here = document.activeElement;
  return self.opener.isConnected && !self.opener.disabled && self.opener.checkVisibility()
    ? here === self.opener : here !== document.body;
}"""


async def test_no_page_is_forgotten(page: Page, server: Server, filled: Filled) -> None:
    await open_dashboard(page, server, filled.shop.boss, "/settings/profile")
    routes = await page.evaluate("Object.keys(self.__TSR_ROUTER__.routesByPath)")
    assert set(routes) - _LEAD_ON == {one.partition("?")[0] for one in PLACES}


@pytest.mark.parametrize("place", PLACES)
async def test_all_of_it_is_reached_opened_and_closed(
    page: Page, server: Server, filled: Filled, place: str
) -> None:
    ran = dialogs_of(page)
    address = filled.address(place)
    await open_dashboard(page, server, filled.shop.boss, address.replace("?", "%3F"))
    walk = await walked(page)
    wrong = walk["wrong"] + await looked_at(page)
    assert len(walk["stops"]) > 10
    pressing = Pressing(page)
    async for one in pressing.each(f"{server.url}/app{address}", left_alone(place)):
        wrong += [f"{one.by}: {each}" for each in await looked_at(page) + await _left(page, one)]
    assert wrong == ran == []


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


async def test_the_focus_stays_where_something_was_deleted(page: Page, server: Server) -> None:
    shop = open_shop(server)
    await open_dashboard(page, server, shop.boss, f"/p/{shop.desk.project_id}/knowledge/files")
    await page.get_by_role("button", name="Remove: Opening hours").press("Enter")
    await expect(page.get_by_role("button", name="Returns", exact=True)).to_be_focused()
    await page.get_by_role("button", name="Undo").press("Enter")
    await expect(page.get_by_role("button", name="Opening hours", exact=True)).to_be_visible()
    await expect(page.locator("#content :focus, #content:focus")).to_have_count(1)


async def test_the_focus_stays_in_a_dialog_where_something_was_deleted(
    page: Page, server: Server
) -> None:
    shop = open_shop(server)
    for name in ("hello", "thanks"):
        reply = {"shortcut": name, "title": name, "content": "Good day!"}
        shop.boss.client.post("/v1/canned-replies", json=reply).raise_for_status()
    await open_dashboard(page, server, shop.boss, f"/inbox%3Fconversation={shop.ask()}")
    await page.get_by_role("button", name="Canned replies").press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Delete").first.press("Enter")
    await expect(dialog.get_by_role("button", name="Delete")).to_have_count(1)
    await expect(dialog.get_by_role("button", name="Insert")).to_be_focused()


@pytest.mark.parametrize(("place", "acts", "said"), _ACTS)
async def test_what_a_page_is_for_is_done_by_tab_and_typing(
    page: Page, server: Server, place: str, acts: Sequence[tuple[str, str]], said: str
) -> None:
    shop = open_shop(server)
    ids = {"projectId": shop.desk.project_id}
    if "$conversationId" in place:
        ids["conversationId"] = shop.ask()
    address = Filled(shop, ids).address(place)
    await open_dashboard(page, server, shop.boss, address.replace("?", "%3F"))
    for control, typed in acts:
        await lead_to(page, control)
        await page.keyboard.type(typed)
    await expect(page.locator("body")).to_contain_text(said)
