"""What is written in the inbox is never lost, never doubled, and never goes to the wrong place."""

from playwright.async_api import expect

from tests.browser.dashboard.inboxes import (
    expect_no_draft,
    field,
    items,
    open_conversation,
    row,
    thread,
)
from tests.browser.pages import OpenPage
from tests.browser.shop import open_shop
from tests.conftest import Server


async def test_of_two_who_reply_at_once_one_is_told_and_can_send_anyway(
    open_page: OpenPage, server: Server
) -> None:
    """Stories 1 and 4: a colleague's reply is shown before it is answered over."""
    shop = open_shop(server)
    conversation = shop.ask()
    first, second = await open_page(), await open_page()
    await open_conversation(first, shop, shop.boss, conversation)
    # The second one's news is late, so that both write at once.
    await second.route("**/v1/inbox/stream*", lambda route: route.abort())
    await open_conversation(second, shop, shop.join("Bo"), conversation)
    await expect(second.get_by_text("Connection lost, trying again.")).to_be_visible()
    for page, text in ((first, "It is on its way."), (second, "I'll look for it.")):
        await field(page).fill(text)
    await field(first).press("Control+Enter")
    await expect(items(first, "human")).to_contain_text("It is on its way.")
    await field(second).press("Control+Enter")
    alert = second.get_by_role("alert").filter(has_text="was not sent")
    await expect(alert).to_contain_text("a colleague wrote meanwhile")
    await expect(alert).to_contain_text("It is on its way.")
    await expect(items(second, "human")).to_have_count(1)
    await expect(field(second)).to_have_value("I'll look for it.")
    await alert.get_by_role("button", name="Send anyway").click()
    await expect(items(second, "human")).to_have_count(2)
    await expect(field(second)).to_have_value("")
    said = [one["content"] for one in shop.entry(conversation)["messages"] if one["sender_id"]]
    assert said == ["It is on its way.", "I'll look for it."]


async def test_a_draft_follows_its_writer_and_nobody_else(
    open_page: OpenPage, server: Server
) -> None:
    """Stories 6 and 7: typed text stays with its conversation, in every browser."""
    shop = open_shop(server)
    parcel, shoes = shop.ask("Where is my parcel?"), shop.ask("Do you have red shoes?")
    page, other = await open_page(), await open_page()
    await open_conversation(page, shop, shop.boss, parcel)
    await field(page).fill("Your parcel is")
    # Switch before it is saved.
    await row(page, shoes).get_by_role("link").click()
    await expect(thread(page)).to_contain_text("red shoes")
    await expect(field(page)).to_have_value("")
    await expect(row(page, parcel)).to_contain_text("Draft")
    await expect(row(page, shoes)).not_to_contain_text("Draft")
    await open_conversation(other, shop, shop.boss, parcel)
    await expect(field(other)).to_have_value("Your parcel is")
    await field(other).fill("Your parcel is in Oslo.")
    await expect(other.get_by_text("Draft saved")).to_be_visible()
    await row(page, parcel).get_by_role("link").click()
    await expect(field(page)).to_have_value("Your parcel is in Oslo.")
    await field(other).press("Control+Enter")
    await expect(items(page, "human")).to_contain_text("in Oslo")
    await expect(field(page)).to_have_value("")
    assert shop.boss.client.get("/v1/drafts").json()["items"] == []


async def test_a_draft_that_the_server_does_not_get_stays_in_the_browser(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    page = await open_page()
    await open_conversation(page, shop, shop.boss, conversation)
    await page.route("**/drafts/*", lambda route: route.abort())
    await field(page).fill("Not lost")
    await expect(page.get_by_text("this browser keeps it")).to_be_visible()
    await page.reload()
    await expect(field(page)).to_have_value("Not lost")
    path = f"/v1/conversations/{conversation}/drafts/reply"
    shop.boss.client.put(path, json={"content": "Written there", "version": 0}).raise_for_status()
    await page.unroute("**/drafts/*")
    await expect(page.get_by_text("in another browser")).to_be_visible()
    await expect(field(page)).to_have_value("Not lost")
    await page.get_by_role("button", name="Show that text").click()
    await expect(field(page)).to_have_value("Written there")


async def test_what_the_assistant_said_is_not_one_key_from_being_sent_again(
    open_page: OpenPage, server: Server
) -> None:
    """Story 15: the assistant leaves no draft, and the key that sends sends nothing then."""
    shop = open_shop(server)
    conversation = shop.ask("When does the shop open?")
    page = await open_page()
    await open_conversation(page, shop, shop.boss, conversation)
    before = len(shop.entry(conversation)["messages"])
    await expect(items(page)).to_have_count(before)
    await expect(field(page)).to_have_value("")
    await field(page).press("Control+Enter")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    # Two presses in a row send once.
    await field(page).fill("At nine.")
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("Control+Enter")
    await expect(items(page, "human")).to_have_count(1)
    await expect(field(page)).to_have_value("")
    assert len(shop.entry(conversation)["messages"]) == before + 1
    # Where sending takes long, what was typed is saved meanwhile.
    expect_no_draft(shop)


async def test_a_canned_reply_is_made_and_inserted(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_conversation(page, shop, shop.boss, shop.ask())
    await page.get_by_role("button", name="Canned replies").click()
    dialog = page.get_by_role("dialog", name="Canned replies")
    await expect(dialog.get_by_text("No canned reply is here yet.")).to_be_visible()
    await dialog.get_by_role("button", name="New canned reply").click()
    await dialog.get_by_label("Shortcut").fill("hello")
    await dialog.get_by_label("Title").fill("A greeting")
    await dialog.get_by_label("Text", exact=True).fill(
        "Hello {{visitor.name|there}}, {{agent.name}} here."
    )
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("A greeting")).to_be_visible()
    await page.keyboard.press("Escape")
    await field(page).press_sequentially("/he")
    await expect(page.get_by_role("option")).to_contain_text("A greeting")
    await field(page).press("Enter")
    await expect(field(page)).to_have_value("Hello there, Ann here.")
    await expect(page.get_by_role("listbox")).to_have_count(0)
