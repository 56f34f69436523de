"""Websites on the page of the knowledge, in a real browser: read for real, from a real website."""

import re

from playwright.async_api import Page, expect

from tests.browser.asking import ask
from tests.browser.knowledge.opening import (
    SYNC_MS,
    add_by_api,
    add_site,
    open_knowledge,
    row_of,
    synced,
)
from tests.browser.pages import Complaints
from tests.conftest import Desk, Server
from tests.websites import Manual, Website

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"


async def test_a_website_is_added_watched_and_answered_from(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    await open_knowledge(page, server, desk)
    await expect(page.get_by_text("Begin with your website")).to_be_visible()
    await add_site(page, site)
    bar = page.get_by_role("progressbar", name=f"Sync of {site.host}")
    await expect(bar).to_be_visible()
    await expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    await synced(page)
    await expect(page.locator("#source-state")).to_contain_text("13 pages in the answers")
    await expect(page.locator("#source-state")).to_contain_text("1 failed")
    await expect(page.get_by_text("The last sync: 13 new · 1 failed.")).to_be_visible()
    await page.get_by_role("button", name="Show the 1 failed page").click()
    await expect(page.locator("#contents > li")).to_have_count(1)
    await expect(row_of(page, "secret.html")).to_contain_text("403")
    await expect(row_of(page, "secret.html")).to_contain_text("Linked from")
    topic = next(one for one in book.pages.values() if one.question)
    await page.get_by_role("link", name="Ask").click()
    await page.wait_for_url("**/?project=*")
    answer = await ask(page, topic.question)
    await expect(answer.locator(".message-text")).to_contain_text(topic.fact)
    source = answer.locator(".sources a").first
    assert await source.get_attribute("href") == f"{site.url}{topic.path}#limits"
    await page.get_by_role("link", name="Knowledge").click()
    await page.get_by_role("link", name=site.host).click()
    row = row_of(page, topic.title)
    await row.get_by_text("Details and answers").click()
    await expect(row).to_contain_text("Used in 1 answer:")
    await expect(row).to_contain_text(topic.question)


async def test_titles_and_addresses_are_shown_and_not_obeyed(
    page: Page, server: Server, desk: Desk, site: Website, complaints: Complaints
) -> None:
    add_by_api(desk, site)
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await synced(page)
    row = row_of(page, "hostile.html")
    await expect(row.get_by_role("link")).to_contain_text(HOSTILE)
    assert await page.title() != "owned"
    assert await page.locator("#contents img, #contents script").count() == 0
    assert complaints.items == []


async def test_what_changed_is_told_and_failed_pages_are_tried_again(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    add_by_api(desk, site)
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await synced(page)
    site.set("/secret.html", "<main><h1>Secret</h1><p>The tunnel leads to the harbour.</p></main>")
    await page.get_by_role("button", name="Try it again").click()
    await expect(page.locator("#source-state")).to_contain_text(
        "14 pages in the answers", timeout=SYNC_MS
    )
    await page.get_by_text("What the last syncs changed").click()
    newest = page.locator("#source-changes .listing > li").first
    await expect(newest).to_contain_text("failed pages again")
    await expect(newest).to_contain_text("1 new")
    await newest.get_by_text("The pages").click()
    await expect(newest.locator(".changes")).to_contain_text("Secret")


async def test_what_a_sync_changed_begins_with_what_asks_for_something(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    add_by_api(desk, site)
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await synced(page)
    await page.get_by_text("What the last syncs changed").click()
    await page.get_by_text("The pages", exact=True).click()
    changes = page.locator("#source-changes .changes > li")
    await expect(changes).to_have_count(14)
    await expect(changes.first).to_contain_text("secret.html")
    addresses = await changes.get_by_role("link").evaluate_all(
        "links => links.map(one => one.href)"
    )
    assert addresses[1:] == sorted(addresses[1:])


async def test_a_website_that_keeps_silent_and_a_cancelled_sync_are_told(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    site.set("/", "<main>The harbour.</main>", delay=30)
    add_by_api(desk, site)
    await page.clock.install()
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await expect(page.locator("#source-state")).to_contain_text("Reading the pages")
    await page.clock.fast_forward(15_000)
    await expect(page.get_by_text("The website has not responded yet.")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#source-state")).to_contain_text("The last sync was cancelled")
    await expect(page.get_by_role("button", name="Sync now")).to_be_visible()


async def test_a_website_that_is_there_already_is_not_added_again(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    add_by_api(desk, site)
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await synced(page)
    await page.get_by_role("link", name="All sources").click()
    await page.get_by_role("button", name="Website", exact=True).click()
    await add_site(page, site)
    await expect(page.locator("#told")).to_contain_text("It is here already")


async def test_pages_that_seem_gone_are_kept_until_somebody_confirms(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    add_by_api(desk, site)
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await synced(page)
    site.remove(*[path for path in book.pages if path != "/"])
    await page.get_by_role("button", name="Sync now").click()
    await expect(page.get_by_text("11 pages seem to be gone.")).to_be_visible(timeout=SYNC_MS)
    await page.get_by_role("button", name="Remove 11 pages").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("listitem")).to_have_count(11)
    await dialog.get_by_role("button", name="Keep them").click()
    await expect(page.locator("#source-state")).to_contain_text("13 pages in the answers")
    await page.get_by_role("button", name="Remove 11 pages").click()
    await dialog.get_by_role("button", name="Remove them").click()
    await expect(page.locator("#source-state")).to_contain_text(
        "2 pages in the answers", timeout=SYNC_MS
    )


async def test_settings_are_kept_and_nobodys_change_is_overwritten_unseen(
    page: Page, server: Server, desk: Desk, site: Website
) -> None:
    added = add_by_api(desk, site)
    path = f"{desk.path}/sources/{added['id']}"
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await synced(page)
    await page.get_by_role("button", name="Settings").click()
    form = page.get_by_role("form", name="Settings of this source")
    await form.get_by_label("Check for changes").select_option("every 6 hours")
    await form.get_by_label("No pages whose address matches").fill("/old/*\n/blog/*")
    desk.owner.patch(path, json={"name": "Theirs"}).raise_for_status()
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_contain_text("Somebody else has changed this")
    assert desk.owner.get(path).json()["name"] == "Theirs"
    await form.get_by_role("button", name="Save").click()
    # The time is chosen a tenth earlier or later, so that not all syncs begin at once.
    await expect(page.locator("#source-state")).to_contain_text(re.compile("next in [567] hours"))
    kept = desk.owner.get(path).json()
    assert (kept["name"], kept["sync_every_hours"]) == (added["name"], 6)
    assert kept["settings"]["exclude"] == ["/old/*", "/blog/*"]


async def test_a_source_goes_when_that_is_confirmed(page: Page, server: Server, desk: Desk) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name="Opening hours").click()
    await page.get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog", name="Remove “Opening hours”?")
    await expect(dialog).to_contain_text("1 document")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Remove")).to_be_focused()
    await page.get_by_role("button", name="Remove").click()
    await dialog.get_by_role("button", name="Remove it").click()
    await expect(page.get_by_text("Begin with your website")).to_be_visible()
    assert desk.owner.get(f"{desk.path}/sources").json()["items"] == []
