"""Websites in the dashboard, in a real browser: read for real, from a real website."""

import re

from playwright.async_api import Page, expect

from tests.browser.dashboard.knowledge.opening import (
    SYNC_MS,
    add,
    add_by_api,
    open_knowledge,
    part,
    row_of,
    synced,
)
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import Complaints, TakeScreenshots
from tests.conftest import Desk, Server
from tests.waiting import PATIENCE, attempts
from tests.websites import Manual, Website

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"


async def test_a_website_that_cannot_be_read_is_refused_and_stays_typed(
    page: Page, server: Server, desk: Desk
) -> None:
    await open_knowledge(page, server, desk)
    field = page.get_by_label("Address of your website")
    for address, reason in (
        ("ftp://example.com", "http"),
        ("http://user:secret@example.com/", "user name"),
    ):
        await field.fill(address)
        await page.get_by_role("button", name="Read it").click()
        await expect(page.locator("#content").get_by_role("alert")).to_contain_text(reason)
        await expect(field).to_have_value(address)
    await page.reload()
    await expect(field).to_have_value(address)


async def test_a_website_is_added_where_nothing_is_known_and_watched(
    page: Page,
    server: Server,
    desk: Desk,
    site: Website,
    book: Manual,
    take_screenshots: TakeScreenshots,
) -> None:
    await open_knowledge(page, server, desk)
    await expect(page.get_by_role("heading", level=2)).to_have_text("Begin with your website")
    await hold_to_the_rules(page, "knowledge-empty", take_screenshots)
    await page.get_by_label("Address of your website").fill(site.url)
    await page.get_by_role("button", name="Read it").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(site.host)
    await expect(page.get_by_role("progressbar", name="Reading of")).to_be_visible()
    await synced(page)
    content = page.locator("#content")
    await expect(content).to_contain_text("13 pages in the answers")
    await expect(content).to_contain_text("Last read: 13 new · 1 failed.")
    await page.get_by_label("State").select_option("failed")
    await expect(row_of(page, "secret.html")).to_contain_text("403")
    await expect(row_of(page, "secret.html")).to_contain_text("Linked from")
    await page.reload()
    await expect(page.get_by_label("State")).to_have_value("failed")
    await page.get_by_label("State").select_option("All")
    topic = next(one for one in book.pages.values() if one.question)
    desk.visitor.post(
        "/api/chat", json={"project_id": desk.project_id, "message": topic.question}
    ).raise_for_status()
    await page.get_by_role("button", name=topic.title).click()
    sheet = page.get_by_role("dialog", name=topic.title)
    await expect(sheet).to_contain_text("Used in 1 answer")
    await expect(sheet).to_contain_text(topic.question)
    await hold_to_the_rules(page, "knowledge-page", take_screenshots)
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await page.get_by_text("What the last readings changed").click()
    await hold_to_the_rules(page, "knowledge-source", take_screenshots)
    await page.get_by_role("link", name="All sources").click()
    await expect(row_of(page, site.host)).to_contain_text("1 failed")
    await hold_to_the_rules(page, "knowledge-sources", take_screenshots)
    await part(page, "Pages")
    await expect(page.get_by_role("list", name="Pages").get_by_role("listitem")).to_have_count(14)


async def test_titles_and_addresses_are_shown_and_not_obeyed(
    page: Page, server: Server, desk: Desk, site: Website, complaints: Complaints
) -> None:
    source = add_by_api(desk, site)
    await open_knowledge(page, server, desk, f"/sources/{source['id']}")
    await synced(page)
    row = row_of(page, "hostile.html")
    await expect(row.get_by_role("button")).to_have_text(HOSTILE)
    assert await row.locator("img, script").count() == 0
    await row.get_by_role("button").click()
    sheet = page.get_by_role("dialog")
    await expect(sheet.get_by_role("heading")).to_have_text(HOSTILE)
    assert await sheet.locator("img, script").count() == 0
    assert "owned" not in await page.title()
    assert complaints.items == []


