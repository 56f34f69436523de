"""What the tests of the knowledge's pages share."""

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.conftest import Desk, Server
from tests.websites import Website

SYNC_MS = 180_000


async def open_knowledge(
    page: Page, server: Server, desk: Desk, part: str = "", *, key: str = "", url: str = ""
) -> None:
    """Open a part of the knowledge with the owner's key, or with another one."""
    address = f"{url or server.url}/app/p/{desk.project_id}/knowledge{part}"
    await page.goto(f"{address}#owner_key={key or server.owner_key}")
    await expect(page.locator("#content h1:visible")).to_be_visible()
    await expect(page.get_by_role("status", name="Loading")).to_have_count(0)


async def add(page: Page, what: str) -> Locator:
    """Choose something of the menu to add; return the sheet that opens."""
    await page.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_role("menuitem", name=what).click()
    sheet = page.get_by_role("dialog", name=what)
    await expect(sheet).to_be_visible()
    return sheet


async def synced(page: Page) -> None:
    """Wait until the website that the page shows has been read."""
    await expect(page.get_by_role("button", name="Read again now")).to_be_visible(timeout=SYNC_MS)


async def part(page: Page, name: str) -> None:
    """Go to another tab."""
    tabs = page.get_by_role("navigation", name="Parts of the knowledge")
    await tabs.get_by_role("link", name=name).click()


def add_by_api(desk: Desk, site: Website) -> dict[str, str]:
    """Add the website by the API, and return its source."""
    added = desk.owner.post(f"{desk.path}/sources", json={"kind": "site", "url": site.url})
    assert added.status_code == 201, added.text
    source: dict[str, str] = added.json()
    return source


def row_of(page: Page, text: str) -> Locator:
    """Return the row of a page or a document that is listed."""
    return page.locator("#content li", has_text=text)


def file_of(name: str, content: bytes) -> FilePayload:
    """Return a file to choose."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
