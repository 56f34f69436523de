"""Answers in the frame: streamed, in blocks, with sources that open at their passage."""

import json

from playwright.async_api import Page, expect

from tests.browser.asking import HOURS, SHIPPING, stored
from tests.browser.bad_line import BadLine
from tests.browser.pages import PHONE, OpenPage
from tests.browser.test_answers_shown import BLOCKS, STORE
from tests.browser.widget.frame import ask, field, frame_address, framed, heard, hears, open_framed
from tests.conftest import Desk, Rows, Server
from tests.websites import Website

_SECOND_WORDS = b"nine in the"
"""What is sent in an answer when its first words are there and its last are not."""

_LISTEN = """() => {
  window.spoken = [];
  const live = document.querySelector("#announcer");
  new MutationObserver(() => live.textContent && window.spoken.push(live.textContent))
    .observe(live, {childList: true, characterData: true, subtree: true});
}"""


async def test_an_answer_is_cited_and_its_source_opens_at_the_passage(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(frame_address(server, shop))
    answer = await ask(page, "When does the shop open in the morning?")
    await expect(answer).to_contain_text(HOURS)
    citation = answer.locator("sup a")
    await expect(citation).to_have_accessible_name("Source 1: Opening hours (opens in a new tab)")
    async with page.expect_popup() as opened:
        await citation.click()
    passage = await opened.value
    await expect(passage.locator("mark")).to_contain_text("The shop opens at nine")
    await expect(answer.locator(".sources a")).to_contain_text("Opening hours")


async def test_an_answer_grows_and_is_announced_once_when_it_is_finished(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    async with BadLine(server.port).open() as line:
        address = f"{line.url}/embed?project={shop.project_id}"
        frame, inside = await open_framed(page, site, address)
        await inside.evaluate(_LISTEN)
        line.hold_after(_SECOND_WORDS)
        answer = await ask(frame, "When does the shop open in the morning?")
        await expect(answer).to_contain_text("The shop")
        await expect(answer).not_to_contain_text("evening")
        await expect(frame.get_by_role("button", name="Stop")).to_be_visible()
        assert await inside.evaluate("window.spoken") == []
        line.release()
        await expect(answer).to_contain_text(HOURS)
        await expect(frame.locator("#announcer")).to_contain_text(HOURS)
        assert await inside.evaluate("window.spoken") == [HOURS]
        await hears(page, "event", name="answer")
        told = [one["name"] for one in await heard(page, "event")]
        assert told == ["message", "answer"]
        # A history is read by whoever wants to, and not out loud.
        await page.reload()
        frame, inside = await framed(page)
        await inside.evaluate(_LISTEN)
        await expect(frame.locator(".answer")).to_contain_text(HOURS)
        await ask(frame, "What does shipping to Norway cost?")
        await expect(frame.locator("#announcer")).to_contain_text(SHIPPING)
        assert await inside.evaluate("window.spoken") == [SHIPPING]


async def test_an_answer_can_be_stopped_and_asked_for_again(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    async with BadLine(server.port).open() as line:
        await page.goto(f"{line.url}/embed?project={shop.project_id}")
        line.hold_after(_SECOND_WORDS)
        answer = await ask(page, "When does the shop open in the morning?")
        await expect(answer).to_contain_text("The shop")
        await page.get_by_role("button", name="Stop").click()
        await expect(answer.locator(".failure")).to_contain_text("You stopped this answer.")
        await expect(field(page)).to_be_focused()
        line.release()
        await answer.get_by_role("button", name="Try again").click()
        await expect(answer).to_contain_text(HOURS)
        await expect(answer.locator(".failure")).to_be_hidden()
        await expect(page.locator(".answer")).to_have_count(1)
    count = "select count(*) from message where project_id = %s"
    assert rows(count, stored(shop)) == [(2,)]


async def test_a_line_that_breaks_in_an_answer_is_taken_up_again_and_nothing_is_doubled(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    async with BadLine(server.port).open() as line:
        await page.goto(f"{line.url}/embed?project={shop.project_id}")
        line.hold_after(_SECOND_WORDS)
        answer = await ask(page, "When does the shop open in the morning?")
        await expect(answer).to_contain_text("The shop")
        await line.break_held()
        await expect(page.locator(".status")).to_contain_text("connection is lost")
        # The question was sent, and is not said to wait for that.
        assert await page.locator(".own .state").count() == 0
        line.release()
        await expect(answer).to_contain_text(HOURS)
        await expect(answer.locator(".sources a")).to_have_count(1)
        await expect(page.locator(".status")).to_be_hidden()
        await expect(page.locator(".answer")).to_have_count(1)
        await expect(page.locator(".own")).to_have_count(1)
    count = "select count(*) from message where project_id = %s"
    assert rows(count, stored(shop)) == [(2,)]


async def test_every_block_is_drawn_and_only_addresses_of_the_web_are_linked(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await expect((await ask(frame, "When does the shop open?")).locator(".rating")).to_be_visible()
    newer = {"type": "poem", "text": "Roses <i>are</i> red", "source": None}
    rows(STORE, json.dumps([*BLOCKS, newer]), 0.9, stored(shop))
    await hears(page, "keep")
    await page.reload()
    frame, _ = await framed(page)
    bubble = frame.locator(".answer .bubble")
    await expect(bubble.locator("h3")).to_have_text("Post <i>abroad</i>")
    await expect(bubble.locator("p mark").first).to_have_text("<b>Rates</b>\nof 2026.")
    marked = bubble.locator("td mark")
    assert await marked.all_text_contents() == ["2 kg", "4 euros", "9"]
    await expect(bubble.locator("pre")).to_have_text("a  |  b\n- c")
    await expect(bubble.locator("ul li")).to_have_count(2)
    await expect(bubble.locator("ol")).to_have_attribute("start", "3")
    await expect(bubble).to_contain_text("Roses <i>are</i> red")


async def test_a_long_answer_is_read_from_its_beginning_and_does_not_pull_the_reader(
    open_page: OpenPage, server: Server, desk: Desk, site: Website
) -> None:
    steps = "\n".join(f"{number}. Turn the screw number {number}." for number in range(1, 41))
    desk.add_item("How is the shelf put together?", f"Like this:\n\n{steps}")
    page = await open_page(PHONE)
    async with BadLine(server.port).open() as line:
        address = f"{line.url}/embed?project={desk.project_id}"
        frame, inside = await open_framed(page, site, address)
        line.hold_after(b"screw number 30")
        answer = await ask(frame, "How is the shelf put together?")
        await expect(answer).to_contain_text("number 29")
        # The question stays at the top, and a button leads to what is below.
        top = "document.querySelector('.own').getBoundingClientRect().top"
        assert 0 < await inside.evaluate(top) < 120
        await expect(frame.get_by_role("button", name="newest message")).to_be_visible()
        log = frame.locator(".log")
        await log.evaluate("(log) => { log.scrollTop = 200; }")
        line.release()
        await expect(answer.locator(".rating")).to_have_count(1)
        assert await log.evaluate("(log) => log.scrollTop") == 200
        await frame.get_by_role("button", name="newest message").click()
        await expect(frame.get_by_role("button", name="newest message")).to_be_hidden()
