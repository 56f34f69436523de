"""Nova Chat's scripts as its document prints them, in the pages of a website, in a browser."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.widget.host import launcher, open_chat, put_page, question_field
from tests.conftest import Server
from tests.dialects.examples.documents import PAGES, Example
from tests.dialects.examples.running import Supplies
from tests.dialects.novachat.shop import Shop
from tests.websites import Website

ANSWER = "You can return goods within thirty days."
QUESTION = "Within how many days can I return goods?"
SCRIPTS = [one for one in PAGES if "src=" in one.text]


def bound(server: Server, site: Website) -> dict[str, str]:
    """Bind the website to an account whose knowledge has an answer; return its domain."""
    with server.client() as client:
        shop = Shop(client)
        shop.add(QUESTION, ANSWER)
        return shop.bind(site.url)


async def expect_to_work(page: Page, site: Website) -> None:
    """Expect the chat on a website to answer."""
    await page.goto(site.url)
    frame = await open_chat(page)
    field = question_field(frame)
    await field.fill(QUESTION)
    await field.press("Enter")
    answer = frame.locator(".answer").last
    await expect(answer).to_contain_text(ANSWER)
    await expect(answer.locator(".sources a").first).to_be_visible()


@pytest.mark.parametrize("example", SCRIPTS, ids=str)
@pytest.mark.parametrize("base", ["", "/novachat"], ids=["host", "name"])
async def test_a_printed_script_works(
    page: Page, server: Server, site: Website, example: Example, base: str
) -> None:
    token = bound(server, site)["website_token"]
    words = {"https://novailink.com": server.url + base, "wk_live_YOUR_TOKEN": token}
    put_page(site, Supplies(server.url, words).put_into(example.text))
    await expect_to_work(page, site)
    box = await launcher(page).bounding_box()
    assert box is not None
    assert (box["x"] < 640) is ("bottom_left" in example.text)


async def test_the_code_that_binding_a_website_returns_works(
    page: Page, server: Server, site: Website
) -> None:
    put_page(site, bound(server, site)["widget_code"])
    await expect_to_work(page, site)
