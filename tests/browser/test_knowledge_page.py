"""The page of the knowledge, in a real browser, against a real server that reads a real website."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import FilePayload, Locator, Page, ViewportSize, expect

from tests.browser.accessibility import problems
from tests.browser.asking import ask
from tests.browser.bad_line import BadLine
from tests.browser.pages import PHONE, ColorScheme, Complaints, OpenPage, TakeScreenshots
from tests.conftest import Desk, Server
from tests.websites import Manual, Website, manual

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"
SMALL: ViewportSize = {"width": 320, "height": 640}
SYNC_MS = 60_000


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of this file's own, which may read websites on this machine."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        running = Server(
            Path(folder) / "data",
            ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8",
            ANSWERDESK_CRAWL_DELAY="0",
            ANSWERDESK_MAX_FILE_BYTES="100000",
        ).start()
        yield running
        running.stop()


@pytest.fixture
def book() -> Manual:
    """A small manual."""
    return manual(12)


@pytest.fixture
def site(book: Manual) -> Iterator[Website]:
    """The manual as a website, with a page that cannot be read and one with a hostile title."""
    with Website() as made:
        made.put({path: book.html(path) for path in book.pages})
        made.set("/secret.html", "no", status=403)
        made.set(
            "/hostile.html",
            "<html><head><title>&lt;img src=x onerror=\"document.title='owned'\"&gt;"
            "&lt;script&gt;alert(1)&lt;/script&gt;</title></head>"
            "<body><main><p>The wanted posters hang in the town hall.</p></main></body></html>",
        )
        links = '<a href="/secret.html">s</a><a href="/hostile.html">h</a></body>'
        made.set("/", book.html("/").replace("</body>", links))
        yield made


async def _open(page: Page, server: Server, desk: Desk, url: str | None = None) -> None:
    """Open the page with the owner's key, as the link of `answerdesk serve` does."""
    address = f"{url or server.url}/knowledge?project={desk.project_id}"
    await page.goto(f"{address}#owner_key={server.owner_key}")
    await expect(page.get_by_role("heading", name="Sources")).to_be_visible()


async def _add_site(page: Page, site: Website) -> None:
    await page.get_by_label("Address of the website").fill(site.url)
    await page.get_by_role("button", name="Add the website").click()
    await expect(page.get_by_role("heading", name=site.host)).to_be_visible()


async def _synced(page: Page) -> None:
    await expect(page.get_by_role("button", name="Sync now")).to_be_visible(timeout=SYNC_MS)


def _add_by_api(desk: Desk, site: Website) -> dict[str, str]:
    added = desk.owner.post(f"{desk.path}/sources", json={"kind": "site", "url": site.url})
    assert added.status_code == 201, added.text
    source: dict[str, str] = added.json()
    return source


def _row(page: Page, text: str) -> Locator:
    return page.locator("#contents > li", has_text=text)


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


