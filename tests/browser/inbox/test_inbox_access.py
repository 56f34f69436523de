"""The inbox page: who may do what, for every pair of eyes, hands and ears; and how it looks."""

import httpx
from playwright.async_api import ViewportSize, expect

from tests.browser.accessibility import problems
from tests.browser.inbox.opening import Shop, Visitor, open_conversation, open_inbox, open_shop
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.conftest import Desk, Server

SMALL: ViewportSize = {"width": 320, "height": 640}


def fill(shop: Shop) -> tuple[str, str]:
    """Have conversations in several states; return one with everything in it, and one of Bo's."""
    full = shop.ask("When does the shop open?", email="visitor@example.com")
    client, path = shop.boss.client, f"/v1/conversations/{full}"
    client.put(f"{path}/tags", json={"tags": ["shipping", "urgent"]}).raise_for_status()
    client.post(f"{path}/notes", json={"content": "She called yesterday."}).raise_for_status()
    client.post(f"{path}/messages", json={"content": "Hello, Ann here."}).raise_for_status()
    held = shop.ask("Can I return worn shoes?")
    shop.join("Bo").client.post(f"/v1/conversations/{held}/claim").raise_for_status()
    shop.ask("Where is my parcel?")
    return full, held


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_inbox(page, shop, shop.boss)
    await expect(page.get_by_text("Nobody waits.")).to_be_visible()
    assert await problems(page) == []
    await take_screenshots(page, "inbox-empty")
    full, held = fill(shop)
    await page.get_by_role("link", name="All open").click()
    await expect(page.locator("#rows > li")).to_have_count(3)
    assert await problems(page) == []
    await take_screenshots(page, "inbox-list")
    await page.locator(f"#row-{full} a").click()
    await expect(page.locator("#messages .human")).to_be_visible()
    await expect(page.locator("#lead")).to_contain_text("visitor@example.com")
    await expect(page.locator("#conversation-title")).to_be_focused()
    assert await problems(page) == []
    await take_screenshots(page, "inbox-conversation")
    await page.get_by_role("radio", name="Note").check()
    await page.locator("#reply-text").fill("Bo, can you look?")
    await page.get_by_text("Snooze…").click()
    assert await problems(page) == []
    await page.keyboard.press("Escape")
    await take_screenshots(page, "inbox-note")
    await page.locator(f"#row-{held} a").click()
    await expect(page.locator("#held")).to_contain_text("Bo has this conversation.")
    await page.get_by_role("button", name="Notices…").click()
    await page.get_by_label("Quiet hours").check()
    assert await problems(page) == []
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


async def test_on_a_phone_there_is_one_column_and_a_way_back(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    full, _ = fill(shop)
    page = await open_page(viewport=PHONE)
    await open_inbox(page, shop, shop.boss, "?list=open")
    await page.locator(f"#row-{full} a").click()
    await expect(page.locator("#list-pane")).to_be_hidden()
    await expect(page.locator("#reply-text")).to_be_visible()
    await page.get_by_role("button", name="Contact and tags").click()
    await expect(page.get_by_role("heading", name="Tags")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Contact and tags")).to_be_focused()
    assert await problems(page) == []
    await page.get_by_role("link", name="All conversations").click()
    await expect(page.locator(f"#row-{full} a")).to_be_focused()
    await expect(page.locator("#main")).to_be_hidden()


async def test_a_viewer_reads_and_changes_nothing(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    full, _ = fill(shop)
    page = await open_page()
    await open_conversation(page, shop, shop.join("Eve", "viewer"), full)
    await expect(page.locator("#messages .human")).to_contain_text("Ann")
    await expect(page.locator("#reply-text")).to_be_hidden()
    for name in ("Take", "Close", "Assign to…", "Delete", "Add", "Change name or e-mail"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


async def test_a_conversation_of_another_account_is_not_there(
    open_page: OpenPage, server: Server
) -> None:
    mine, other = open_shop(server), open_shop(server)
    foreign = other.ask()
    page = await open_page()
    await open_inbox(page, mine, mine.boss, f"#/conversation/{foreign}")
    await expect(page.get_by_text("does not exist any more, or it is not yours")).to_be_visible()
    await expect(page.locator("#conversation")).to_be_hidden()


async def test_a_conversation_that_is_erased_leaves_every_view(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask(email="kim@example.com")
    page = await open_page()
    await open_inbox(page, shop, shop.boss, f"#/conversation/{conversation}")
    await expect(page.locator("#messages")).to_contain_text("Where is my parcel?")
    erased = shop.boss.client.post(f"{shop.desk.path}/erasures", json={"email": "kim@example.com"})
    assert erased.status_code == 202, erased.text
    await expect(page.locator("#conversation")).to_be_hidden()
    await expect(page.get_by_text("Where is my parcel?")).to_have_count(0)
    await expect(page.get_by_text("This conversation was erased.")).to_have_count(1)


async def test_the_owner_key_opens_it_too(open_page: OpenPage, server: Server, desk: Desk) -> None:
    visitor = Visitor(server, desk)
    visitor.write("Where is my parcel?")
    visitor.escalate()
    page = await open_page()
    await page.goto(f"{server.url}/inbox#owner_key={server.owner_key}")
    await expect(page.locator("#rows-box")).not_to_have_attribute("aria-busy", "true")
    await page.goto(f"{server.url}/inbox#/conversation/{visitor.conversation_id}")
    await expect(page.locator("#messages")).to_contain_text("Where is my parcel?")
    for name in ("Mine", "Notices…", "Take"):
        await expect(page.get_by_text(name, exact=True)).to_be_hidden()
    await page.locator("#reply-text").fill("It is on its way.")
    await page.reload()
    await expect(page.locator("#reply-text")).to_have_value("It is on its way.")
    await page.locator("#reply-text").press("Enter")
    await expect(page.locator("#messages .human")).to_contain_text("Team")
    assert visitor.messages()[-1]["content"] == "It is on its way."


async def test_preferences_are_kept(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_inbox(page, shop, shop.boss)
    await page.get_by_role("button", name="Notices…").click()
    dialog = page.get_by_role("dialog", name="Notices")
    await expect(dialog.get_by_text("No mail server is set up")).to_be_visible()
    waits = dialog.get_by_role("group", name="A visitor waits for a person")
    await waits.get_by_label("Mail").uncheck()
    await dialog.get_by_label("Quiet hours").check()
    await dialog.get_by_label("Monday, quiet from").fill("18:00")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("both times for Monday")
    await dialog.get_by_label("Monday, quiet until").fill("08:00")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    kept = shop.boss.client.get("/v1/notice-preferences").json()
    assert kept["waiting"]["mail"] is False
    (hours,) = kept["quiet_hours"]["days"]["mon"]
    assert (hours["start"][:5], hours["end"][:5]) == ("18:00", "08:00")


def test_the_page_is_served_with_its_files(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        shown = client.get("/inbox")
        assert shown.status_code == 200
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        for name in ("inbox/page.js", "inbox.css", "knowledge.css"):
            assert f'"/assets/{name}"' in shown.text
            assert client.get(f"/assets/{name}").status_code == 200
