"""The inbox: its list, what is done with a conversation, who may do what."""

from playwright.async_api import Page, expect

from tests.accounts.people import PASSWORD
from tests.browser.asking import ask
from tests.browser.dashboard.inboxes import (
    ask_for_a_person,
    field,
    fill,
    items,
    open_conversation,
    open_inbox,
    row,
    rows,
    standing,
    thread,
)
from tests.browser.pages import OpenPage
from tests.browser.shop import Visitor, open_shop
from tests.conftest import Desk, Server


async def test_a_viewer_reads_and_changes_nothing(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    full, _ = fill(shop)
    page = await open_page()
    await open_conversation(page, shop, shop.join("Eve", "viewer"), full)
    await expect(items(page, "human")).to_contain_text("Ann")
    await expect(page.get_by_text("Your role reads conversations.")).to_be_visible()
    await expect(field(page)).to_have_count(0)
    for name in ("Take", "Close", "Assign", "Delete", "Add", "Change name or e-mail"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


async def test_a_conversation_of_another_account_is_not_there(
    open_page: OpenPage, server: Server
) -> None:
    mine, other = open_shop(server), open_shop(server)
    foreign = other.ask()
    page = await open_page()
    await open_inbox(page, mine, mine.boss, f"conversation={foreign}")
    await expect(page.get_by_text("does not exist any more, or it is not yours")).to_be_visible()
    await expect(field(page)).to_have_count(0)


async def test_the_owner_key_opens_it_too(page: Page, server: Server, desk: Desk) -> None:
    visitor = Visitor(server, desk)
    visitor.write("Where is my parcel?")
    visitor.escalate()
    await page.goto(f"{server.url}/inbox#owner_key={server.owner_key}")
    await expect(page.locator("#content h1")).to_have_text("Inbox")
    await page.goto(f"{server.url}/app/inbox?conversation={visitor.conversation_id}")
    await expect(thread(page)).to_contain_text("Where is my parcel?")
    for name in ("Mine", "Take"):
        await expect(page.get_by_text(name, exact=True)).to_have_count(0)
    await field(page).fill("It is on its way.")
    await page.reload()
    await expect(field(page)).to_have_value("It is on its way.")
    await field(page).press("Control+Enter")
    await expect(items(page, "human")).to_contain_text("Team")
    assert visitor.messages()[-1]["content"] == "It is on its way."


async def test_links_to_the_pages_before_this_one_open_what_they_name(
    page: Page, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask("When does the shop open?")
    [answer] = [
        one["id"] for one in shop.entry(conversation)["messages"] if one["author"] == "assistant"
    ][:1]
    # As mails had it, to somebody who has to log in first.
    await page.goto(f"{server.url}/inbox#/conversation/{conversation}")
    await page.get_by_label("E-mail address").fill(shop.boss.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(thread(page)).to_contain_text("When does the shop open?")
    await expect(page).to_have_url(f"{server.url}/app/inbox?conversation={conversation}")
    await page.goto(f"{server.url}/inbox?list=closed")
    await expect(page.get_by_text("No conversation has been closed yet.")).to_be_visible()
    await page.goto(f"{server.url}/answers?conversation={conversation}&message={answer}")
    record = page.get_by_role("dialog", name="How this answer came about")
    await expect(record.get_by_role("table").first).to_be_visible()


async def test_a_visitor_asks_for_a_person_and_gets_one(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    person, visitor = await open_page(), await open_page()
    await open_inbox(person, shop, shop.boss)
    await expect(person.get_by_text("Nobody waits.")).to_be_visible()
    await ask_for_a_person(visitor, shop)
    await expect(rows(person)).to_have_count(1)
    await expect(person).to_have_title("(1) Inbox · Answerdesk")
    await expect(rows(person)).to_contain_text("Unread")
    await rows(person).get_by_role("link").click()
    await expect(thread(person)).to_contain_text("nine in the morning")
    await expect(thread(person).get_by_role("link", name="Opening hours").first).to_be_visible()
    await person.get_by_label("Reply to Visitor").press_sequentially("Hello, ")
    await expect(visitor.locator("#team-line")).to_contain_text("Ann is typing…")
    await field(person).press_sequentially("this is Ann.")
    await field(person).press("Control+Enter")
    await expect(items(person, "human")).to_contain_text("Hello, this is Ann.")
    await expect(visitor.locator(".from-person")).to_contain_text("Hello, this is Ann.")
    await expect(field(person)).to_have_value("")
    await expect(person).to_have_title("Inbox · Answerdesk")
    await visitor.get_by_label("Your question").press_sequentially("Do you")
    await expect(person.get_by_text("The visitor is typing…")).to_be_visible()
    await ask(visitor, "Do you have red shoes?")
    await expect(items(person, "visitor").last).to_contain_text("red shoes")
    await expect(visitor.locator(".answer:not(.from-person)")).to_have_count(2)
    await person.get_by_role("button", name="Hand back to the assistant").click()
    await expect(standing(person)).to_contain_text("The assistant answers.")
    # Answers are told apart by their places, so everything that comes before has to be there.
    await expect(visitor.locator(".answer").last).to_contain_text("handed this conversation back")
    answer = await ask(visitor, "How long does shipping to Norway take?")
    await expect(answer).to_contain_text("five working days")
    await expect(thread(person)).to_contain_text("five working days")


async def test_a_note_never_reaches_the_visitor(open_page: OpenPage, server: Server) -> None:
    """Story 11 (private notes mailed to customers), and 4: it is seen who looks."""
    shop = open_shop(server)
    person, colleague, visitor = await open_page(), await open_page(), await open_page()
    await open_inbox(person, shop, shop.boss)
    await open_inbox(colleague, shop, shop.join("Bo"))
    await ask_for_a_person(visitor, shop)
    await rows(person).get_by_role("link").click()
    await rows(colleague).get_by_role("link").click()
    await expect(person.get_by_text("Bo looks at this now.")).to_be_visible()
    await person.get_by_role("radio", name="Note").check()
    await expect(person.get_by_label("Private note: only colleagues see it")).to_be_visible()
    await field(person).fill("A regular, be kind.")
    await field(person).press("Control+Enter")
    await expect(items(colleague, "note")).to_contain_text("A regular, be kind.")
    await colleague.get_by_role("button", name="Take", exact=True).click()
    await person.get_by_role("radio", name="Reply").check()
    await expect(person.get_by_text("Bo has this conversation.")).to_be_visible()
    await field(colleague).fill("Hello from Bo.")
    await field(colleague).press("Control+Enter")
    # What comes after the note has come, so the note has not.
    await expect(visitor.locator(".from-person")).to_contain_text("Hello from Bo.")
    await expect(visitor.get_by_text("A regular")).to_have_count(0)
    await expect(items(person, "human")).to_contain_text("Bo")
    await items(person, "note").get_by_role("button", name="Delete").click()
    await expect(items(person, "note")).to_have_count(0)
    await person.get_by_role("button", name="Undo").click()
    await expect(items(person, "note")).to_have_count(1)


async def test_a_conversation_is_passed_to_a_colleague(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    bo = shop.join("Bo")
    person, colleague = await open_page(), await open_page()
    await open_conversation(person, shop, shop.boss, conversation)
    await open_inbox(colleague, shop, bo, "view=mine")
    await expect(colleague.get_by_text("You have no conversation.")).to_be_visible()
    await person.get_by_role("button", name="Assign").click()
    await person.get_by_role("menuitem", name="Bo (here now)").click()
    await expect(standing(person)).to_contain_text("Bo has it.")
    await expect(rows(colleague)).to_have_count(1)
    await expect(colleague).to_have_title("(1) Inbox · Answerdesk")
    await person.get_by_role("button", name="Take over").first.click()
    await expect(standing(person)).to_contain_text("You have it.")
    await expect(rows(colleague)).to_have_count(0)


async def test_views_search_and_tags_are_in_the_address(page: Page, server: Server) -> None:
    shop = open_shop(server)
    parcel, shoes = shop.ask("Where is my parcel?"), shop.ask("Do you have red shoes?")
    client = shop.boss.client
    client.put(f"/v1/conversations/{shoes}/tags", json={"tags": ["shoes"]}).raise_for_status()
    await open_inbox(page, shop, shop.boss, "view=nonsense&color=red")
    await expect(rows(page)).to_have_count(2)
    # The longest wait is first.
    await expect(rows(page).first).to_have_attribute("data-row", parcel)
    await expect(page.get_by_role("link", name="Waiting 2")).to_be_visible()
    await page.get_by_label("Tag", exact=True).select_option("shoes")
    await expect(rows(page)).to_have_count(1)
    await page.get_by_label("Tag", exact=True).select_option("All tags")
    await page.get_by_label("Search conversations").fill("parcel")
    await expect(rows(page)).to_have_count(1)
    await expect(row(page, parcel)).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Search conversations")).to_have_value("parcel")
    await expect(rows(page)).to_have_count(1)
    await page.get_by_label("Search conversations").fill("umbrella")
    await expect(page.get_by_text("No conversation matches.")).to_be_visible()
    await page.go_back()
    await expect(rows(page)).to_have_count(1)
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Closed").click()
    await page.get_by_label("Search conversations").fill("")
    await expect(page.get_by_text("No conversation has been closed yet.")).to_be_visible()


async def test_everything_is_done_by_keys_and_can_be_undone(page: Page, server: Server) -> None:
    """Story 12: letters are typed in fields, and are keys elsewhere."""
    shop = open_shop(server)
    shop.ask("Where is my parcel?")
    shop.ask("Do you have red shoes?")
    await open_inbox(page, shop, shop.boss)
    await expect(rows(page)).to_have_count(2)
    await page.keyboard.press("j")
    await expect(rows(page).first.get_by_role("link")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#conversation-title")).to_be_focused()
    await page.keyboard.press("j")
    await expect(thread(page)).to_contain_text("red shoes")
    await page.keyboard.press("r")
    await expect(field(page)).to_be_focused()
    await page.keyboard.type("jazz, erst")
    await expect(field(page)).to_have_value("jazz, erst")
    await page.keyboard.press("Escape")
    await page.keyboard.press("z")
    await page.get_by_role("menuitem", name="Tomorrow, 9:00").click()
    await expect(rows(page)).to_have_count(1)
    await page.get_by_role("button", name="Undo").click()
    await expect(rows(page)).to_have_count(2)
    await page.keyboard.press("e")
    await expect(rows(page)).to_have_count(1)
    await page.get_by_role("alert").get_by_role("button", name="Reopen").click()
    await expect(standing(page)).to_contain_text("The assistant answers.")
    # Not in the field, which was left: the next letters are keys.
    await expect(page.locator("#content")).to_be_focused()
    await page.keyboard.press("t")
    await expect(standing(page)).to_contain_text("You have it.")
    await page.keyboard.press("u")
    await expect(page.get_by_text("Choose a conversation")).to_be_visible()


async def test_a_conversation_that_is_erased_leaves_every_view(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask(email="kim@example.com")
    page = await open_page()
    await open_conversation(page, shop, shop.boss, conversation)
    await expect(thread(page)).to_contain_text("Where is my parcel?")
    erased = shop.boss.client.post(f"{shop.desk.path}/erasures", json={"email": "kim@example.com"})
    assert erased.status_code == 202, erased.text
    await expect(page.get_by_text("This conversation was erased.")).to_be_attached()
    await expect(page.get_by_text("Where is my parcel?")).to_have_count(0)


async def test_a_contact_whose_lead_is_deleted_is_gone_at_once(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    conversation = shop.ask(email="kim@example.com")
    page = await open_page()
    await open_conversation(page, shop, shop.boss, conversation)
    await expect(row(page, conversation)).to_contain_text("kim@example.com")
    [lead] = shop.boss.client.get(f"{shop.desk.path}/leads").json()["items"]
    shop.boss.client.delete(f"{shop.desk.path}/leads/{lead['id']}").raise_for_status()
    await expect(row(page, conversation)).not_to_contain_text("kim@example.com")
    await expect(page.get_by_text("kim@example.com")).to_have_count(0)
    await expect(thread(page)).to_contain_text("Where is my parcel?")


async def test_how_an_answer_came_about_is_shown_beside_it(page: Page, server: Server) -> None:
    shop = open_shop(server)
    conversation = shop.ask("When does the shop open?", asks_for_person=False)
    await open_conversation(page, shop, shop.boss, conversation)
    await page.get_by_role("button", name="How this answer came about").click()
    record = page.get_by_role("dialog", name="How this answer came about")
    await expect(record.get_by_text("When does the shop open?").first).to_be_visible()
    await expect(record.get_by_role("table").first).to_be_visible()
    await page.reload()
    await expect(record.get_by_role("table").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(record).to_have_count(0)
