"""What owners do on the page of the widget."""

from typing import Any

from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.accounts.people import Person
from tests.browser.log_ins import log_in
from tests.conftest import Server

PARTS = ("look", "begin", "contact", "texts", "sites")


def settings_of(boss: Person, project: dict[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = boss.client.get(f"/v1/projects/{project['id']}").json()["settings"]
    return settings


async def open_widget(page: Page, server: Server, boss: Person, part: str) -> Locator:
    """Log in, and open a part of the page; return it."""
    await log_in(page, server, boss.email)
    return await go_to(page, server, part)


async def go_to(page: Page, server: Server, part: str) -> Locator:
    await page.goto(f"{server.url}/widget#/{part}")
    shown = page.locator(f"#view-{part}")
    await expect(shown).to_be_visible()
    return shown


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("#preview")
