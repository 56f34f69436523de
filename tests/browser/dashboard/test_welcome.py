"""The first steps: a website's address, watching it being read, a question, the tag."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import FilePayload, Page, Route, expect

from tests.accounts.people import Person, join, sign_up
from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.conftest import Server
from tests.waiting import PATIENCE
from tests.websites import Manual, Website, manual

READ_MS = 1000 * PATIENCE


@pytest.fixture
def book() -> Manual:
    return manual(8)


@pytest.fixture
def site(book: Manual) -> Iterator[Website]:
    """A small manual, with a page that cannot be read."""
    with Website() as made:
        made.put({path: book.html(path) for path in book.pages})
        made.set("/secret.html", "no", status=403)
        made.set("/", book.html("/").replace("</body>", '<a href="/secret.html">s</a></body>'))
        yield made


async def open_welcome(page: Page, server: Server, person: Person) -> None:
    await open_dashboard(page, server, person, "/welcome")


async def give_address(page: Page, address: str) -> None:
    await page.get_by_label("Address of your website").fill(address)
    await page.get_by_role("button", name="Read my website").click()


async def test_who_may_not_create_projects_is_told_so(open_page: OpenPage, server: Server) -> None:
    boss = sign_up(server, "boss")
    page = await open_page()
    await open_welcome(page, server, join(server, boss, "viewer"))
    await expect(page.get_by_text("You may not create projects")).to_be_visible()
    await expect(page.get_by_label("Address of your website")).to_have_count(0)


async def test_wrong_addresses_are_told_and_lose_nothing(
    open_page: OpenPage, server: Server, site: Website
) -> None:
    boss = sign_up(server, "boss")
    page = await open_page()
    await open_welcome(page, server, boss)
    await page.get_by_label("Name of the project").fill("Harbour Bakery")
    await give_address(page, "my shop")
    field = page.get_by_label("Address of your website")
    await expect(field).to_be_focused()
    await expect(page.get_by_text("This is not the address of a website")).to_be_visible()
    await expect(field).to_have_value("my shop")
    assert boss.client.get("/v1/projects").json()["items"] == []

    async def refuse(route: Route) -> None:
        if route.request.method == "GET":
            await route.continue_()
        else:
            await route.fulfill(status=422, json={"detail": "Too many websites.", "code": "no"})

    await page.route("**/sources**", refuse)
    await give_address(page, site.url)
    await expect(page.get_by_text("Too many websites.")).to_be_visible()
    await expect(page.get_by_label("Name of the project")).to_have_value("Harbour Bakery")
    await page.unroute("**/sources**")
    await page.get_by_role("button", name="Read my website").click()
    await expect(page.get_by_role("heading", name="Ask it something")).to_be_visible()
    # What was refused before has not left a second project behind.
    assert [one["name"] for one in boss.client.get("/v1/projects").json()["items"]] == [
        "Harbour Bakery"
    ]


async def test_a_private_address_says_what_to_do_and_another_one_replaces_it(
    open_page: OpenPage, server: Server, site: Website
) -> None:
    boss = sign_up(server, "boss")
    page = await open_page()
    await open_welcome(page, server, boss)
    await give_address(page, "http://10.0.0.1/")
    told = page.get_by_role("region", name="What is being read")
    await expect(told.get_by_role("alert")).to_contain_text("private network", timeout=READ_MS)
    await told.get_by_role("link", name="Use another address").click()
    await give_address(page, site.url)
    await expect(told).to_contain_text(site.host)
    await expect(told).not_to_contain_text("10.0.0.1")


async def test_a_website_is_read_tried_and_put_on_pages(
    open_page: OpenPage,
    server: Server,
    site: Website,
    book: Manual,
    take_screenshots: TakeScreenshots,
) -> None:
    boss = sign_up(server, "boss")
    page = await open_page()
    await open_welcome(page, server, boss)
    await hold_to_the_rules(page, "welcome", take_screenshots)
    await give_address(page, site.url)
    question = page.get_by_label("Question")
    await expect(question).to_be_enabled(timeout=READ_MS)
    live = page.get_by_role("region", name="What is being read")
    await expect(live.get_by_text("Read", exact=True)).to_be_visible(timeout=READ_MS)
    await expect(live).to_contain_text("failed1")
    await live.get_by_text("Could not be read (1)").click()
    await expect(live).to_contain_text("secret.html")
    topic = next(one for one in book.pages.values() if one.question)
    await expect(live.get_by_role("link")).to_have_count(6)
    await question.fill(topic.question)
    await question.press("Enter")
    await expect(page.get_by_text(topic.fact).first).to_be_visible()
    await hold_to_the_rules(page, "welcome-try", take_screenshots)
    # Nothing of it is a conversation.
    (project,) = boss.client.get("/v1/projects").json()["items"]
    assert boss.client.get(f"/v1/projects/{project['id']}/conversations").json()["items"] == []
    await page.reload()
    await expect(live).to_contain_text(site.host)
    await page.get_by_role("button", name="Put it on my website").click()
    await expect(page.get_by_role("region", name="The tag", exact=True)).to_have_text(
        project["tag"]
    )
    await hold_to_the_rules(page, "welcome-tag", take_screenshots)
    await page.go_back()
    await expect(page.get_by_role("heading", name="Ask it something")).to_be_visible()
    await page.go_forward()
    await page.get_by_role("link", name="Done").click()
    await expect(page).to_have_url(re.compile(f"/app/p/{project['id']}/overview"))


async def test_files_are_taken_refused_with_a_reason_and_steps_are_skipped(
    open_page: OpenPage, server: Server
) -> None:
    boss = sign_up(server, "boss")
    page = await open_page()
    await open_welcome(page, server, boss)
    await page.get_by_role("button", name="Skip this step").click()
    await expect(page.get_by_text("Write a name, or the address")).to_be_visible()
    await page.get_by_label("Name of the project").fill("Harbour Bakery")
    chosen: list[FilePayload] = [
        {"name": "hours.txt", "mimeType": "text/plain", "buffer": b"We open at nine."},
        {"name": "empty.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\0\0"},
    ]
    await page.locator("input[type=file]").set_input_files(chosen)
    files = page.get_by_role("region", name="Files").get_by_role("listitem")
    await expect(files.filter(has_text="hours.txt")).to_contain_text("Added")
    refused = files.filter(has_text="empty.exe")
    await expect(refused.get_by_role("button", name="Try again")).to_be_visible()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_label("Question")).to_be_enabled(timeout=READ_MS)
    await page.get_by_label("Question").fill("When do you open?")
    await page.get_by_role("button", name="Ask").click()
    await expect(page.locator("#content").get_by_text("We open at nine.").first).to_be_visible()
    (project,) = boss.client.get("/v1/projects").json()["items"]
    assert project["name"] == "Harbour Bakery"
