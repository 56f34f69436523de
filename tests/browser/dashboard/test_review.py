"""The review in the dashboard: what conversations teach is approved, edited, answered."""

import re

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from tests.accounts.people import Person, join
from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.pages import TakeScreenshots
from tests.conftest import Rows, Server
from tests.inbox.team import Team, bare
from tests.insights.desk import ANSWER, QUESTION, LearningDesk
from tests.waiting import PATIENCE, attempts

HOSTILE = "Can I pay with <img src=x onerror=alert(1)> cash?"
OPEN = "Where can I park a caravan?"


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
    place = f"/p/{learning.project}/review{part}"
    await open_dashboard(page, learning.team.server, person or learning.team.owner, place)


def listed(page: Page, name: str = "Drafts") -> Locator:
    return page.get_by_role("list", name=name, exact=True).get_by_role("listitem")


def draw(learning: LearningDesk, question: str = QUESTION) -> None:
    conversation_id = learning.asked(question)
    learning.reply(conversation_id)
    assert learning.draw(conversation_id)


async def test_who_may_only_read_decides_nothing(
    page: Page, learning: LearningDesk, server: Server
) -> None:
    draw(learning)
    await open_review(page, learning, person=join(server, learning.team.owner, "agent"))
    await expect(page.get_by_text("administrators of your team decide")).to_be_visible()
    await expect(page.get_by_role("region", name="The draft")).to_contain_text("about a week")
    for name in ("Approve", "Reject", "Save"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
    await page.get_by_role("link", name="Unanswered questions").click()
    await expect(page.get_by_role("region", name="Answer the question")).to_be_visible()
    await expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)


async def test_a_draft_that_changed_meanwhile_is_not_approved_unseen(
    page: Page, learning: LearningDesk
) -> None:
    draw(learning)
    await open_review(page, learning)
    form = page.get_by_role("form", name="The draft")
    answer = form.get_by_role("textbox", name="Answer")
    await expect(answer).to_have_value(re.compile("about a week"))
    [draft] = learning.listed()
    path = f"{learning.drafts}/{draft['id']}"
    learning.client.patch(path, json={"answer": "We repair nothing."})
    await form.get_by_role("button", name="Approve").click()
    await expect(form.get_by_role("alert")).to_contain_text("has changed meanwhile")
    await expect(answer).to_have_value("We repair nothing.")
    assert learning.items() == []
    await answer.fill(ANSWER)
    learning.client.post(f"{path}/reject")
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="changed")).to_be_visible()
    assert learning.items() == []


async def test_drafts_are_edited_approved_and_rejected_by_keys(
    page: Page, learning: LearningDesk, take_screenshots: TakeScreenshots
) -> None:
    draw(learning)
    draw(learning, HOSTILE)
    await open_review(page, learning)
    await expect(listed(page)).to_have_count(2)
    await expect(page.get_by_role("link", name="Drafts")).to_contain_text("2")
    # The newest first; the other is beside it after `j`, and its conversation with it.
    await page.keyboard.press("j")
    await expect(page).to_have_url(re.compile("open=draft_"))
    form = page.get_by_role("form", name="The draft")
    await expect(form.get_by_role("textbox", name="Question")).to_have_value(QUESTION)
    talk = page.get_by_role("region", name="The conversation")
    await expect(talk).to_contain_text("A repair takes about a week.")
    link = talk.get_by_role("link", name="Open it in the inbox")
    await expect(link).to_have_attribute("href", re.compile(r"/app/inbox\?conversation="))
    await hold_to_the_rules(page, "review-drafts", take_screenshots)
    await page.reload()
    await expect(form.get_by_role("textbox", name="Question")).to_have_value(QUESTION)
    await page.keyboard.press("e")
    await expect(form.get_by_role("textbox", name="Question")).to_be_focused()
    await form.get_by_role("textbox", name="Question").fill("Do you repair all bicycles?")
    await form.get_by_role("combobox", name="Category").fill("Repairs")
    await form.get_by_label("Tags").fill("bicycle, shop")
    await form.get_by_role("button", name="Save and approve").click()
    await expect(listed(page)).to_have_count(1)
    [item] = learning.items()
    assert (item["question"], item["category"]) == ("Do you repair all bicycles?", "Repairs")
    assert item["tags"] == ["bicycle", "shop"]
    await page.get_by_label("Show").select_option("approved")
    await expect(listed(page)).to_contain_text("Approved")
    told = page.get_by_role("region", name="The draft").get_by_role("link")
    await expect(told).to_have_attribute("href", re.compile(f"open={item['id']}"))


