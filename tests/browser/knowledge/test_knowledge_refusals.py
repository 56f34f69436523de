"""What the page of the knowledge refuses, and that nothing typed is lost."""

from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Page, expect

from tests.browser.bad_line import BadLine
from tests.browser.knowledge.opening import open_knowledge, row_of
from tests.conftest import Desk, Server


async def test_without_a_log_in_the_page_leads_to_it_and_back(
    page: Page, server: Server, desk: Desk
) -> None:
    await page.goto(f"{server.url}/knowledge?project={desk.project_id}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    back = parse_qs(urlsplit(page.url).query)["next"]
    assert back == [f"/knowledge?project={desk.project_id}"]


async def test_a_wrong_key_opens_nothing(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/knowledge#owner_key=ad_live_wrong")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


async def test_an_unknown_project_is_told(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/knowledge?project=proj_0#owner_key={server.owner_key}")
    await expect(page.get_by_text("There is no such project")).to_be_visible()


async def test_what_cannot_be_read_is_refused_in_the_form_and_stays_there(
    page: Page, server: Server, desk: Desk
) -> None:
    await open_knowledge(page, server, desk)
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
    await expect(row_of(page, "Opening hours")).to_be_visible()
    await expect(page.get_by_role("link", name="Account")).to_have_attribute(
        "href", "/app/settings/profile"
    )
    await expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    await page.get_by_role("link", name="All sources").click()
    await expect(page.get_by_role("heading", name="Add knowledge")).to_be_hidden()


async def test_a_broken_line_loses_nothing_and_doubles_nothing(
    page: Page, server: Server, desk: Desk
) -> None:
    async with BadLine(server.port).open() as line:
        await open_knowledge(page, server, desk, line.url)
        await page.get_by_role("button", name="Text", exact=True).click()
        await page.get_by_label("Title").fill("Opening hours")
        await page.get_by_role("textbox", name="Text", exact=True).fill("We open at nine.")
        line.break_after(b"")
        await page.get_by_role("button", name="Add the text").click()
        failure = page.locator("#add-text").get_by_role("alert")
        await expect(failure).to_contain_text("Check your connection and try again")
        await expect(page.get_by_label("Title")).to_have_value("Opening hours")
        line.release()
        await page.get_by_role("button", name="Add the text").click()
        await expect(page.locator("#sources > li")).to_have_count(1)
    # The server had the first one, too; the key that both carry makes them one.
    assert len(desk.owner.get(f"{desk.path}/sources").json()["items"]) == 1
