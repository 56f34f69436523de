"""A newcomer: from signing up to a question, a reply, a contact, a webhook sent again."""

from collections.abc import Iterator

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.accounts.people import PASSWORD, Person, fresh_email, log_in
from tests.browser.dashboard.inboxes import field, items, rows
from tests.browser.pages import OpenPage
from tests.browser.widget.host import open_chat, put_page, question_field
from tests.conftest import Server
from tests.waiting import PATIENCE
from tests.webhooks.receiver import Receiver, answer, receiving
from tests.websites import Manual, ManualPage, Website, manual

READ_MS = 1000 * PATIENCE
HOOK = "/hook"
VISITOR = "kim@example.com"


@pytest.fixture
def book() -> Manual:
    return manual(8)


@pytest.fixture
def site(book: Manual) -> Iterator[Website]:
    """A website of another origin than ours. Browsers count `localhost` and `127.0.0.1` as two."""
    with Website("localhost") as made:
        made.put({path: book.html(path) for path in book.pages})
        made.set("/favicon.ico", b"", media_type="image/x-icon")
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


async def test_a_newcomers_whole_path(
    open_page: OpenPage, server: Server, site: Website, book: Manual, receiver: Receiver
) -> None:
    topic = next(one for one in book.pages.values() if one.question)
    page, visitors = await open_page(), await open_page()
    boss = await sign_up(page, server)
    tag = await set_up(page, site, topic)
    (project,) = boss.client.get("/v1/projects").json()["items"]
    await hear_of_leads(page, server, receiver)
    put_page(site, tag, "/shop.html")
    frame = await ask_and_wait(visitors, site, topic)
    await reply(page, server, project["id"])
    await expect(frame.locator(".human")).to_contain_text("Hello, this is Ann.")
    await export_leads(page, server, project["id"])
    await replay(page, server, receiver)


async def sign_up(page: Page, server: Server) -> Person:
    """Create an account in the browser, which leads to the first steps."""
    email = fresh_email("ann")
    await page.goto(f"{server.url}/signup?next=/app")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Your name").fill("Ann")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect(page.get_by_role("heading", name="Welcome", level=1)).to_be_visible()
    return log_in(server, email)


async def set_up(page: Page, site: Website, topic: ManualPage) -> str:
    """Have the website read, try a question, and return the tag, which is the last step."""
    await page.get_by_label("Address of your website").fill(site.url)
    await page.get_by_role("button", name="Read my website").click()
    live = page.get_by_role("region", name="What is being read")
    await expect(live.get_by_text("Read", exact=True)).to_be_visible(timeout=READ_MS)
    await page.get_by_label("Question").fill(topic.question)
    await page.get_by_role("button", name="Ask").click()
    await expect(page.get_by_text(topic.fact).first).to_be_visible()
    await page.get_by_role("button", name="Put it on my website").click()
    tag = await page.get_by_role("region", name="The tag", exact=True).inner_text()
    await page.get_by_role("link", name="Done").click()
    await expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    return tag


async def ask_and_wait(page: Page, site: Website, topic: ManualPage) -> FrameLocator:
    """Visit the website, ask, and then ask for a person; return the chat."""
    await page.goto(f"{site.url}/shop.html")
    frame = await open_chat(page)
    await question_field(frame).fill(topic.question)
    await question_field(frame).press("Enter")
    await expect(frame.locator(".answer").last).to_contain_text(topic.fact)
    await frame.locator(".bar").get_by_role("button", name="Talk to a person").click()
    dialog = frame.get_by_role("dialog", name="Talk to a person")
    await dialog.get_by_label("E-mail address (optional)").fill(VISITOR)
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(frame.locator(".status")).to_have_text("You are waiting for a person.")
    return frame


async def reply(page: Page, server: Server, project_id: str) -> None:
    """See on the overview that somebody waits, open the conversation, and reply."""
    await page.goto(f"{server.url}/app/p/{project_id}/overview")
    waits = page.get_by_role("link", name="Waiting for a person")
    await expect(waits).to_contain_text("1")
    await waits.click()
    await rows(page).get_by_role("link").first.click()
    await expect(items(page).first).to_be_visible()
    await field(page).fill("Hello, this is Ann.")
    await field(page).press("Control+Enter")
    await expect(items(page, "human")).to_contain_text("Hello, this is Ann.")


async def export_leads(page: Page, server: Server, project_id: str) -> None:
    """Save the contacts as a file."""
    await page.goto(f"{server.url}/app/p/{project_id}/leads")
    await expect(page.get_by_text(VISITOR).first).to_be_visible()
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Export as CSV").click()
    path = await (await saved.value).path()
    assert VISITOR in path.read_text(encoding="utf-8-sig")


async def hear_of_leads(page: Page, server: Server, receiver: Receiver) -> None:
    """Add a webhook whose receiver is down at first."""
    url = receiver.at(HOOK, answer(503), answer())
    await page.goto(f"{server.url}/app/settings/webhooks")
    await page.get_by_role("button", name="Add a webhook").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Address of your receiver").fill(url)
    await form.get_by_label("Only these").check()
    await form.get_by_label("A visitor left a contact").check()
    await form.get_by_role("button", name="Add a webhook").click()
    await page.get_by_role("button", name="I have it").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(url)


async def replay(page: Page, server: Server, receiver: Receiver) -> None:
    """Send again what the receiver has missed."""
    (missed,) = receiver.wait_for(HOOK)
    assert missed.json["type"] == "lead.created"
    await page.goto(f"{server.url}/app/settings/webhooks")
    await page.get_by_role("link", name=receiver.url).click()
    await expect(page.get_by_text("503").first).to_be_visible()
    await page.get_by_role("button", name="Send failed ones again").click()
    await page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    _, again = receiver.wait_for(HOOK, 2)
    assert again.id == missed.id
