"""The page of the knowledge, for every pair of eyes, hands and ears; and how it looks."""

import httpx
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.accessibility import problems
from tests.browser.knowledge.opening import add_by_api, open_knowledge, synced
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.conftest import Desk, Server
from tests.websites import Website

SMALL: ViewportSize = {"width": 320, "height": 640}


async def test_the_keyboard_alone_is_enough(page: Page, server: Server, desk: Desk) -> None:
    await open_knowledge(page, server, desk)
    await page.get_by_role("button", name="Text", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Title")).to_be_focused()
    await page.keyboard.type("Parking")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Cars park behind the house.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Add the text")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Parking")).to_be_visible()
    await page.get_by_role("link", name="Parking").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Parking")).to_be_focused()


async def test_whoever_comes_with_the_owners_key_is_led_to_a_log_in(
    page: Page, server: Server, desk: Desk
) -> None:
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name="Create your log-in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Create an account")
    assert await page.evaluate("location.hash") == f"#owner_key={server.owner_key}"


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage,
    server: Server,
    desk: Desk,
    site: Website,
    take_screenshots: TakeScreenshots,
) -> None:
    page = await open_page(viewport=PHONE)
    await page.add_init_script(
        "window.shifted = 0; new PerformanceObserver((list) => {for (const one of list.getEntries()"
        ") if (!one.hadRecentInput) window.shifted += one.value; })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    desk.add_item("Do you ship to Norway?", "Yes, in a week.")
    add_by_api(desk, site)
    await open_knowledge(page, server, desk)
    for form in ("Website", "Single page", "Files", "Text", "Question with answer"):
        await page.get_by_role("button", name=form, exact=True).click()
        assert await problems(page) == [], form
    await page.get_by_role("link", name=site.host).click()
    await synced(page)
    await page.get_by_text("Details and answers").first.click()
    await page.get_by_text("What the last syncs changed").click()
    assert await problems(page) == []
    await take_screenshots(page, "knowledge-source")
    await page.get_by_role("button", name="Settings").click()
    assert await problems(page) == []
    await page.get_by_role("button", name="Remove", exact=True).click()
    assert await problems(page) == []
    await page.keyboard.press("Escape")
    for part in ("Questions", "Embedding model"):
        await page.get_by_role("link", name=part, exact=True).click()
        await expect(page.get_by_role("heading", name=part)).to_be_visible()
        assert await problems(page) == [], part
    await page.reload()
    await expect(page.get_by_role("heading", name="Embedding model")).to_be_visible()
    assert await page.evaluate("window.shifted") < 0.05
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


def test_the_page_is_served_with_its_files(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        shown = client.get("/knowledge")
        assert shown.status_code == 200
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        assert client.get("/assets/knowledge/page.js").status_code == 200
        assert client.get("/assets/knowledge.css").status_code == 200
