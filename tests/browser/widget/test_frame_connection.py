"""The frame without a connection: what is written waits, is sent once, and comes back unasked."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.async_api import Page, Request, Response, Route, expect

from tests.browser.asking import HOURS, RETURNS, SHIPPING, fill_shop, stored
from tests.browser.pages import Complaints
from tests.browser.widget.frame import ask, field, frame_address, framed, hears, open_framed, tell
from tests.conftest import Desk, Rows, Server, rows_of, serving
from tests.websites import Website

_A_MOMENT = 2.0


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that a test may stop."""
    with serving() as server:
        yield server


async def test_what_is_written_offline_waits_and_is_sent_once_in_order(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await page.goto(frame_address(server, shop))
    answer = await ask(page, "When does the shop open?")
    await expect(answer).to_contain_text(HOURS)
    await expect(answer.locator(".rating")).to_be_visible()
    await page.context.set_offline(True)
    for question in ("What does shipping to Norway cost?", "When are returned goods refunded?"):
        await field(page).fill(question)
        await field(page).press("Enter")
    await expect(page.locator(".own .state")).to_have_count(2)
    await expect(page.locator(".status")).to_have_text("You are offline.")
    await page.context.set_offline(False)
    await expect(page.locator(".answer")).to_have_count(3)
    await expect(page.locator(".answer").nth(1)).to_contain_text(SHIPPING)
    await expect(page.locator(".answer").nth(2)).to_contain_text(RETURNS)
    await expect(page.locator(".own .state")).to_have_count(0)
    await expect(page.locator(".status")).to_be_hidden()
    said = "select content from message where author = 'visitor' and project_id = %s"
    asked = [one for (one,) in rows(f"{said} order by created_at", stored(shop))]
    assert asked == [
        "When does the shop open?",
        "What does shipping to Norway cost?",
        "When are returned goods refunded?",
    ]


async def test_a_server_that_is_away_is_tried_again_until_it_is_back(
    page: Page, own_server: Server, site: Website, complaints: Complaints
) -> None:
    with own_server.client() as visitor, own_server.client(owner=True) as owner:
        desk = fill_shop(Desk(owner, visitor))
    frame, _ = await open_framed(page, site, frame_address(own_server, desk))
    answer = await ask(frame, "When does the shop open?")
    await expect(answer).to_contain_text(HOURS)
    await expect(answer.locator(".rating")).to_be_visible()
    own_server.kill()
    await field(frame).fill("What does shipping to Norway cost?")
    await field(frame).press("Enter")
    await expect(frame.locator(".status")).to_contain_text("Trying again")
    await expect(frame.locator(".own .state")).to_be_visible()
    own_server.start()
    await expect(frame.locator(".answer").nth(1)).to_contain_text(SHIPPING)
    await expect(frame.locator(".own")).to_have_count(2)
    count = "select count(*) from message where author = 'visitor' and project_id = %s"
    for rows in rows_of(own_server):
        assert rows(count, stored(desk)) == [(2,)]


async def test_a_conversation_comes_back_with_the_page_and_can_be_left(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    assert await page.evaluate("localStorage.getItem('kept')") is None
    await expect(await ask(frame, "When does the shop open?")).to_contain_text(HOURS)
    await frame.get_by_role("button", name="Not helpful").click()
    await frame.get_by_label("What was wrong? (optional)").fill("Too short")
    await frame.get_by_role("button", name="Send").first.click()
    await expect(frame.locator(".note")).to_have_text("Thank you.")
    await hears(page, "keep")
    await page.reload()
    frame, _ = await framed(page)
    await expect(frame.locator(".answer")).to_contain_text(HOURS)
    pressed = frame.get_by_role("button", name="Not helpful")
    await expect(pressed).to_have_attribute("aria-pressed", "true")
    await frame.get_by_role("button", name="New conversation").click()
    await frame.get_by_role("button", name="Begin a new one").click()
    await expect(frame.locator(".welcome")).to_be_visible()
    await expect(field(frame)).to_be_focused()
    await page.wait_for_function("JSON.parse(localStorage.kept).conversation.id === ''")
    await page.reload()
    frame, _ = await framed(page)
    await expect(frame.locator(".welcome")).to_be_visible()


def _gives_reason(request: Request) -> bool:
    return "reason" in (request.post_data_json or {})


def _is_rating(response: Response) -> bool:
    return response.url.endswith("/feedback") and not _gives_reason(response.request)


def _is_reason(response: Response) -> bool:
    return response.url.endswith("/feedback") and _gives_reason(response.request)


async def test_a_reason_is_kept_though_the_rating_before_it_is_slow(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    thanked = asyncio.Event()

    async def hold(route: Route) -> None:
        if not _gives_reason(route.request):
            with suppress(TimeoutError):
                await asyncio.wait_for(thanked.wait(), _A_MOMENT)
        await route.continue_()

    await page.route("**/feedback", hold)
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await expect(await ask(frame, "When does the shop open?")).to_contain_text(HOURS)
    async with page.expect_response(_is_rating), page.expect_response(_is_reason):
        await frame.get_by_role("button", name="Not helpful").click()
        await frame.get_by_label("What was wrong? (optional)").fill("Too short")
        await frame.get_by_role("button", name="Send").first.click()
        await expect(frame.locator(".note")).to_have_text("Thank you.")
        thanked.set()
    asked = (
        "select reason from feedback join message on message.id = feedback.message_id"
        " where message.project_id = %s"
    )
    assert rows(asked, stored(shop)) == [("Too short",)]


async def test_an_answer_that_was_under_way_is_there_after_a_reload(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await expect((await ask(frame, "When does the shop open?")).locator(".rating")).to_be_visible()
    answer = "delete from message where author = 'assistant' and project_id = %s returning id"
    assert len(rows(answer, stored(shop))) == 1
    await hears(page, "keep")
    await page.reload()
    frame, _ = await framed(page)
    await expect(frame.locator(".writing")).to_be_visible()
    await expect(frame.locator(".writing")).to_have_count(0)
    await expect(frame.locator(".own")).to_have_count(1)


async def test_another_tab_of_the_website_shows_the_same_once(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await expect(await ask(frame, "When does the shop open?")).to_contain_text(HOURS)
    await hears(page, "keep")
    other = await page.context.new_page()
    await other.goto(site.url)
    second, _ = await framed(other)
    await expect(second.locator(".answer")).to_contain_text(HOURS)
    await expect(await ask(second, "What does shipping cost?")).to_contain_text(SHIPPING)
    await tell(page, type="kept", kept=await page.evaluate("localStorage.getItem('kept')"))
    await expect(frame.locator(".answer")).to_have_count(2)
    await expect(frame.locator(".own")).to_have_count(2)
    await tell(page, type="kept", kept=None)
    await expect(frame.locator(".welcome")).to_be_visible()
