"""Saved views of the inbox: saved, shared, renamed, deleted; what they name may be gone."""

from playwright.async_api import Page, expect

from tests.browser.dashboard.inboxes import open_conversation, open_inbox, row, rows
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, open_shop
from tests.conftest import Server

PATH = "/v1/saved-views"


async def _menu(page: Page, item: str) -> None:
    """Choose in the menu of views, which is called as the view that it has chosen."""
    await page.get_by_role("navigation", name="Views").get_by_role("button").click()
    await page.get_by_role("menuitem", name=item).click()


def _tag(shop: Shop, conversation: str, tag: str) -> None:
    path = f"/v1/conversations/{conversation}/tags"
    shop.boss.client.put(path, json={"tags": [tag]}).raise_for_status()


async def test_a_view_is_saved_shared_renamed_and_deleted(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    vip, _ = shop.ask(), shop.ask("Do you have red shoes?")
    _tag(shop, vip, "VIP")
    page = await open_page()
    await open_inbox(page, shop, shop.boss, "view=open&tag=VIP")
    await expect(rows(page)).to_have_count(1)
    await _menu(page, "Save this view")
    dialog = page.get_by_role("dialog", name="Save this view")
    await dialog.get_by_label("Name").fill("  ")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await dialog.get_by_label("Name").fill("Important ones")
    await dialog.get_by_label("For everybody in the team").check()
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Important ones")).to_be_attached()
    await expect(rows(page)).to_have_count(1)
    await page.reload()
    await expect(row(page, vip)).to_be_visible()
    await expect(rows(page)).to_have_count(1)
    await hold_to_the_rules(page, "inbox-saved-view", take_screenshots)
    # Whoever else may write chooses it, and changes nothing about it.
    other = await open_page()
    await open_inbox(other, shop, shop.join("Bo"))
    await _menu(other, "Important ones")
    await expect(rows(other)).to_have_count(1)
    await other.get_by_role("navigation", name="Views").get_by_role("button").click()
    await expect(other.get_by_role("menuitem", name="Save this view")).to_be_visible()
    await expect(other.get_by_role("menuitem", name="Delete this view")).to_have_count(0)
    await _menu(page, "Rename this view")
    dialog = page.get_by_role("dialog", name="Rename this view")
    await dialog.get_by_label("Name").fill("VIP")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="VIP")).to_be_attached()
    await _menu(page, "Delete this view")
    await expect(page.get_by_role("heading", name="Waiting", exact=True)).to_be_attached()
    await page.get_by_role("button", name="Undo").click()
    await _menu(page, "VIP")
    await expect(page.get_by_role("heading", name="VIP")).to_be_attached()
    assert [one["name"] for one in shop.boss.client.get(PATH).json()["items"]] == ["VIP"]


async def test_the_filters_of_a_view_are_changed(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    vip, shoes = shop.ask(), shop.ask("Do you have red shoes?")
    _tag(shop, vip, "VIP")
    _tag(shop, shoes, "Shoes")
    body = {"name": "Hers", "filters": {"tag": "VIP"}, "shared": True}
    view = shop.boss.client.post(PATH, json=body).json()["id"]
    # Who may not change it looks at something else, and goes back.
    other = await open_page()
    await open_inbox(other, shop, shop.join("Bo"), f"saved={view}")
    await expect(row(other, vip)).to_be_visible()
    await other.get_by_label("Tag").select_option("Shoes")
    await expect(row(other, shoes)).to_be_visible()
    await expect(other.get_by_role("button", name="Save changes")).to_have_count(0)
    await other.reload()
    await expect(row(other, shoes)).to_be_visible()
    await other.get_by_role("button", name="Discard").click()
    await expect(row(other, vip)).to_be_visible()
    await expect(other.get_by_role("group", name="Filters changed")).to_have_count(0)
    page = await open_page()
    await open_inbox(page, shop, shop.boss, f"saved={view}")
    await page.get_by_label("Tag").select_option("All tags")
    await expect(rows(page)).to_have_count(2)
    await page.get_by_role("searchbox").fill("shoes")
    await expect(rows(page)).to_have_count(1)
    await hold_to_the_rules(page, "inbox-changed-view", take_screenshots)
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_role("group", name="Filters changed")).to_have_count(0)
    await page.reload()
    await expect(row(page, shoes)).to_be_visible()
    await expect(rows(page)).to_have_count(1)
    await expect(page.get_by_role("searchbox")).to_have_value("shoes")
    [kept] = shop.boss.client.get(PATH).json()["items"]
    assert (kept["filters"]["tag"], kept["filters"]["q"]) == (None, "shoes")


async def test_what_is_not_there_any_more_is_said(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    made = shop.boss.client.post("/v1/projects", json={"name": "Old"}).json()["id"]
    body = {"name": "Old shop", "filters": {"project_id": made}}
    view = shop.boss.client.post(PATH, json=body).json()["id"]
    shop.boss.client.delete(f"/v1/projects/{made}").raise_for_status()
    page = await open_page()
    await open_inbox(page, shop, shop.boss, f"saved={view}")
    await expect(page.get_by_text("The project that this view shows was deleted")).to_be_visible()
    await page.goto(f"{server.url}/app/inbox?saved=view_nobodys")
    await expect(
        page.get_by_text("This view was deleted, or it is somebody else's")
    ).to_be_visible()


async def test_a_conversation_is_marked_as_unread_for_oneself(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    page = await open_page()
    await open_conversation(page, shop, shop.boss, conversation)
    await expect(row(page, conversation)).not_to_have_attribute("data-unread", "true")
    await page.keyboard.press("x")
    await expect(row(page, conversation)).to_have_attribute("data-unread", "true")
    await expect(page.get_by_role("heading", name="Choose a conversation")).to_be_visible()
    await page.reload()
    await expect(row(page, conversation)).to_have_attribute("data-unread", "true")
