"""A visitor asks for a person on one page, a person answers on the other."""

from playwright.async_api import Page, expect

from tests.browser.asking import ask
from tests.browser.inbox.opening import Shop, open_conversation, open_inbox, open_shop
from tests.browser.pages import OpenPage
from tests.conftest import Server


async def ask_for_a_person(visitor: Page, shop: Shop) -> None:
    """Have a visitor ask something on the ask page, and then for a person."""
    await visitor.goto(shop.ask_url)
    answer = await ask(visitor, "When does the shop open?")
    await expect(answer).to_contain_text("nine in the morning")
    await visitor.get_by_role("button", name="Talk to a person").click()
    await visitor.get_by_role("dialog").get_by_role("button", name="Pass it on").click()
    await expect(visitor.locator("#team-line")).to_contain_text("Somebody replies here")


async def test_a_visitor_asks_for_a_person_and_gets_one(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    person, visitor = await open_page(), await open_page()
    await open_inbox(person, shop, shop.boss)
    await expect(person.get_by_text("Nobody waits.")).to_be_visible()
    await ask_for_a_person(visitor, shop)
    row = person.locator("#rows > li")
    await expect(row).to_have_count(1)
    await expect(person).to_have_title("(1) Inbox")
    await expect(row).to_contain_text("Unread")
    await row.get_by_role("link").click()
    thread = person.locator("#messages")
    await expect(thread).to_contain_text("nine in the morning")
    await expect(thread.get_by_role("link", name="Opening hours").first).to_be_visible()
    field = person.get_by_label("Reply to Visitor")
    await field.press_sequentially("Hello, ")
    await expect(visitor.locator("#team-line")).to_contain_text("Ann is typing…")
    await field.press_sequentially("this is Ann.")
    await field.press("Enter")
    await expect(thread.locator(".human")).to_contain_text("Hello, this is Ann.")
    await expect(visitor.locator(".from-person")).to_contain_text("Hello, this is Ann.")
    await expect(visitor.locator("#team-line")).to_have_text("Ann answers you now.")
    await expect(field).to_have_value("")
    await expect(person).to_have_title("Inbox")
    await visitor.get_by_label("Your question").press_sequentially("Do you")
    await expect(person.locator("#typing")).to_contain_text("The visitor is typing…")
    await ask(visitor, "Do you have red shoes?")
    await expect(thread.locator(".visitor").last).to_contain_text("red shoes")
    await expect(visitor.locator(".answer:not(.from-person)")).to_have_count(2)
    await person.get_by_role("button", name="Hand back to the assistant").click()
    await expect(person.locator("#hand")).to_contain_text("The assistant answers.")
    await expect(visitor.locator(".answer").last).to_contain_text("handed this conversation back")
    answer = await ask(visitor, "How long does shipping to Norway take?")
    await expect(answer).to_contain_text("five working days")
    await expect(thread).to_contain_text("five working days")


async def test_who_was_helped_is_asked_how_it_was(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    person, visitor = await open_page(), await open_page()
    await open_inbox(person, shop, shop.boss)
    await ask_for_a_person(visitor, shop)
    await person.locator("#rows a").click()
    await person.get_by_label("Reply to Visitor").fill("At nine.")
    await person.get_by_role("button", name="Reply", exact=True).click()
    await expect(visitor.locator(".from-person")).to_contain_text("At nine.")
    await expect(visitor.get_by_text("How was this conversation?")).to_have_count(0)
    await person.get_by_role("button", name="Close", exact=True).first.click()
    form = visitor.get_by_role("form", name="Rate this conversation")
    await form.get_by_label("4", exact=True).check()
    await form.get_by_label("What could be better?").fill("Be quicker.")
    await form.get_by_role("button", name="Send the rating").click()
    await expect(visitor.get_by_text("Thank you for your rating.")).to_be_visible()
    conversation = shop.entry(person.url.rpartition("/")[2])
    assert conversation["state"] == "closed"
    assert conversation["satisfaction"]["score"] == 4
    await person.get_by_role("status").get_by_role("button", name="Reopen").click()
    await expect(person.locator("#hand")).to_contain_text("The assistant answers.")
    await visitor.reload()
    await expect(visitor.locator(".from-person")).to_be_visible()
    await expect(visitor.get_by_text("How was this conversation?")).to_have_count(0)


async def test_a_note_never_reaches_the_visitor(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    person, colleague, visitor = await open_page(), await open_page(), await open_page()
    await open_inbox(person, shop, shop.boss)
    await open_inbox(colleague, shop, shop.join("Bo"))
    await ask_for_a_person(visitor, shop)
    await person.locator("#rows a").click()
    await colleague.locator("#rows a").click()
    await expect(person.locator("#looking")).to_have_text("Bo looks at this now.")
    await person.get_by_role("radio", name="Note").check()
    await expect(person.get_by_label("Private note: only colleagues see it")).to_be_visible()
    await person.locator("#reply-text").fill("A regular, be kind.")
    await person.locator("#reply-text").press("Enter")
    note = colleague.locator("#messages .note-row")
    await expect(note).to_contain_text("A regular, be kind.")
    await expect(note).to_contain_text("Private note")
    await colleague.get_by_role("button", name="Take", exact=True).click()
    await expect(person.locator("#held")).to_be_hidden()
    await person.get_by_role("radio", name="Reply").check()
    await expect(person.locator("#held")).to_contain_text("Bo has this conversation.")
    await colleague.locator("#reply-text").fill("Hello from Bo.")
    await colleague.locator("#reply-text").press("Enter")
    # What comes after the note has come, so the note has not.
    await expect(visitor.locator(".from-person")).to_contain_text("Hello from Bo.")
    await visitor.reload()
    await expect(visitor.locator(".from-person")).to_contain_text("Hello from Bo.")
    await expect(visitor.get_by_text("A regular")).to_have_count(0)
    await expect(person.locator("#messages .human")).to_contain_text("Bo")
    await person.locator("#messages .note-row").get_by_role("button", name="Delete").click()
    await expect(note).to_have_count(0)


async def test_a_conversation_is_passed_to_a_colleague(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    conversation = shop.ask()
    bo = shop.join("Bo")
    person, colleague = await open_page(), await open_page()
    await open_conversation(person, shop, shop.boss, conversation)
    await person.get_by_text("Assign to…").click()
    await expect(person.get_by_role("button", name="Bo", exact=True)).to_be_visible()
    await open_inbox(colleague, shop, bo, "?list=mine")
    await expect(colleague.get_by_text("You have no conversation.")).to_be_visible()
    await person.get_by_role("button", name="Bo (here now)").click()
    await expect(person.locator("#hand")).to_contain_text("Bo has it")
    await expect(colleague.locator("#rows > li")).to_have_count(1)
    await expect(colleague).to_have_title("(1) Inbox")
    await person.get_by_role("button", name="Take over").first.click()
    await expect(person.locator("#hand")).to_contain_text("You have it")
    await expect(colleague.locator("#rows > li")).to_have_count(0)