async def test_without_a_log_in_the_page_leads_to_it_and_back(
    page: Page, server: Server, desk: Desk
) -> None:
    await page.goto(f"{server.url}/knowledge?project={desk.project_id}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    kept = await page.evaluate("sessionStorage.getItem('answerdesk.return_to')")
    assert kept == f"/knowledge?project={desk.project_id}"


async def test_a_wrong_key_opens_nothing(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/knowledge#owner_key=ad_live_wrong")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


async def test_an_unknown_project_is_told(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/knowledge?project=proj_0#owner_key={server.owner_key}")
    await expect(page.get_by_text("There is no such project")).to_be_visible()


async def test_what_cannot_be_read_is_refused_in_the_form_and_stays_there(
    page: Page, server: Server, desk: Desk
) -> None:
    await _open(page, server, desk)
    field = page.get_by_label("Address of the website")
    for address, reason in (
        ("ftp://example.com", "http"),
        ("http://user:secret@example.com/", "user name"),
    ):
        await field.fill(address)
        await page.get_by_role("button", name="Add the website").click()
        await expect(page.locator("#add-site").get_by_role("alert")).to_contain_text(reason)
        await expect(field).to_have_value(address)
    await page.reload()
    await expect(field).to_have_value(address)


async def test_a_viewer_sees_everything_and_changes_nothing(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    wish = {"name": "Reader", "scopes": ["knowledge:read", "projects:read"]}
    made = desk.owner.post("/v1/api-keys", json=wish)
    assert made.status_code == 201, made.text
    address = f"{server.url}/knowledge?project={desk.project_id}"
    await page.goto(f"{address}#owner_key={made.json()['key']}")
    await page.get_by_role("link", name="Opening hours").click()
    await expect(_row(page, "Opening hours")).to_be_visible()
    await expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    await page.get_by_role("link", name="All sources").click()
    await expect(page.get_by_role("heading", name="Add knowledge")).to_be_hidden()


async def test_a_website_is_added_watched_and_answered_from(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    await _open(page, server, desk)
    await expect(page.get_by_text("Begin with your website")).to_be_visible()
    await _add_site(page, site)
    bar = page.get_by_role("progressbar", name=f"Sync of {site.host}")
    await expect(bar).to_be_visible()
    await expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    await _synced(page)
    await expect(page.locator("#source-state")).to_contain_text("13 pages in the answers")
    await expect(page.locator("#source-state")).to_contain_text("1 failed")
    await page.get_by_label("Show").select_option("failed")
    await expect(page.locator("#contents > li")).to_have_count(1)
    await expect(_row(page, "secret.html")).to_contain_text("403")
    topic = next(one for one in book.pages.values() if one.question)
    await page.get_by_role("link", name="Ask").click()
    await page.wait_for_url("**/?project=*")
    answer = await ask(page, topic.question)
    await expect(answer.locator(".message-text")).to_contain_text(topic.fact)
    source = answer.locator(".sources a").first
    assert await source.get_attribute("href") == f"{site.url}{topic.path}#limits"
    await page.get_by_role("link", name="Knowledge").click()
    await page.get_by_role("link", name=site.host).click()
    row = _row(page, topic.title)
    await row.get_by_text("Details and answers").click()
    await expect(row).to_contain_text("Used in 1 answer:")
    await expect(row).to_contain_text(topic.question)


async def test_titles_and_addresses_are_shown_and_not_obeyed(
    page: Page, server: Server, desk: Desk, site: Website, complaints: Complaints
) -> None:
    _add_by_api(desk, site)
    await _open(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await _synced(page)
    row = _row(page, "hostile.html")
    await expect(row.get_by_role("link")).to_contain_text(HOSTILE)
    assert await page.title() != "owned"
    assert await page.locator("#contents img, #contents script").count() == 0
    assert complaints.items == []


async def test_what_changed_is_told_and_failed_pages_are_tried_again(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    _add_by_api(desk, site)
    await _open(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await _synced(page)
    site.set("/secret.html", "<main><h1>Secret</h1><p>The tunnel leads to the harbour.</p></main>")
    await page.get_by_role("button", name="Try the 1 failed page again").click()
    await expect(page.locator("#source-state")).to_contain_text(
        "14 pages in the answers", timeout=SYNC_MS
    )
    await page.get_by_text("What the last syncs changed").click()
    newest = page.locator("#source-changes .ledger > li").first
    await expect(newest).to_contain_text("failed pages again")
    await expect(newest).to_contain_text("1 new")
    await newest.get_by_text("The pages").click()
    await expect(newest.locator(".changes")).to_contain_text("Secret")


async def test_pages_that_seem_gone_are_kept_until_somebody_confirms(
    page: Page, server: Server, desk: Desk, site: Website, book: Manual
) -> None:
    _add_by_api(desk, site)
    await _open(page, server, desk)
    await page.get_by_role("link", name=site.host).click()
    await _synced(page)
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


async def test_a_source_goes_when_that_is_confirmed(page: Page, server: Server, desk: Desk) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    await _open(page, server, desk)
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


async def test_a_bad_file_is_refused_with_its_reason_and_the_good_ones_come_in(
    page: Page, server: Server, desk: Desk
) -> None:
    await _open(page, server, desk)
    await page.get_by_role("button", name="Files", exact=True).click()
    files = [
        _file("parrots.md", b"# Parrots\n\nParrots eat seeds and fruit."),
        _file("broken.pdf", b"%PDF-1.4 nothing else"),
        _file("large.txt", b"x" * 100_001),
        _file("geese.txt", b"Geese eat grass."),
    ]
    await page.get_by_label("Choose files, or drop them here").set_input_files(files)
    uploads = page.locator("#uploads > li")
    await expect(uploads.filter(has_text="parrots.md")).to_contain_text("1 passage")
    await expect(uploads.filter(has_text="geese.txt")).to_contain_text("1 passage")
    await expect(uploads.filter(has_text="broken.pdf")).to_contain_text("damaged")
    await expect(uploads.filter(has_text="large.txt")).to_contain_text("more than the 98 KB")
    await expect(page.locator("#sources > li")).to_have_count(2)


async def test_a_dropped_file_is_taken_in(page: Page, server: Server, desk: Desk) -> None:
    await _open(page, server, desk)
    await page.get_by_role("button", name="Files", exact=True).click()
    dropped = await page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        "data.items.add(new File(['Swans eat weed.'], 'swans.txt')); return data; }"
    )
    await page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    await expect(page.locator("#uploads > li")).to_contain_text("1 passage")


async def test_an_import_tells_what_is_wrong_in_which_row(
    page: Page, server: Server, desk: Desk
) -> None:
    await _open(page, server, desk)
    await page.get_by_role("button", name="Import questions").click()
    chooser = page.get_by_label("A table of questions and answers")
    wrong = b"question,answer\nWhere are you?,In the harbour.\n,Nobody asked.\nWhy?,\n"
    await chooser.set_input_files(_file("questions.csv", wrong))
    await page.get_by_role("button", name="Import", exact=True).click()
    rows = page.locator("#import-errors tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(0)).to_contain_text("3")
    await expect(rows.nth(0)).to_contain_text("question")
    assert desk.owner.get(f"{desk.path}/items").json()["items"] == []
    right = b'question,answer,category,tags\nWhere are you?,In the harbour.,Place,"way, map"\n'
    await chooser.set_input_files(_file("questions.csv", right))
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.locator("#told")).to_contain_text("1 question added")
    await expect(page.locator("#import-errors")).to_be_hidden()
    await page.get_by_role("link", name="Questions", exact=True).click()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export CSV").click()
    path = await (await download.value).path()
    assert path.read_text(encoding="utf-8-sig").splitlines()[1].startswith("Where are you?")


async def test_a_question_is_found_edited_and_deleted(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_item("Do you ship to Norway?", "Yes, in a week.")
    desk.add_item("Where are you?", "In the harbour.")
    await _open(page, server, desk)
    await page.get_by_role("link", name="Questions", exact=True).click()
    items = page.locator("#items > li")
    await expect(items).to_have_count(2)
    await page.get_by_label("Search").fill("norway")
    await expect(items).to_have_count(1)
    await items.get_by_role("button", name="Edit").click()
    form = page.get_by_role("form", name="Edit the question")
    await form.get_by_label("Answer").fill("Yes, in two weeks.")
    await form.get_by_label("Category").fill("Shipping")
    await form.get_by_role("button", name="Save").click()
    await expect(items).to_contain_text("Yes, in two weeks.")
    await expect(items).to_contain_text("Shipping")
    await expect(items.get_by_role("button", name="Edit")).to_be_focused()
    answer = desk.visitor.post(
        "/api/chat", json={"project_id": desk.project_id, "message": "Do you ship to Norway?"}
    )
    assert "two" in answer.text
    await items.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    await expect(page.get_by_text("No question fits.")).to_be_visible()
    left = desk.owner.get(f"{desk.path}/items").json()["items"]
    assert [one["question"] for one in left] == ["Where are you?"]


async def test_the_model_is_changed_and_taken_back(page: Page, server: Server, desk: Desk) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    await _open(page, server, desk)
    await page.get_by_role("link", name="Embedding model").click()
    await page.get_by_label("Change to").select_option("fake:2")
    await page.get_by_role("button", name="Change", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Change").click()
    back = page.get_by_role("button", name="Go back to fake", exact=True)
    await expect(back).to_be_visible(timeout=SYNC_MS)
    await expect(page.locator("#model .facts")).to_contain_text("fake:2")
    await back.click()
    await expect(page.get_by_role("button", name="Go back to fake:2")).to_be_visible()
    shown = desk.owner.get(f"{desk.path}/embedding").json()
    assert (shown["space"], shown["previous"]["space"]) == ("fake", "fake:2")


async def test_a_broken_line_loses_nothing_and_doubles_nothing(
    page: Page, server: Server, desk: Desk
) -> None:
    async with BadLine(server.port).open() as line:
        await _open(page, server, desk, line.url)
        await page.get_by_role("button", name="Text", exact=True).click()
        await page.get_by_label("Title").fill("Opening hours")
        await page.get_by_role("textbox", name="Text", exact=True).fill("We open at nine.")
        line.break_after(0)
        await page.get_by_role("button", name="Add the text").click()
        failure = page.locator("#add-text").get_by_role("alert")
        await expect(failure).to_contain_text("Check your connection and try again")
        await expect(page.get_by_label("Title")).to_have_value("Opening hours")
        line.release()
        await page.get_by_role("button", name="Add the text").click()
        await expect(page.locator("#sources > li")).to_have_count(1)
    # The server had the first one, too; the key that both carry makes them one.
    assert len(desk.owner.get(f"{desk.path}/sources").json()["items"]) == 1


async def test_the_keyboard_alone_is_enough(page: Page, server: Server, desk: Desk) -> None:
    await _open(page, server, desk)
    await page.get_by_role("button", name="Text", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Title")).to_be_focused()
    await page.keyboard.type("Parking")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Cars park behind the house.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Add the text")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Parking")).to_be_visible()
    await page.get_by_role("link", name="Parking").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Parking")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage,
    server: Server,
    desk: Desk,
    site: Website,
    scheme: ColorScheme,
    take_screenshots: TakeScreenshots,
) -> None:
    page = await open_page(viewport=PHONE, color_scheme=scheme)
    await page.add_init_script(
        "window.shifted = 0; new PerformanceObserver((list) => {for (const one of list.getEntries()"
        ") if (!one.hadRecentInput) window.shifted += one.value; })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    desk.add_item("Do you ship to Norway?", "Yes, in a week.")
    _add_by_api(desk, site)
    await _open(page, server, desk)
    for form in ("Website", "Single page", "Files", "Text", "Question with answer"):
        await page.get_by_role("button", name=form, exact=True).click()
        assert await problems(page) == [], form
    await page.get_by_role("link", name=site.host).click()
    await _synced(page)
    await page.get_by_text("Details and answers").first.click()
    await page.get_by_text("What the last syncs changed").click()
    assert await problems(page) == []
    if scheme == "light":
        await take_screenshots(page, "knowledge-source")
    await page.get_by_role("button", name="Settings").click()
    assert await problems(page) == []
    await page.get_by_role("button", name="Remove", exact=True).click()
    assert await problems(page) == []
    await page.keyboard.press("Escape")
    for part in ("Questions", "Embedding model"):
        await page.get_by_role("link", name=part, exact=True).click()
        await expect(page.get_by_role("heading", name=part)).to_be_visible()
        assert await problems(page) == [], part
    await page.reload()
    await expect(page.get_by_role("heading", name="Embedding model")).to_be_visible()
    assert await page.evaluate("window.shifted") < 0.05
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


def test_the_page_is_served_with_its_files(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        shown = client.get("/knowledge")
        assert shown.status_code == 200
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        assert client.get("/assets/knowledge/page.js").status_code == 200
        assert client.get("/assets/knowledge.css").status_code == 200
