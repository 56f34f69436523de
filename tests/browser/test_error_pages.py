"""What a person sees who opens an address that is none."""

from playwright.async_api import Page, expect

from tests.browser.accessibility import problems
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.conftest import Server


async def test_an_unknown_address_is_a_page_that_leads_on(
    page: Page, server: Server, take_screenshots: TakeScreenshots
) -> None:
    answer = await page.goto(f"{server.url}/nowhere/at/all")
    assert answer is not None
    assert answer.status == 404
    await expect(page).to_have_title("There is no such page")
    await take_screenshots(page, "error-404")
    await page.get_by_role("link", name="Your account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


async def test_the_page_can_be_read_by_everybody(open_page: OpenPage, server: Server) -> None:
    page = await open_page(PHONE)
    await page.goto(f"{server.url}/nowhere")
    assert await problems(page) == []
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
