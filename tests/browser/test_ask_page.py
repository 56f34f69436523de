"""The page where one asks, in a real browser against a real server."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.asking import HOURS, RETURNS, SHIPPING, address, ask, fill_shop, stored
from tests.browser.pages import Complaints
from tests.conftest import Desk, Rows, Server

STEPS = (
    "To assemble the shelf:\n\n1. Lay out the boards.\n2. Join the corners.\n3. Tighten the screws."
)
HOSTILE = "Wanted: <img src=x onerror=\"document.title='owned'\"> <script>alert(1)</script> posters"


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A project that knows three things."""
    return fill_shop(desk)


async def test_three_questions_are_answered_with_sources_that_say_so(
    page: Page, server: Server, shop: Desk, complaints: Complaints
) -> None:
    await page.goto(address(server, shop))
    questions = (
        ("When does the shop open in the morning?", HOURS, "Opening hours"),
        ("How many days until returned goods are refunded?", RETURNS, "Returns"),
        ("What does shipping to Norway cost?", SHIPPING, "Shipping"),
    )
    for question, sentence, title in questions:
        answer = await ask(page, question)
        await expect(answer.locator(".message-text")).to_contain_text(sentence)
        source = answer.locator(".sources a").first
        await expect(source).to_contain_text(title)
        await expect(answer.get_by_role("link", name=f"Source 1: {title}")).to_be_visible()
        async with page.context.expect_page() as opening:
            await source.click()
        passage = await opening.value
        complaints.watch(passage)
        await expect(passage.get_by_role("heading", level=1)).to_have_text(title)
        await expect(passage.locator("mark")).to_have_text(sentence)
        await passage.close()
    found = page.locator(".answer .certainty").last
    await expect(found).to_have_text("Found in the documentation")
    await expect(page.locator("#desk")).not_to_contain_text("%")


async def test_a_question_that_nothing_answers_gets_an_honest_text_and_no_source(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(address(server, shop))
    answer = await ask(page, "Qui a peint le plafond de la chapelle Sixtine ?")
    await expect(answer.locator(".message-text")).to_contain_text("I don't have that")
    await expect(answer.locator(".no-source")).to_be_visible()
    await expect(answer.locator(".sources")).to_be_hidden()
    await expect(answer.locator(".certainty")).to_be_hidden()


async def test_a_follow_up_belongs_to_the_conversation(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await page.goto(address(server, shop))
    await expect(await ask(page, "What does shipping to Norway cost?")).to_contain_text(SHIPPING)
    await expect(await ask(page, "And how long does it take?")).to_contain_text(SHIPPING)
    project = stored(shop)
    assert rows("select count(*) from conversation where project_id = %s", project) == [(1,)]
    await page.get_by_role("button", name="New conversation").click()
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.get_by_label("Your question")).to_be_focused()
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    assert rows("select count(*) from conversation where project_id = %s", project) == [(2,)]


async def test_a_rating_is_stored_and_the_last_one_holds(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await page.goto(address(server, shop))
    answer = await ask(page, "When does the shop open in the morning?")
    up = answer.get_by_role("button", name="Helpful", exact=True)
    down = answer.get_by_role("button", name="Not helpful")
    ratings = (
        "select f.rating from feedback f join message m on m.id = f.message_id"
        " where m.project_id = %s"
    )
    project = stored(shop)
    await up.click()
    await expect(answer.locator(".rating-note")).to_have_text("Thank you.")
    assert rows(ratings, project) == [("positive",)]
    # The page shows the rating at once, and remembers it when the server has it.
    async with page.expect_response("**/feedback"):
        await down.click()
    await expect(down).to_have_attribute("aria-pressed", "true")
    await expect(up).to_have_attribute("aria-pressed", "false")
    await page.reload()
    await expect(down).to_have_attribute("aria-pressed", "true")
    assert rows(ratings, project) == [("negative",)]


async def test_a_person_can_be_asked_for(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await page.goto(address(server, shop))
    talk = page.get_by_role("button", name="Talk to a person")
    await expect(talk).to_be_hidden()
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    await talk.click()
    dialog = page.get_by_role("dialog", name="Talk to a person")
    email = dialog.get_by_label("E-mail address (optional)")
    await expect(email).to_be_focused()
    await email.fill("not an address")
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(talk).to_be_focused()
    await talk.click()
    await email.fill("ann@example.com")
    await dialog.get_by_label("What should they know? (optional)").fill("It is urgent.")
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(page.locator(".note")).to_contain_text("ann@example.com")
    project = stored(shop)
    leads = rows("select email, message from lead where project_id = %s", project)
    assert leads == [("ann@example.com", "It is urgent.")]
    assert rows("select state from conversation where project_id = %s", project) == [("waiting",)]


async def test_a_reload_and_a_second_tab_show_the_conversation(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(address(server, shop))
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    await expect(
        await ask(page, "How many days until returned goods are refunded?")
    ).to_contain_text(RETURNS)
    second = await page.context.new_page()
    await second.goto(address(server, shop))
    await page.reload()
    for tab in (page, second):
        await expect(tab.locator(".question .message-text")).to_have_text(
            ["When does the shop open?", "How many days until returned goods are refunded?"]
        )
        await expect(tab.locator(".answer .sources a")).to_have_count(2)
        await expect(tab.locator(".answer .certainty")).to_have_count(2)


async def test_steps_are_shown_as_such_and_after_a_reload_too(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text("Shelf", STEPS, format="markdown")
    await page.goto(address(server, desk))
    answer = await ask(page, "How do I assemble the shelf?")
    for _ in range(2):
        await expect(answer.locator(".message-text ol > li")).to_have_count(3)
        await expect(answer.locator("li sup a")).to_have_text("1")
        await page.reload()


async def test_a_persons_reply_comes_to_the_open_page(
    page: Page, server: Server, shop: Desk, rows: Rows
) -> None:
    await page.clock.install()
    await page.goto(address(server, shop))
    await expect(await ask(page, "When does the shop open?")).to_contain_text(HOURS)
    # Until people can reply by the API, their message is put where it will be stored.
    rows(
        "insert into message (account_id, id, conversation_id, project_id, author, content)"
        " select account_id, gen_random_uuid(), id, project_id, 'human', 'Ann here: at nine.'"
        " from conversation where project_id = %s returning id",
        stored(shop),
    )
    await page.clock.fast_forward("00:21")
    reply = page.locator(".from-person")
    await expect(reply).to_contain_text("Ann here: at nine.")
    await expect(reply).to_contain_text("The team")
    await expect(page.locator(".message")).to_have_count(3)


async def test_what_comes_from_outside_is_never_read_as_markup(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text(HOSTILE, f"{HOSTILE} are paid in cash.", format="text")
    await page.goto(address(server, desk))
    answer = await ask(page, "How are wanted posters paid?")
    await expect(answer.locator(".message-text")).to_contain_text("<script>alert(1)</script>")
    await expect(answer.locator(".sources a")).to_contain_text("<img src=x")
    await ask(page, HOSTILE)
    await expect(page.locator(".answer").last.locator(".message-foot")).to_be_visible()
    assert await page.locator("main img, main script").count() == 0
    assert "owned" not in await page.title()
