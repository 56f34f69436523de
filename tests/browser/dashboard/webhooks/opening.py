"""What the tests of the webhooks' pages share."""

from playwright.async_api import Page, expect

from tests.accounts.people import Person, sign_up
from tests.browser.dashboard.opening import open_dashboard
from tests.conftest import Desk, Server


def open_desk(server: Server) -> tuple[Person, Desk]:
    """Return the owner of a new account, and a project of theirs."""
    boss = sign_up(server, "boss")
    return boss, Desk(boss.client, boss.client)


def add_lead(desk: Desk) -> None:
    made = desk.owner.post(f"{desk.path}/leads", json={"email": "ann@example.com"})
    assert made.status_code == 201, made.text


async def open_webhook(page: Page, server: Server, person: Person, webhook_id: str) -> None:
    await open_dashboard(page, server, person, f"/settings/webhooks/{webhook_id}")
    await expect(page.get_by_role("heading", name="Deliveries")).to_be_visible()
