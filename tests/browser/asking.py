"""What the tests of the page where one asks share: a small shop's knowledge, and asking."""

from playwright.async_api import Locator, Page, expect

from tests.conftest import Desk, Server

HOURS = "The shop opens at nine in the morning and closes at six in the evening."
RETURNS = "Returned goods are refunded within fourteen days of their arrival."
SHIPPING = "Shipping to Norway takes five working days and costs twelve euros."

SHOW = """
async ([blocks, sources]) => {
  const { showBlocks, fromTemplate } = await import("/assets/text.js");
  const { showSources } = await import("/assets/sources.js");
  const answer = fromTemplate("answer-template");
  document.querySelector("#messages").append(answer);
  const drawn = showBlocks(answer.querySelector(".message-text"), blocks);
  showSources(answer.querySelector(".sources"), sources, blocks, drawn);
}
"""
"""Script of the page: shows an answer of the given blocks and sources."""


def fill_shop(desk: Desk) -> Desk:
    """Let a project know three things."""
    desk.add_text("Opening hours", HOURS)
    desk.add_text("Returns", RETURNS)
    desk.add_text("Shipping", SHIPPING)
    return desk


def address(server: Server, desk: Desk) -> str:
    """Return where the project's page is."""
    return f"{server.url}/?project={desk.project_id}"


async def ask(page: Page, question: str) -> Locator:
    """Ask once nothing is being answered; return the answer, which may still be growing."""
    await expect(page.get_by_role("button", name="Ask")).to_be_enabled()
    answers = page.locator(".answer")
    before = await answers.count()
    field = page.get_by_label("Your question")
    await field.fill(question)
    await field.press("Enter")
    await expect(page.locator(".question .message-text").last).to_have_text(question)
    return answers.nth(before)


def stored(desk: Desk) -> str:
    """Return the project's id as the database has it."""
    return desk.project_id.removeprefix("proj_")