async def test_a_silent_website_is_explained_and_its_reading_cancelled(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    site.set("/", "<main>The harbour.</main>", delay=30)
    source = add_by_api(desk, site)
    await page.clock.install()
    await open_knowledge(page, server, desk, f"/sources/{source['id']}")
    await expect(page.get_by_text("Reading the pages").first).to_be_visible()
    await page.clock.fast_forward(15_000)
    await expect(page.get_by_text("The website has not responded yet.")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("The last reading was cancelled")).to_be_visible()
    await synced(page)


async def test_failed_pages_are_tried_again_and_what_changed_is_told(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    source = add_by_api(desk, site)
    await open_knowledge(page, server, desk, f"/sources/{source['id']}")
    await synced(page)
    await page.get_by_text("What the last readings changed").click()
    await page.get_by_text("The pages", exact=True).click()
    changes = page.locator("details details li")
    await expect(changes).to_have_count(14)
    # What asks for something comes first.
    await expect(changes.first).to_contain_text("secret.html")
    site.set("/secret.html", "<main><h1>Secret</h1><p>The tunnel leads to the harbour.</p></main>")
    await page.get_by_role("button", name="Try the failed page again").click()
    await expect(page.locator("#content")).to_contain_text(
        "14 pages in the answers", timeout=SYNC_MS
    )
    newest = page.locator("details > div > ul > li").first
    await expect(newest).to_contain_text("failed pages again")
    await expect(newest).to_contain_text("1 new")
    await newest.get_by_text("The pages").click()
    await expect(newest).to_contain_text("Secret")


async def test_a_website_that_is_there_already_is_not_added_again(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    source = add_by_api(desk, site)
    await open_knowledge(page, server, desk, f"/sources/{source['id']}")
    await synced(page)
    await page.get_by_role("link", name="All sources").click()
    sheet = await add(page, "Add a website")
    await sheet.get_by_role("textbox", name="Address").first.fill(site.url)
    await sheet.get_by_role("button", name="Add the website").click()
    await expect(page.get_by_text("It is here already")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(site.host)


async def test_pages_that_seem_gone_are_kept_until_somebody_confirms(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    source = add_by_api(desk, site)
    await open_knowledge(page, server, desk, f"/sources/{source['id']}")
    await synced(page)
    site.remove(*[path for path in book.pages if path != "/"])
    await page.keyboard.press("r")
    held = page.get_by_role("region", name="11 pages seem to be gone")
    await expect(held.get_by_role("listitem")).to_have_count(11, timeout=SYNC_MS)
    await expect(page.locator("#content")).to_contain_text("13 pages in the answers")
    await held.get_by_role("button", name="Remove 11 pages").click()
    await expect(page.locator("#content")).to_contain_text(
        "2 pages in the answers", timeout=SYNC_MS
    )


async def test_settings_are_kept_and_nobodys_change_is_overwritten_unseen(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    added = add_by_api(desk, site)
    path = f"{desk.path}/sources/{added['id']}"
    await open_knowledge(page, server, desk, f"/sources/{added['id']}")
    await synced(page)
    await page.get_by_role("button", name="Settings").click()
    form = page.get_by_role("form", name="Settings of this source")
    await form.get_by_label("Look for changes").select_option("every 6 hours")
    await form.get_by_label("No pages whose address matches").fill("/old/*\n/blog/*")
    desk.owner.patch(path, json={"name": "Theirs"}).raise_for_status()
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_contain_text("Somebody else has changed this")
    assert desk.owner.get(path).json()["name"] == "Theirs"
    await form.get_by_role("button", name="Save").click()
    # The time is chosen a tenth earlier or later, so that not all readings begin at once.
    await expect(page.locator("#content")).to_contain_text(re.compile("next in [567] hr"))
    kept = desk.owner.get(path).json()
    assert (kept["name"], kept["sync_every_hours"]) == (added["name"], 6)
    assert kept["settings"]["exclude"] == ["/old/*", "/blog/*"]


async def test_a_removed_source_comes_back_with_undo_and_goes_without(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    source = add_by_api(desk, site)
    await open_knowledge(page, server, desk, f"/sources/{source['id']}")
    await synced(page)
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("Begin with your website")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    row = row_of(page, site.host)
    await expect(row).to_be_visible()
    await row.get_by_role("button", name="Actions for").click()
    await page.get_by_role("menuitem", name="Stop checking by itself").click()
    await expect(row).to_contain_text("checked only on demand")
    await row.get_by_role("button", name="Actions for").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await expect(row).to_have_count(0)
    # Whoever leaves has decided. What tells the server is still on its way then.
    await page.goto("about:blank")
    assert any(
        desk.owner.get(f"{desk.path}/sources").json()["items"] == [] for _ in attempts(PATIENCE)
    )
    await open_knowledge(page, server, desk)
    await expect(page.get_by_text("Begin with your website")).to_be_visible()
