"""The review page in a real browser: what conversations teach is approved, edited and answered."""

import re

import httpx
import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.accounts.people import Person, join
from tests.browser.accessibility import problems
from tests.browser.log_ins import log_in
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.conftest import Rows, Server
from tests.inbox.team import Team, bare
from tests.insights.desk import ANSWER, QUESTION, LearningDesk

HOSTILE = "Can I pay with <img src=x onerror=alert(1)> cash?"
OPEN = "Where can I park a caravan?"
SMALL: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture
def learning(server: Server, visitor: httpx.Client, rows: Rows) -> LearningDesk:
    desk = LearningDesk(Team(server, visitor), rows)
    desk.turn_off()
    team = bare(desk.team.conversation_id)
    desk.rows("delete from conversation where id = %s returning 1", team)
    return desk


async def open_review(
    page: Page, learning: LearningDesk, part: str = "", person: Person | None = None
) -> None:
    server = learning.team.server
    await log_in(page, server, (person or learning.team.owner).email)
    await page.goto(f"{server.url}/review?project={learning.project}{part}")
    await expect(page.locator("#views")).to_be_visible()


def card(page: Page, text: str) -> Locator:
    return page.locator(".card", has_text=text)


def draw(learning: LearningDesk, question: str = QUESTION) -> None:
    conversation_id = learning.asked(question)
    learning.reply(conversation_id)
    assert learning.draw(conversation_id)


async def test_who_may_only_read_decides_nothing(
    page: Page, learning: LearningDesk, server: Server
) -> None:
    draw(learning)
    await open_review(page, learning, person=join(server, learning.team.owner, "agent"))
    await expect(card(page, QUESTION)).to_contain_text("A repair takes about a week.")
    await expect(page.locator("#lead")).to_contain_text("Owners and admins decide")
    for view in ("#view-drafts", "#view-questions"):
        await expect(page.locator(f"{view} .card button")).to_have_count(0)


async def test_a_draft_that_changed_meanwhile_is_not_approved_unseen(
    page: Page, learning: LearningDesk
) -> None:
    draw(learning)
    await open_review(page, learning)
    await expect(card(page, QUESTION)).to_be_visible()
    [draft] = learning.listed()
    path = f"{learning.drafts}/{draft['id']}"
    learning.client.patch(path, json={"answer": "We repair nothing."})
    await card(page, QUESTION).get_by_role("button", name="Approve").click()
    await expect(page.locator("#told")).to_contain_text("has changed meanwhile")
    await expect(card(page, QUESTION)).to_contain_text("We repair nothing.")
    assert learning.items() == []
    await card(page, QUESTION).get_by_role("button", name="Edit").click()
    form = page.get_by_role("form", name="Edit the draft")
    await form.get_by_label("Answer").fill(ANSWER)
    learning.client.post(f"{path}/reject")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_contain_text("changed")
    await expect(form.get_by_label("Answer")).to_have_value(ANSWER)
    await form.get_by_role("button", name="Cancel").click()


async def test_a_draft_is_edited_and_approved_and_another_rejected(
    page: Page, learning: LearningDesk
) -> None:
    draw(learning)
    draw(learning, HOSTILE)
    await open_review(page, learning)
    shown = card(page, QUESTION)
    await shown.get_by_role("button", name="Edit").click()
    form = page.get_by_role("form", name="Edit the draft")
    await form.get_by_label("Question").fill("Do you repair all bicycles?")
    await form.get_by_label("Category").fill("Repairs")
    await form.get_by_label("Tags").fill("bicycle, shop")
    await form.get_by_role("button", name="Save").click()
    shown = card(page, "Do you repair all bicycles?")
    await expect(shown).to_contain_text("Repairs · #bicycle · #shop")
    await shown.get_by_role("button", name="Approve").click()
    await expect(page.locator("#told")).to_contain_text("Approved.")
    await expect(shown).to_have_count(0)
    hostile = card(page, HOSTILE)
    assert await hostile.locator("img").count() == 0
    await expect(hostile.get_by_role("button", name="Approve")).to_be_focused()
    await hostile.get_by_role("button", name="Reject").click()
    await expect(page.locator("#no-drafts")).to_contain_text("Nothing waits for review.")
    await expect(page.get_by_role("heading", name="Drafts")).to_be_focused()
    [item] = learning.items()
    assert (item["question"], item["category"]) == ("Do you repair all bicycles?", "Repairs")
    assert item["tags"] == ["bicycle", "shop"]
    await page.locator("#draft-status").select_option("rejected")
    await expect(card(page, HOSTILE)).to_contain_text("Rejected")
    await page.locator("#draft-status").select_option("approved")
    await expect(card(page, "Do you repair all bicycles?")).to_contain_text("Approved")


