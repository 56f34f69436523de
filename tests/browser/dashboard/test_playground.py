"""The playground: a question, how its answer came about, and two ways of answering compared."""

import re

from playwright.async_api import Page, Route, expect

from tests.browser.asking import HOURS
from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, open_shop
from tests.conftest import Server

QUESTION = "When does the shop open?"


async def open_playground(page: Page, server: Server, shop: Shop, search: str = "") -> None:
    await open_dashboard(page, server, shop.boss, f"/p/{shop.desk.project_id}/playground{search}")


async def ask(page: Page, question: str) -> None:
    field = page.get_by_label("Question", exact=True)
    await field.fill(question)
    await field.press("Control+Enter")


async def test_who_may_not_change_agents_is_told_why_not(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    place = f"/p/{shop.desk.project_id}/playground"
    await open_dashboard(page, server, shop.join("Vera", "viewer"), place)
    await expect(page.get_by_text("You may not try questions here")).to_be_visible()
    await expect(page.get_by_label("Question", exact=True)).to_have_count(0)


async def test_an_answer_is_shown_with_how_it_came_about(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_playground(page, server, shop)
    await expect(page.get_by_role("heading", name="Ask something")).to_be_visible()
    await hold_to_the_rules(page, "playground-empty", take_screenshots)
    await ask(page, QUESTION)
    answer = page.get_by_role("region", name="What a visitor sees")
    await expect(answer).to_contain_text(HOURS)
    await expect(answer.get_by_text("Answered", exact=True)).to_be_visible()
    source = answer.get_by_role("group", name="Sources").get_by_role("link")
    await expect(source).to_have_attribute("rel", "noopener noreferrer")
    found = answer.get_by_role("group", name="Passages that were found").get_by_role("listitem")
    await expect(found.first).to_contain_text("Quoted in the answer")
    await expect(found.nth(1)).to_contain_text("Another passage answers better")
    await expect(answer.get_by_role("group", name="How the question was read")).to_contain_text(
        "English"
    )
    await expect(answer.get_by_role("group", name="How long it took")).to_contain_text("Searching")
    await hold_to_the_rules(page, "playground", take_screenshots)
    # Nothing is kept of it but the address, which shows the same again.
    kept = shop.boss.client.get(f"/v1/projects/{shop.desk.project_id}/conversations")
    assert kept.json()["items"] == []
    await page.reload()
    await expect(answer).to_contain_text(HOURS)
    await ask(page, "Do you sell bicycles?")
    await expect(answer.get_by_text("No answer in the knowledge")).to_be_visible()
    await page.go_back()
    await expect(answer).to_contain_text(HOURS)
    await expect(page.get_by_label("Question", exact=True)).to_have_value(QUESTION)
    await page.get_by_role("button", name="Asked before").click()
    await page.get_by_role("menuitem", name="Do you sell bicycles?").click()
    await expect(answer.get_by_text("No answer in the knowledge")).to_be_visible()


async def test_two_ways_are_compared(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_playground(page, server, shop, f"?q={QUESTION.replace(' ', '+')}")
    await page.get_by_role("button", name="Compare").click()
    differences = page.get_by_role("region", name="What differs")
    await expect(differences).to_contain_text("Both are the same")
    second = page.get_by_role("region", name="Second")
    await second.get_by_label("Least confidence").fill("99")
    await expect(second.get_by_text("No answer in the knowledge")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^Decision"))
    await expect(row).to_contain_text("Answered")
    await expect(row).to_contain_text("No answer in the knowledge")
    await expect(page).to_have_url(re.compile("threshold2=0.99"))
    await hold_to_the_rules(page, "playground-compare", take_screenshots)
    await page.reload()
    await expect(row).to_contain_text("No answer in the knowledge")


async def test_a_follow_up_sends_what_was_said(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_playground(page, server, shop, f"?q={QUESTION.replace(' ', '+')}")
    await page.get_by_role("button", name="Ask a follow-up").click()
    await expect(page.get_by_label("Question", exact=True)).to_be_focused()
    await expect(page.get_by_text(f"A follow-up to “{QUESTION}”")).to_be_visible()
    await ask(page, "And when does it close?")
    await expect(page.get_by_role("region", name="What a visitor sees")).to_contain_text(HOURS)
    await page.get_by_role("button", name="Do this by the API").click()
    sent = page.locator("pre", has_text="curl")
    await expect(sent).to_contain_text("And when does it close?")
    await expect(sent).to_contain_text(f'"history":[{{"question":"{QUESTION}"')
    await page.reload()
    await expect(page.get_by_text(f"A follow-up to “{QUESTION}”")).to_be_visible()


async def test_a_refusal_is_shown_and_can_be_tried_again(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_playground(page, server, shop)

    async def fail(route: Route) -> None:
        await route.fulfill(status=503, json={"detail": "The model is asleep.", "code": "asleep"})

    await page.route("**/playground", fail)
    await ask(page, QUESTION)
    await expect(page.get_by_role("alert")).to_contain_text("The model is asleep.")
    await expect(page.get_by_label("Question", exact=True)).to_have_value(QUESTION)
    await page.unroute("**/playground")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("region", name="What a visitor sees")).to_contain_text(HOURS)
