"""The lists of the inbox: what they show, how they are narrowed down, and links to them."""

from playwright.async_api import Page, expect

from tests.browser.inbox.opening import open_conversation, open_inbox, open_shop
from tests.browser.pages import OpenPage
from tests.conftest import Server


async def test_lists_search_and_tags_are_in_the_address(
    page: Page, open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    parcel, shoes = shop.ask("Where is my parcel?"), shop.ask("Do you have red shoes?")
    client = shop.boss.client
    client.put(f"/v1/conversations/{shoes}/tags", json={"tags": ["shoes"]}).raise_for_status()
    await open_inbox(page, shop, shop.boss)
    rows = page.locator("#rows > li")
    await expect(rows).to_have_count(2)
    # The longest wait is first.
    await expect(rows.first).to_have_id(f"row-{parcel}")
    await expect(page.get_by_role("link", name="Waiting 2")).to_be_visible()
    await page.get_by_label("Tag", exact=True).select_option("shoes")
    await expect(rows).to_have_count(1)
    await page.get_by_label("Tag", exact=True).select_option("All tags")
    await page.get_by_label("Search conversations").fill("parcel")
    await expect(rows).to_have_count(1)
    await expect(rows).to_have_id(f"row-{parcel}")
    await expect(page).to_have_url(f"{server.url}/inbox?list=waiting&q=parcel")
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.locator("#rows > li")).to_have_count(1)
    await page.get_by_label("Search conversations").fill("umbrella")
    await expect(page.get_by_text("No conversation matches.")).to_be_visible()
    await page.go_back()
    await expect(rows).to_have_count(1)
    await page.get_by_label("Search conversations").fill("")
    await expect(rows).to_have_count(2)
    await page.get_by_role("link", name="Closed").click()
    await expect(page.get_by_text("No conversation has been closed yet.")).to_be_visible()


async def test_snoozing_closing_and_tags_move_a_conversation_and_can_be_undone(
    page: Page, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    await open_conversation(page, shop, shop.boss, conversation)
    rows = page.locator("#rows > li")
    await expect(rows).to_have_count(1)
    await page.get_by_text("Snooze…").click()
    await page.get_by_role("button", name="Tomorrow, 9:00").click()
    await expect(rows).to_have_count(0)
    await expect(page.get_by_role("link", name="Snoozed 1")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(rows).to_have_count(1)
    await page.get_by_label("New tag").fill("Parcel, urgent")
    await page.get_by_label("New tag").press("Enter")
    await expect(rows).to_contain_text("urgent")
    await page.get_by_role("button", name="Remove the tag urgent").click()
    await expect(rows).not_to_contain_text("urgent")
    await page.get_by_role("button", name="Close", exact=True).first.click()
    await expect(rows).to_have_count(0)
    await page.get_by_role("link", name="Closed").click()
    await expect(rows).to_have_count(1)
    await page.get_by_role("status").get_by_role("button", name="Reopen").click()
    await expect(rows).to_have_count(0)
    await expect(page.locator("#hand")).to_contain_text("The assistant answers.")


async def test_a_long_list_is_shown_in_parts(page: Page, server: Server) -> None:
    shop = open_shop(server)
    for number in range(53):
        shop.ask(f"Where is parcel {number}?", asks_for_person=False)
    await open_inbox(page, shop, shop.boss, "?list=open")
    rows = page.locator("#rows > li")
    await expect(rows).to_have_count(50)
    await expect(rows.first).to_contain_text("just now")
    shop.ask("A new one")
    await expect(rows).to_have_count(51)
    await page.get_by_role("button", name="Show more").click()
    await expect(rows).to_have_count(54)
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()
