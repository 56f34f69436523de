"""Small talk on the page where one asks."""

from playwright.async_api import Page, expect

from tests.browser.asking import address, ask, fill_shop
from tests.conftest import Desk, Server


async def test_small_talk_is_replied_to_without_a_word_about_sources(
    page: Page, server: Server, desk: Desk
) -> None:
    await page.goto(address(server, fill_shop(desk)))
    answer = await ask(page, "Hello!")
    await expect(answer.locator(".message-text")).to_have_text("Hello! What can I help you with?")
    for part in (".sources", ".no-source", ".certainty"):
        await expect(answer.locator(part)).to_be_hidden()
    thanks = await ask(page, "Merci beaucoup !")
    await expect(thanks.locator(".message-text")).to_contain_text("Avec plaisir")
