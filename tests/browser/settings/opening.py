"""What the tests of the settings pages share."""

from typing import Any

from playwright.async_api import Page, expect

from tests.accounts.people import Person
from tests.conftest import Server

ALL_KEYS = "?limit=200"


def add_project(boss: Person, name: str = "Harbour Bakery") -> dict[str, Any]:
    """Create a project of the person's account, and return it."""
    made = boss.client.post("/v1/projects", json={"name": name})
    assert made.status_code == 201, made.text
    project: dict[str, Any] = made.json()
    return project


def settings_of(boss: Person, project: dict[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = boss.client.get(f"/v1/projects/{project['id']}").json()["settings"]
    return settings


async def open_settings(page: Page, server: Server, place: str) -> None:
    """Open a part of the settings, as somebody who is logged in."""
    await page.goto(f"{server.url}/settings{place}")
    await expect(page.locator("#views")).to_be_visible()


async def save(page: Page, part: str) -> None:
    await page.locator(f"#{part}").get_by_role("button", name="Save", exact=True).click()


async def expect_saved(page: Page) -> None:
    await expect(page.locator("#told")).to_contain_text("Saved.")
