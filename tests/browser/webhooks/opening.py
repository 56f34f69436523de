"""What the tests of the webhooks page share."""

from playwright.async_api import Locator, Page, expect

from tests.conftest import Desk, Server


async def open_webhooks(page: Page, server: Server, place: str = "") -> None:
    """Open the page with the owner's key, as the link of `answerdesk serve` opens others."""
    await page.goto(f"{server.url}/webhooks#owner_key={server.owner_key}")
    await expect(page.get_by_role("heading", name="All webhooks")).to_be_visible()
    if place:
        await page.goto(f"{server.url}/webhooks{place}")


def add_lead(desk: Desk) -> None:
    made = desk.owner.post(f"{desk.path}/leads", json={"email": "ann@example.com"})
    assert made.status_code == 201, made.text


async def open_add_form(page: Page) -> Locator:
    """Return the form that adds a webhook. It is open already if there is no webhook."""
    form = page.get_by_role("form", name="Add a webhook")
    if not await form.is_visible():
        await page.get_by_role("button", name="Add a webhook").click()
    return form
