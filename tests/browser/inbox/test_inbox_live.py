"""The page is never silently out of date: restarts, several tabs, browsers without locks."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.inbox.opening import Shop, Visitor, open_conversation, open_inbox, open_shop
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
    shop = open_shop(restarting)
    visitor = visit(shop)
    await open_conversation(page, shop, shop.boss, visitor.conversation_id)
    before = await page.locator("#messages > li").count()
    restarting.stop()
    await expect(page.get_by_text("Connection lost, trying again.")).to_be_visible()
    restarting.start()
    visitor.write("Are you still there?")
    visit(shop)
    await expect(page.get_by_text("Connection lost, trying again.")).to_be_hidden()
    await expect(page.locator("#messages > li")).to_have_count(before + 2)
    await expect(page.locator("#messages .visitor").last).to_contain_text("still there?")
    await expect(page.locator("#rows > li")).to_have_count(2)
    await expect(page).to_have_title("(2) Inbox")


async def test_tabs_share_one_stream_and_another_takes_over(page: Page, server: Server) -> None:
    shop = open_shop(server)
    await open_inbox(page, shop, shop.boss)
    second = await page.context.new_page()
    streams: list[str] = []
    second.on("request", lambda one: streams.append(one.url) if "/stream" in one.url else None)
    await second.goto(f"{server.url}/inbox")
    await expect(second.get_by_text("Nobody waits.")).to_be_visible()
    visit(shop)
    await expect(second.locator("#rows > li")).to_have_count(1)
    await expect(page.locator("#rows > li")).to_have_count(1)
    assert streams == []
    await page.close()
    visit(shop)
    await expect(second.locator("#rows > li")).to_have_count(2)
    assert len(streams) == 1


async def test_a_browser_without_locks_polls(page: Page, server: Server) -> None:
    shop = open_shop(server)
    # As on a plain http address of another machine.
    await page.add_init_script("delete Navigator.prototype.locks")
    polls: list[str] = []
    page.on("request", lambda one: polls.append(one.url) if "/inbox/events" in one.url else None)
    await open_inbox(page, shop, shop.boss)
    visit(shop)
    await expect(page.locator("#rows > li")).to_have_count(1)
    await expect(page).to_have_title("(1) Inbox")
    assert polls


async def test_the_visitors_page_polls_when_there_is_no_stream(page: Page, server: Server) -> None:
    shop = open_shop(server)
    await page.clock.install()
    await page.route("**/v1/visitor/conversations/*/stream*", lambda route: route.abort())
    await page.goto(shop.ask_url)
    await page.get_by_label("Your question").fill("When does the shop open?")
    await page.get_by_label("Your question").press("Enter")
    await expect(page.locator(".answer .message-foot")).to_be_visible()
    (entry,) = shop.boss.client.get("/v1/inbox").json()["items"]
    path = f"/v1/conversations/{entry['id']}/messages"
    shop.boss.client.post(path, json={"content": "Ann here."}).raise_for_status()
    await page.clock.fast_forward("00:21")
    await expect(page.locator(".from-person")).to_contain_text("Ann here.")
