"""The page where one asks, for every pair of eyes, hands and ears; and how it looks."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.accessibility import problems
from tests.browser.asking import HOURS, address, ask, fill_shop
from tests.browser.pages import PHONE, ColorScheme, OpenPage, TakeScreenshots
from tests.conftest import Desk, Server

SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
SMALL: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A project that knows three things."""
    return fill_shop(desk)


async def test_the_checks_see_what_they_look_for(open_page: OpenPage) -> None:
    for scheme in SCHEMES:
        page = await open_page(color_scheme=scheme)
        await page.set_content(
            "<p style='color:#999;background:#fff'>Faint</p><button id='a'></button><i id='a'></i>"
            "<style>div { color: #000; background: #fff }"
            " @media (prefers-color-scheme: dark) { div { color: #999; background: #fff } }"
            " @media (prefers-color-scheme: light) { b { color: #999; background: #fff } }</style>"
            "<div>Night</div><b>Day</b>"
        )
        found = await problems(page)
        assert sorted(one.partition(" 2.8")[0] for one in found[:4]) == [
            *("dark: Faint:", "dark: Night:", "light: Day:", "light: Faint:"),
        ]
        assert found[-2:] == ['<button id="a"></button>', "a"]
        assert await page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, shop: Desk
) -> None:
    page = await open_page(viewport=PHONE)
    await page.goto(address(server, shop))
    assert await problems(page) == []
    answer = await ask(page, "When does the shop open?")
    await expect(answer.locator("sup a")).to_be_visible()
    await ask(page, "Wer hat die Sixtinische Kapelle ausgemalt?")
    await expect(page.locator(".no-source").last).to_be_visible()
    await page.locator(".icon").first.click()
    assert await problems(page) == []
    await page.get_by_role("button", name="Talk to a person").first.click()
    assert await problems(page) == []
    await page.keyboard.press("Escape")
    passage = await page.locator(".sources a").first.get_attribute("href")
    assert passage is not None
    await page.goto(passage)
    await expect(page.locator("mark")).to_have_text(HOURS)
    assert await problems(page) == []
    await page.goto(f"{server.url}/?project=nothing")
    assert await problems(page) == []


async def test_an_answer_is_read_out_once_and_whole(page: Page, server: Server, shop: Desk) -> None:
    await page.goto(address(server, shop))
    await page.evaluate(
        "window.said = []; const status = document.querySelector('#status');"
        "new MutationObserver(() => window.said.push(status.textContent))"
        ".observe(status, {childList: true})"
    )
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    await expect(page.locator("#status")).to_have_text(HOURS)
    assert await page.evaluate("window.said.filter(Boolean)") == [HOURS]


async def test_the_keyboard_alone_is_enough(page: Page, server: Server, shop: Desk) -> None:
    await page.goto(address(server, shop))
    field = page.get_by_label("Your question")
    await expect(field).to_be_focused()
    await page.keyboard.type("When does")
    await page.keyboard.press("Shift+Enter")
    # An input method's Enter takes its word and sends nothing.
    await field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    await expect(page.locator(".question")).to_have_count(0)
    await page.keyboard.type("the shop open?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".question .message-text")).to_have_text("When does\nthe shop open?")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("")
    await expect(page.locator(".answer")).to_contain_text(HOURS)
    await page.keyboard.press("Enter")
    await expect(page.locator(".question")).to_have_count(1)
    # An answer's buttons come when it is complete.
    helpful = page.get_by_role("button", name="Helpful", exact=True)
    await expect(helpful).to_be_visible()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(helpful).to_be_focused()
    await page.keyboard.press("Space")
    await expect(helpful).to_have_attribute("aria-pressed", "true")


async def test_right_to_left_text_runs_right_to_left(
    page: Page, server: Server, desk: Desk
) -> None:
    hebrew = "החנות נפתחת בתשע בבוקר ונסגרת בשש בערב."
    desk.add_text("שעות פתיחה", hebrew)
    await page.goto(address(server, desk))
    answer = await ask(page, "מתי החנות נפתחת בבוקר?")
    await expect(answer.locator(".message-text p")).to_contain_text(hebrew)
    for text in (".question .message-text", ".answer .message-text p", ".source-title"):
        direction = await page.locator(text).evaluate("one => getComputedStyle(one).direction")
        assert direction == "rtl"


async def test_it_fits_and_looks(
    page: Page, server: Server, shop: Desk, take_screenshots: TakeScreenshots
) -> None:
    await page.goto(address(server, shop))
    await take_screenshots(page, "ask-welcome")
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    await ask(page, f"Wer hat die Sixtinische Kapelle ausgemalt{'?' * 200}")
    await expect(page.locator(".no-source").last).to_be_visible()
    paths = await take_screenshots(page, "ask-answers")
    assert len({path.read_bytes() for path in paths}) == len(paths)
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window
