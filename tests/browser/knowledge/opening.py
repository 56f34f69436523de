"""What the tests of the page of the knowledge share."""

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.conftest import Desk, Server
from tests.websites import Website

SYNC_MS = 180_000


async def open_knowledge(page: Page, server: Server, desk: Desk, url: str | None = None) -> None:
    """Open the page with the owner's key, as the link of `answerdesk serve` does."""
    address = f"{url or server.url}/knowledge?project={desk.project_id}"
    await page.goto(f"{address}#owner_key={server.owner_key}")
    await expect(page.get_by_role("heading", name="Sources")).to_be_visible()


async def add_site(page: Page, site: Website) -> None:
    """Add the website in the browser, and wait for its source's page."""
    await page.get_by_label("Address of the website").fill(site.url)
    await page.get_by_role("button", name="Add the website").click()
    await expect(page.get_by_role("heading", name=site.host)).to_be_visible()


async def synced(page: Page) -> None:
    """Wait until the sync that the page shows has ended."""
    await expect(page.get_by_role("button", name="Sync now")).to_be_visible(timeout=SYNC_MS)


def add_by_api(desk: Desk, site: Website) -> dict[str, str]:
    """Add the website by the API, and return its source."""
    added = desk.owner.post(f"{desk.path}/sources", json={"kind": "site", "url": site.url})
    assert added.status_code == 201, added.text
    source: dict[str, str] = added.json()
    return source


def row_of(page: Page, text: str) -> Locator:
    """Return the row of a page or a document of the source that is shown."""
    return page.locator("#contents > li", has_text=text)


def file_of(name: str, content: bytes) -> FilePayload:
    """Return a file to choose."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
