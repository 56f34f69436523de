"""Fixtures of the browser tests: a Chromium per worker process, a fresh context per page.

The tests of this folder share one event loop per session, since the browser lives as long. A test
takes `page`, or `open_page` for another size, colour scheme or locale or for several visitors at
once. It fails when a page threw, logged an error, or asked a server other than this machine.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.chromium import ROOT, ChromiumMissing, find_chromium, launch
from tests.browser.pages import (
    DESKTOP,
    PHONE,
    ColorScheme,
    Complaints,
    OpenPage,
    TakeScreenshots,
)
from tests.waiting import PATIENCE

SCREENSHOTS = ROOT / "build" / "screenshots"
TIMEOUT_MS = 1000 * PATIENCE
"""Generous: it is only spent where a test fails, or where others have the machine."""

_WANTED = "ANSWERDESK_SCREENSHOTS"
"""Set to take pictures for people to look at, which cost seconds and hold no page to anything."""

expect.set_options(timeout=TIMEOUT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run this folder's tests in the loop of the session, where the browser lives."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """Start the browser once. Without one the tests fail: a skipped one would look passed."""
    try:
        chromium = find_chromium(os.environ)
    except ChromiumMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    async with async_playwright() as playwright:
        browser = await launch(playwright, chromium, tmp_path_factory.mktemp("browser-home"))
        yield browser
        await browser.close()


@pytest.fixture
def complaints() -> Complaints:
    """Collect what the test's pages complain about."""
    return Complaints()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, complaints: Complaints) -> AsyncIterator[OpenPage]:
    """Open pages that share nothing with each other: no cookies, no storage."""
    contexts = []

    async def open_one(
        viewport: ViewportSize = DESKTOP,
        color_scheme: ColorScheme = "light",
        locale: str = "en-GB",
    ) -> Page:
        context = await browser.new_context(
            viewport=viewport, color_scheme=color_scheme, locale=locale
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        complaints.watch(page)
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert complaints.items == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_page: OpenPage) -> Page:
    """Open one page at desktop size, light."""
    return await open_page()


@pytest.fixture
def take_screenshots() -> TakeScreenshots:
    """Save a page, phone and desktop, light and dark: build/screenshots/NAME-SIZE-SCHEME.png.

    Only with ANSWERDESK_SCREENSHOTS=1.
    """

    async def take(page: Page, name: str) -> list[Path]:
        if _WANTED not in os.environ:
            return []
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        paths = []
        for size_name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            await page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                path = SCREENSHOTS / f"{name}-{size_name}-{scheme}.png"
                await page.screenshot(path=path, animations="disabled")
                paths.append(path)
        await page.emulate_media(color_scheme="null")
        await page.set_viewport_size(before or DESKTOP)
        return paths

    return take
