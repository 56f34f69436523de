"""A suggested reply in the inbox: a draft with its sources, and nothing typed is lost."""

import asyncio
import re

from playwright.async_api import Locator, Page, Route, expect

from tests.browser.asking import HOURS, RETURNS
from tests.browser.dashboard.inboxes import field, items, open_inbox, row, thread
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server

OPENING = "When does the shop open?"
REFUND = "When are returned goods refunded?"
UNKNOWABLE = "Do you paint bicycles in gold?"


def taken(shop: Shop, *questions: str, first: str = "Hello!") -> Visitor:
    """Return a visitor who wrote these questions since the boss has the conversation."""
    visitor = Visitor(shop.server, shop.desk)
    visitor.write(first)
    claim = f"/v1/conversations/{visitor.conversation_id}/claim"
    shop.boss.client.post(claim).raise_for_status()
    for question in questions:
        visitor.write(question)
    return visitor


async def show(page: Page, shop: Shop, conversation: str) -> None:
    """Open a conversation, with all open ones beside it."""
    await open_inbox(page, shop, shop.boss, f"view=open&conversation={conversation}")
    await expect(items(page).first).to_be_visible()


def line(page: Page) -> Locator:
    return page.locator("[data-suggestion]")


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Suggest a reply")


async def test_a_suggestion_is_a_draft_with_its_sources(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    visitor = taken(shop, OPENING)
    page = await open_page()
    await show(page, shop, visitor.conversation_id)
    await page.get_by_role("heading", name="Visitor", exact=True).press("s")
    await expect(field(page)).to_have_value(HOURS)
    await expect(field(page)).to_be_focused()
    await expect(page.get_by_text("Draft saved")).to_be_visible()
    source = line(page).get_by_role("link", name="Opening hours")
    await expect(source).to_have_attribute("href", re.compile(r"/passages/.*\?quote=.*#quote$"))
    await expect(source).to_have_attribute("rel", "noopener noreferrer")
    await hold_to_the_rules(page, "inbox-suggestion", take_screenshots)
    # Nobody has sent it.
    assert [one["author"] for one in visitor.messages()][-1] == "visitor"
    await page.reload()
    await expect(source).to_be_visible()
    await field(page).press("End")
    await field(page).press_sequentially(" See you soon!")
    await expect(line(page)).to_be_visible()
    await field(page).press("Control+Enter")
    await expect(items(page, "human")).to_contain_text(f"{HOURS} See you soon!")
    await expect(line(page)).to_have_count(0)
    await expect(field(page)).to_have_value("")
    await page.reload()
    await expect(items(page, "human")).to_be_visible()
    await expect(line(page)).to_have_count(0)


async def test_nothing_typed_is_replaced(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    conversation = taken(shop, OPENING).conversation_id
    await show(page, shop, conversation)
    await field(page).fill("Hello Ada,")
    await button(page).click()
    await expect(line(page)).to_contain_text("A suggestion is ready")
    await expect(line(page)).to_contain_text(HOURS)
    await expect(field(page)).to_have_value("Hello Ada,")
    await line(page).get_by_role("button", name="Insert below").click()
    await expect(field(page)).to_have_value(f"Hello Ada,\n\n{HOURS}")
    await line(page).get_by_role("button", name="Discard").click()
    await expect(field(page)).to_have_value("Hello Ada,")
    await expect(line(page)).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(field(page)).to_have_value(f"Hello Ada,\n\n{HOURS}")
    await expect(line(page).get_by_role("link", name="Opening hours")).to_be_visible()


async def test_what_the_assistant_said_is_not_suggested_again(
    open_page: OpenPage, server: Server
) -> None:
    """Story 15: what was answered is not one key from being sent a second time."""
    shop = open_shop(server)
    conversation = shop.ask(OPENING)
    page = await open_page()
    await show(page, shop, conversation)
    await button(page).click()
    await expect(line(page)).to_contain_text("All that the visitor wrote is answered")
    visitor = taken(shop, OPENING, first=OPENING)
    await row(page, visitor.conversation_id).get_by_role("link").click()
    await button(page).click()
    await expect(line(page)).to_contain_text("has already said in this conversation")
    await expect(field(page)).to_have_value("")
    await field(page).press("Control+Enter")
    await expect(items(page, "human")).to_have_count(0)
    assert shop.boss.client.get("/v1/drafts").json()["items"] == []


async def test_where_there_is_none_it_is_said_why(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    visitor = taken(shop, UNKNOWABLE)
    await show(page, shop, visitor.conversation_id)
    await button(page).click()
    await expect(line(page)).to_contain_text("Nothing in the knowledge answers this")
    await expect(field(page)).to_have_value("")
    await line(page).get_by_role("button", name="Close").click()
    await expect(line(page)).to_have_count(0)
    # A private note is not for visitors, and a closed conversation has nothing to answer.
    await page.get_by_text("Note", exact=True).click()
    await expect(button(page)).to_have_count(0)
    await page.get_by_text("Reply", exact=True).click()
    await expect(button(page)).to_be_visible()
    shop.boss.client.post(f"/v1/conversations/{visitor.conversation_id}/close").raise_for_status()
    await expect(page.get_by_role("button", name="Reopen and send")).to_be_visible()
    await expect(button(page)).to_have_count(0)


async def test_it_lands_in_the_conversation_for_which_it_was_asked(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    opening, refund = taken(shop, OPENING), taken(shop, REFUND)
    page = await open_page()
    await show(page, shop, opening.conversation_id)
    go = asyncio.Event()

    async def hold(route: Route) -> None:
        await go.wait()
        await route.continue_()

    await page.route("**/suggestion", hold)
    await button(page).click()
    await expect(line(page)).to_contain_text("Writing a suggestion")
    await row(page, refund.conversation_id).get_by_role("link").click()
    await expect(thread(page)).to_contain_text(REFUND)
    await expect(line(page)).to_have_count(0)
    go.set()
    await expect(row(page, opening.conversation_id)).to_contain_text("Draft")
    await expect(field(page)).to_have_value("")
    await expect(line(page)).to_have_count(0)
    await button(page).click()
    await expect(field(page)).to_have_value(RETURNS)
    await row(page, opening.conversation_id).get_by_role("link").click()
    await expect(field(page)).to_have_value(HOURS)
    await expect(line(page).get_by_role("link", name="Opening hours")).to_be_visible()


async def test_escape_stops_it(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await show(page, shop, taken(shop, OPENING).conversation_id)

    async def hold(_: Route) -> None:
        """Never answer."""

    await page.route("**/suggestion", hold)
    await button(page).click()
    await expect(line(page)).to_contain_text("Writing a suggestion")
    await field(page).press("Escape")
    await expect(line(page)).to_have_count(0)
    await expect(field(page)).to_be_focused()
    await page.unroute("**/suggestion")
    await expect(button(page)).to_be_enabled()
    await button(page).click()
    await expect(field(page)).to_have_value(HOURS)


async def test_a_newer_message_makes_it_old(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    visitor = taken(shop, OPENING)
    page = await open_page()
    await show(page, shop, visitor.conversation_id)
    await button(page).click()
    await expect(field(page)).to_have_value(HOURS)
    await expect(line(page).get_by_role("status")).to_be_empty()
    visitor.write(REFUND)
    await expect(line(page).get_by_role("status")).to_contain_text("The visitor has written since")
    await expect(field(page)).to_have_value(HOURS)
    await line(page).get_by_role("button", name="Suggest again").click()
    await expect(field(page)).to_have_value(re.compile("fourteen days"))
    await expect(field(page)).to_have_value(re.compile("nine in the morning"))
    await expect(line(page).get_by_role("status")).to_be_empty()


async def test_a_failure_loses_nothing(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await show(page, shop, taken(shop, OPENING).conversation_id)

    async def fail(route: Route) -> None:
        await route.fulfill(status=503, json={"detail": "The model is asleep.", "code": "asleep"})

    await page.route("**/suggestion", fail)
    await field(page).fill("Good morning!")
    await button(page).click()
    await expect(page.get_by_role("alert").filter(has_text="The model is asleep.")).to_be_visible()
    await expect(field(page)).to_have_value("Good morning!")
    await page.unroute("**/suggestion")
    await field(page).fill("")
    await page.get_by_role("button", name="Try again").click()
    await expect(field(page)).to_have_value(HOURS)
