"""The inbox is never silently out of date: restarts, many tabs, browsers without locks."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.inboxes import items, open_conversation, open_inbox, rows
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server, serving


@pytest.fixture
def restarting() -> Iterator[Server]:
    """A server of a test's own, which it stops and starts."""
    with serving() as running:
        yield running


def visit(shop: Shop) -> Visitor:
    visitor = Visitor(shop.server, shop.desk)
    visitor.write("Where is my parcel?")
    visitor.escalate()
    return visitor


async def test_after_a_restart_of_the_server_everything_comes_once(
    page: Page, restarting: Server
) -> None:
    """Stories 1, 2 and 3: neither list, messages nor numbers are stale after a break."""
    shop = open_shop(restarting)
    visitor = visit(shop)
    await open_conversation(page, shop, shop.boss, visitor.conversation_id)
    before = await items(page).count()
    restarting.stop()
    await expect(page.get_by_text("Connection lost, trying again.")).to_be_visible()
    restarting.start()
    visitor.write("Are you still there?")
    visit(shop)
    await expect(page.get_by_text("Connection lost, trying again.")).to_have_count(0)
    await expect(items(page)).to_have_count(before + 2)
    await expect(items(page, "visitor").last).to_contain_text("still there?")
    await expect(rows(page)).to_have_count(2)
    await expect(page).to_have_title("(2) Inbox · Answerdesk")


async def test_ten_tabs_share_one_stream_and_another_takes_over(page: Page, server: Server) -> None:
    """Story 13: however many tabs are open, the server has one reader."""
    shop = open_shop(server)
    await open_inbox(page, shop, shop.boss)
    streams: list[str] = []
    tabs = [await page.context.new_page() for _ in range(9)]
    for tab in tabs:
        tab.on("request", lambda one: streams.append(one.url) if "/stream" in one.url else None)
        await tab.goto(f"{server.url}/app/inbox")
        await expect(tab.get_by_text("Nobody waits.")).to_be_visible()
    visit(shop)
    for tab in (page, tabs[0], tabs[-1]):
        await expect(rows(tab)).to_have_count(1)
    assert streams == []
    await page.close()
    visit(shop)
    await expect(rows(tabs[0])).to_have_count(2)
    await expect(rows(tabs[-1])).to_have_count(2)
    assert len(streams) == 1


async def test_a_browser_without_locks_polls(page: Page, server: Server) -> None:
    shop = open_shop(server)
    # As on a plain http address of another machine.
    await page.add_init_script("delete Navigator.prototype.locks")
    polls: list[str] = []
    page.on("request", lambda one: polls.append(one.url) if "/inbox/events" in one.url else None)
    await open_inbox(page, shop, shop.boss)
    visit(shop)
    await expect(rows(page)).to_have_count(1)
    await expect(page).to_have_title("(1) Inbox · Answerdesk")
    assert polls
