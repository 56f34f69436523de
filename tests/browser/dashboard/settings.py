"""What the tests of a project's settings share."""

from typing import Any

from playwright.async_api import Page, expect

from tests.accounts.people import Person
from tests.browser.dashboard.opening import expect_told, open_dashboard
from tests.browser.shop import Shop
from tests.conftest import Server

UNSAVED = "There are changes that are not saved."


def add_project(boss: Person, name: str = "Harbour Bakery") -> dict[str, Any]:
    """Create a project of the person's account, and return it."""
    made = boss.client.post("/v1/projects", json={"name": name})
    assert made.status_code == 201, made.text
    project: dict[str, Any] = made.json()
    return project


async def open_part(page: Page, server: Server, shop: Shop, part: str) -> None:
    """Log the owner in and open a page of the project's settings."""
    await open_dashboard(page, server, shop.boss, f"/p/{shop.desk.project_id}/settings/{part}")


def project_of(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = shop.boss.client.get(f"/v1/projects/{shop.desk.project_id}").json()
    return found


def settings_of(shop: Shop) -> dict[str, Any]:
    settings: dict[str, Any] = project_of(shop)["settings"]
    return settings


def change(shop: Shop, **body: Any) -> None:
    """As somebody else of the team does meanwhile."""
    path = f"/v1/projects/{shop.desk.project_id}"
    shop.boss.client.patch(path, json=body).raise_for_status()


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()


async def expect_saved(page: Page) -> None:
    await expect_told(page, "Saved")
    await expect(page.get_by_text(UNSAVED)).to_be_hidden()
