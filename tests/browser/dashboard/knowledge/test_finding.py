"""Finding pages, files and their passages in the dashboard, and trying one page again."""

from playwright.async_api import Locator, Page, expect

from tests.browser.dashboard.knowledge.opening import (
    SYNC_MS,
    add_by_api,
    open_knowledge,
    part,
    row_of,
)
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import TakeScreenshots
from tests.conftest import Desk, Server
from tests.waiting import PATIENCE, attempts
from tests.websites import Manual, Website

SECRET = "<main><h1>Secret</h1><p>The tunnel leads to the harbour.</p></main>"


def read(desk: Desk, site: Website) -> str:
    """Have the website read, and return its source's path."""
    path = f"{desk.path}/sources/{add_by_api(desk, site)['id']}"
    for _ in attempts(PATIENCE):
        sync = desk.owner.get(path).json()["last_sync"]
        if sync and sync["state"] == "done":
            return path
    raise AssertionError("the website was not read")


def listed(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name=name, exact=True).get_by_role("listitem")


async def test_whoever_may_only_read_cannot_try_a_page_again(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    read(desk, site)
    wish = {"name": "Reader", "scopes": ["knowledge:read", "projects:read"]}
    made = desk.owner.post("/v1/api-keys", json=wish)
    await open_knowledge(page, server, desk, "/pages", key=made.json()["key"])
    await expect(row_of(page, "secret.html")).to_contain_text("403")
    await expect(page.get_by_role("button", name="Try again")).to_have_count(0)


async def test_one_page_is_tried_again_unless_its_website_is_being_read(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    path = read(desk, site)
    await open_knowledge(page, server, desk, "/pages?status=failed")
    again = page.get_by_role("button", name="Try again: ")
    await expect(again).to_have_count(1)
    site.set("/", book.html("/"), delay=30)
    begun = desk.owner.post(f"{path}/syncs", json={})
    assert begun.status_code == 202, begun.text
    await again.click()
    told = page.get_by_role("alert").filter(has_text="is being read right now")
    await expect(told).to_be_visible()
    sync = begun.json()["id"]
    desk.owner.post(f"{path}/syncs/{sync}/cancel").raise_for_status()
    site.set("/", book.html("/"))
    site.set("/secret.html", SECRET)
    await again.click()
    await expect(listed(page, "Pages")).to_have_text("No page is in this state.", timeout=SYNC_MS)
    await page.get_by_label("State").select_option("All")
    await expect(row_of(page, "secret.html")).to_contain_text("Good")


async def test_pages_of_all_websites_are_found_by_words_and_state(
    page: Page,
    server: Server,
    desk: Desk,
    site: Website,
    take_screenshots: TakeScreenshots,
) -> None:
    await open_knowledge(page, server, desk, "/pages")
    await expect(page.get_by_role("heading", level=2)).to_have_text("No pages yet")
    with Website() as other:
        other.put({"/": "<title>Boats</title><main><p>Boats leave at noon.</p></main>"})
        boats = read(desk, other)
    read(desk, site)
    await open_knowledge(page, server, desk, "/pages?status=nonsense")
    pages = listed(page, "Pages")
    await expect(pages).to_have_count(15)
    state = page.get_by_label("State")
    await expect(state.get_by_role("option", name="Failed (1)")).to_have_count(1)
    await page.keyboard.press("/")
    await page.keyboard.type("boats")
    await expect(pages).to_have_count(1)
    await expect(state.get_by_role("option", name="Failed (0)")).to_have_count(1)
    await page.reload()
    await expect(page.get_by_label("Search the pages")).to_have_value("boats")
    await expect(pages).to_have_count(1)
    await state.select_option("failed")
    await expect(pages).to_have_text("Nothing matches.")
    await page.get_by_label("Search the pages").fill("")
    await expect(pages).to_contain_text("secret.html")
    await page.get_by_label("Website").select_option(boats.rsplit("/", 1)[1])
    await expect(pages).to_have_text("No page is in this state.")
    await hold_to_the_rules(page, "knowledge-pages", take_screenshots)
    # The address of another project's source, or of one that is gone, is no filter.
    await open_knowledge(page, server, desk, "/pages?source=src_00000000000000000000000000")
    await expect(pages).to_have_count(15)


async def test_a_documents_passages_are_shown_and_one_is_marked(
    page: Page, server: Server, desk: Desk, take_screenshots: TakeScreenshots
) -> None:
    text = "\n\n".join(f"# Room {one}\n\n" + f"Room {one} is blue. " * 60 for one in range(1, 5))
    document = desk.add_text("Rooms", text, format="markdown")
    await open_knowledge(page, server, desk, "/files")
    await row_of(page, "Rooms").get_by_role("button", name="Rooms", exact=True).click()
    shown = page.get_by_role("region", name="Passages that answers come from")
    rows = shown.get_by_role("listitem")
    await expect(rows.first).to_contain_text("Room 1")
    await shown.get_by_role("button", name="Mark passage 2").click()
    marked = shown.locator("[aria-current]")
    await expect(marked).to_have_count(1)
    said = await marked.inner_text()
    await hold_to_the_rules(page, "knowledge-passages", take_screenshots)
    await page.reload()
    await expect(marked).to_have_text(said, use_inner_text=True)
    await expect(marked).to_be_in_viewport()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    gone = f"/files?open={document['id']}&passage=psg_00000000000000000000000000"
    await open_knowledge(page, server, desk, gone)
    await expect(shown).to_contain_text("no longer in the answers")


async def test_files_and_texts_are_found_by_words_and_state(
    page: Page, server: Server, desk: Desk
) -> None:
    await open_knowledge(page, server, desk, "/files")
    await expect(page.get_by_role("heading", level=2)).to_have_text("No files and no texts yet")
    desk.add_text("Opening hours", "We open at nine.")
    desk.add_text("Parking", "Cars park behind the house.")
    await open_knowledge(page, server, desk, "/files?q=park&status=ready")
    files = listed(page, "Files and texts")
    await expect(files).to_have_count(1)
    await page.get_by_label("State").select_option("failed")
    await expect(files).to_have_text("Nothing matches.")
    await page.reload()
    await expect(page.get_by_label("State")).to_have_value("failed")
    await page.get_by_label("State").select_option("")
    await files.get_by_role("button", name="Remove: Parking").click()
    await expect(files).to_have_text("Nothing matches.")
    await page.get_by_role("button", name="Undo").click()
    await expect(files).to_have_count(1)
    await part(page, "Sources")
    await page.go_back()
    await expect(page.get_by_label("Search files and texts")).to_have_value("park")