async def test_a_rejected_draft_comes_back_with_undo_and_goes_without(
    page: Page, learning: LearningDesk
) -> None:
    draw(learning, HOSTILE)
    await open_review(page, learning)
    await expect(listed(page)).to_contain_text(HOSTILE)
    # Its keys work once it is there.
    form = page.get_by_role("form", name="The draft")
    await expect(form.get_by_role("textbox", name="Question")).to_have_value(HOSTILE)
    assert await page.locator("#content img").count() == 0
    await page.locator("#content h1").click()
    await page.keyboard.press("x")
    await expect(page.get_by_role("heading", level=2)).to_have_text("Nothing waits for review")
    await page.get_by_role("button", name="Undo").click()
    await expect(listed(page)).to_have_count(1)
    await expect(form.get_by_role("textbox", name="Question")).to_have_value(HOSTILE)
    await page.keyboard.press("x")
    await expect(page.get_by_role("heading", level=2)).to_have_text("Nothing waits for review")
    await page.goto("about:blank")
    # The page that was left has it rejected, in a moment.
    assert any(learning.listed("rejected") for _ in attempts(PATIENCE))
    await page.goto(f"{learning.team.server.url}/app/p/{learning.project}/review")
    await page.get_by_label("Show").select_option("rejected")
    await expect(listed(page)).to_contain_text("Rejected")


async def test_a_question_is_answered_and_another_dismissed(
    page: Page, learning: LearningDesk, take_screenshots: TakeScreenshots
) -> None:
    for question in (OPEN, OPEN, HOSTILE):
        learning.asked(question)
    await open_review(page, learning, "/questions")
    questions = listed(page, "Unanswered questions")
    await expect(questions.first).to_contain_text("asked 2 times")
    await expect(questions.first).to_contain_text("No answer")
    await hold_to_the_rules(page, "review-questions", take_screenshots)
    form = page.get_by_role("form", name="Answer the question")
    await expect(form.get_by_role("textbox", name="Question")).to_have_value(OPEN)
    await page.keyboard.press("a")
    await page.keyboard.type("Behind the barn.")
    await page.reload()
    await expect(form.get_by_role("textbox", name="Answer")).to_have_value("Behind the barn.")
    await form.get_by_role("button", name="Add to the knowledge").click()
    await expect(questions).to_have_count(1)
    await expect(questions).to_contain_text(HOSTILE)
    await form.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_role("heading", level=2)).to_have_text("Nothing to answer")
    await page.reload()
    # The page that was left has it dismissed; the new one may have been quicker.
    assert not all(
        learning.client.get(learning.questions).json()["items"] for _ in attempts(PATIENCE)
    )
    await page.reload()
    await expect(page.get_by_role("heading", level=2)).to_have_text("Nothing to answer")
    assert [item["answer"] for item in learning.items()] == ["Behind the barn."]


async def test_the_list_goes_on(page: Page, learning: LearningDesk) -> None:
    account, project = bare(learning.team.owner.account_id), bare(learning.project)
    conversation = bare(learning.asked())
    for number in range(101):
        learning.rows(
            "insert into item_draft (account_id, id, project_id, conversation_id, question_key,"
            "  question, answer) values (%s, gen_random_uuid(), %s, %s, gen_random_uuid(), %s, 'A')"
            " returning 1",
            *(account, project, conversation, f"Question {number}?"),
        )
    await open_review(page, learning)
    await expect(listed(page)).to_have_count(100)
    await expect(page.get_by_role("link", name="Drafts")).to_contain_text("100+")
    # Not by the mouse: rows that come into sight get their own height, and the button moves.
    await page.get_by_role("button", name="Show more").press("Enter")
    await expect(listed(page)).to_have_count(101)
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()
