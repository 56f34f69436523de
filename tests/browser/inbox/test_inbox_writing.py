"""What is written is never lost, never doubled, and never goes to the wrong place."""

from playwright.async_api import Page, expect

from tests.browser.inbox.opening import open_conversation, open_inbox, open_shop
from tests.browser.pages import OpenPage
from tests.conftest import Server


async def saved(page: Page) -> None:
    await expect(page.locator("#draft-note")).to_have_text("Draft saved.")


async def test_of_two_who_reply_at_once_one_is_told_and_can_send_anyway(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    first, second = await open_page(), await open_page()
    await open_conversation(first, shop, shop.boss, conversation)
    # The second one's news is late, so that both write at once.
    await second.route("**/v1/inbox/stream*", lambda route: route.abort())
    await open_conversation(second, shop, shop.join("Bo"), conversation)
    await expect(second.get_by_text("Connection lost, trying again.")).to_be_visible()
    for page, text in ((first, "It is on its way."), (second, "I'll look for it.")):
        await page.locator("#reply-text").fill(text)
    await first.locator("#reply-text").press("Enter")
    await expect(first.locator("#messages .human")).to_contain_text("It is on its way.")
    await second.locator("#reply-text").press("Enter")
    alert = second.locator("#obstacle")
    await expect(alert).to_contain_text("was not sent: a colleague wrote meanwhile")
    await expect(alert).to_contain_text("It is on its way.")
    await expect(second.locator("#messages .human")).to_have_count(1)
    await expect(second.locator("#reply-text")).to_have_value("I'll look for it.")
    await alert.get_by_role("button", name="Send anyway").click()
    await expect(second.locator("#messages .human")).to_have_count(2)
    await expect(second.locator("#reply-text")).to_have_value("")
    await expect(first.locator("#messages .human")).to_have_count(2)
    said = [one["content"] for one in shop.entry(conversation)["messages"] if one["sender_id"]]
    assert said == ["It is on its way.", "I'll look for it."]


async def test_a_draft_follows_its_writer_and_nobody_else(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    parcel, shoes = shop.ask("Where is my parcel?"), shop.ask("Do you have red shoes?")
    page, other = await open_page(), await open_page()
    await open_conversation(page, shop, shop.boss, parcel)
    await page.locator("#reply-text").fill("Your parcel is")
    # Switch before it is saved.
    await page.locator(f"#row-{shoes} a").click()
    await expect(page.locator("#messages")).to_contain_text("red shoes")
    await expect(page.locator("#reply-text")).to_have_value("")
    await expect(page.locator(f"#row-{parcel}")).to_contain_text("Draft")
    await expect(page.locator(f"#row-{shoes}")).not_to_contain_text("Draft")
    await page.reload()
    await page.locator(f"#row-{parcel} a").click()
    await expect(page.locator("#reply-text")).to_have_value("Your parcel is")
    await open_conversation(other, shop, shop.boss, parcel)
    await expect(other.locator("#reply-text")).to_have_value("Your parcel is")
    await other.locator("#reply-text").fill("Your parcel is in Oslo.")
    await saved(other)
    await expect(page.locator("#reply-text")).to_have_value("Your parcel is in Oslo.")
    await other.get_by_role("radio", name="Note").check()
    await expect(other.locator("#reply-text")).to_have_value("")
    await other.get_by_role("radio", name="Reply").check()
    await other.locator("#reply-text").press("Enter")
    await expect(page.locator("#messages .human")).to_contain_text("in Oslo")
    await expect(page.locator("#reply-text")).to_have_value("")
    assert shop.boss.client.get("/v1/drafts").json()["items"] == []
    bo = shop.join("Bo")
    await open_conversation(await open_page(), shop, bo, parcel)
    assert bo.client.get("/v1/drafts").json()["items"] == []


async def test_a_draft_that_the_server_does_not_get_stays_in_the_browser(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    page = await open_page()
    await open_conversation(page, shop, shop.boss, conversation)
    await page.route("**/drafts/*", lambda route: route.abort())
    await page.locator("#reply-text").fill("Not lost")
    await expect(page.locator("#draft-note")).to_contain_text("this browser keeps it")
    await page.reload()
    await expect(page.locator("#reply-text")).to_have_value("Not lost")
    await page.unroute("**/drafts/*")
    await saved(page)
    (draft,) = shop.boss.client.get("/v1/drafts").json()["items"]
    assert draft["content"] == "Not lost"


async def test_two_texts_of_one_draft_are_both_kept(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    page = await open_page()
    await open_conversation(page, shop, shop.boss, conversation)
    await page.route("**/drafts/*", lambda route: route.abort())
    await page.locator("#reply-text").fill("Written here")
    await expect(page.locator("#draft-note")).to_contain_text("this browser keeps it")
    path = f"/v1/conversations/{conversation}/drafts/reply"
    shop.boss.client.put(path, json={"content": "Written there", "version": 0}).raise_for_status()
    await page.unroute("**/drafts/*")
    await expect(page.locator("#draft-note")).to_contain_text("in another browser")
    await expect(page.locator("#reply-text")).to_have_value("Written here")
    await page.get_by_role("button", name="Show that text").click()
    await expect(page.locator("#reply-text")).to_have_value("Written there")


async def test_a_canned_reply_is_made_and_inserted(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_inbox(page, shop, shop.boss)
    shop.ask()
    await page.locator("#rows a").click()
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
    await expect(dialog.locator("#canned-rows > li")).to_have_count(1)
    await dialog.get_by_role("button", name="Close").click()
    field = page.locator("#reply-text")
    await field.press_sequentially("/he")
    await expect(page.get_by_role("option")).to_contain_text("A greeting")
    await field.press("Enter")
    await expect(field).to_have_value("Hello there, Ann here.")
    await expect(page.locator("#canned-list")).to_be_hidden()
    await page.get_by_role("button", name="Canned replies").click()
    await dialog.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    await expect(dialog.get_by_text("No canned reply is here yet.")).to_be_visible()