async def test_a_question_is_answered_and_another_dismissed(
    page: Page, learning: LearningDesk
) -> None:
    for question in (OPEN, OPEN, HOSTILE):
        learning.asked(question)
    await open_review(page, learning, "#/questions")
    shown = card(page, OPEN)
    await expect(shown).to_contain_text("asked 2 times")
    await expect(shown).to_contain_text("No answer")
    await shown.get_by_role("button", name="Answer").click()
    form = page.get_by_role("form", name="Answer the question")
    await expect(form.get_by_label("Question")).to_have_value(OPEN)
    await expect(form.get_by_label("Answer")).to_be_focused()
    await form.get_by_label("Answer").fill("Behind the barn.")
    await form.get_by_role("button", name="Add to the knowledge").click()
    await expect(page.locator("#told")).to_contain_text("Visitors get this answer")
    await expect(page.locator("#questions > li")).to_have_count(1)
    await card(page, HOSTILE).get_by_role("button", name="Dismiss").click()
    await expect(page.locator("#no-questions")).to_contain_text("Nothing to answer.")
    assert [item["answer"] for item in learning.items()] == ["Behind the barn."]


async def test_a_draft_leads_to_its_conversation_and_the_page_to_the_others(
    page: Page, learning: LearningDesk
) -> None:
    draw(learning)
    await open_review(page, learning)
    for name in ("Knowledge", "Inbox"):
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=name)
        await expect(link).to_be_visible()
    await card(page, QUESTION).get_by_role("link", name="Show the conversation").click()
    await expect(page.get_by_text("A repair takes about a week.").last).to_be_visible()
    await page.get_by_role("link", name="Review").click()
    await expect(page).to_have_url(re.compile("/review"))


async def test_the_list_goes_on(page: Page, learning: LearningDesk) -> None:
    account, project = bare(learning.team.owner.account_id), bare(learning.project)
    conversation = bare(learning.asked())
    for number in range(51):
        learning.rows(
            "insert into item_draft (account_id, id, project_id, conversation_id, question_key,"
            "  question, answer) values (%s, gen_random_uuid(), %s, %s, gen_random_uuid(), %s, 'A')"
            " returning 1",
            *(account, project, conversation, f"Question {number}?"),
        )
    await open_review(page, learning)
    await expect(page.locator("#drafts > li")).to_have_count(50)
    await page.get_by_role("button", name="Show more").click()
    await expect(page.locator("#drafts > li")).to_have_count(51)
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage,
    learning: LearningDesk,
    take_screenshots: TakeScreenshots,
) -> None:
    page = await open_page(viewport=PHONE)
    await open_review(page, learning)
    await expect(page.get_by_text("Nothing waits for review.")).to_be_visible()
    assert await problems(page) == []
    await take_screenshots(page, "review-empty")
    draw(learning)
    draw(learning, "Do you lend helmets to children for a day in the forest?")
    for question in (OPEN, OPEN, "Is there a playground?"):
        learning.asked(question)
    await page.reload()
    await expect(page.locator("#drafts > li")).to_have_count(2)
    assert await problems(page) == []
    await take_screenshots(page, "review-drafts")
    await page.get_by_role("button", name="Edit").first.click()
    assert await problems(page) == []
    await page.get_by_role("link", name="Questions", exact=True).click()
    await expect(page.locator("#questions > li")).to_have_count(4)
    assert await problems(page) == []
    await page.get_by_role("button", name="Answer").first.click()
    assert await problems(page) == []
    await take_screenshots(page, "review-questions")
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


def test_the_page_is_served_with_its_files(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        shown = client.get("/review")
        assert shown.status_code == 200
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        for name in ("review/page.js", "knowledge.css"):
            assert f'"/assets/{name}"' in shown.text
            assert client.get(f"/assets/{name}").status_code == 200
