"""A page of another origin calls Orac's widget tier: it reads answers, and errors, too."""

import pytest
from playwright.async_api import Page

from tests.browser.asking import fill_shop
from tests.conftest import Desk, Server
from tests.websites import Website

CALL = """async ([host, path, body]) => {
  const sent = body === null ? {} : {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)};
  const answered = await fetch(host + path, sent);
  return {status: answered.status, text: await answered.text()};
}"""


@pytest.fixture
def other_page() -> Website:
    """A site of another origin."""
    site = Website()
    site.set("/", "<!doctype html><html lang='en'><title>Shop</title><h1>Shop</h1></html>")
    return site


async def test_a_page_of_another_origin_reads_answers_and_errors(
    page: Page, server: Server, desk: Desk, other_page: Website
) -> None:
    fill_shop(desk)
    with other_page:
        await page.goto(other_page.url)

        async def call(path: str, body: object = None) -> tuple[int, str]:
            told = await page.evaluate(CALL, [server.url, path, body])
            return told["status"], told["text"]

        asked = {"project_id": desk.project_id, "message": "When does the shop open?"}
        status, text = await call("/api/chat", asked)
        assert status == 200
        assert "event: done" in text
        status, text = await call(f"/api/widget/config?id={desk.project_id}")
        assert status == 200
        for path, body, expected in (
            ("/api/chat", {"project_id": desk.project_id}, 400),
            ("/api/chat", {"project_id": "x", "message": "hi"}, 404),
            ("/api/widget/messages?conversationId=x", None, 404),
            ("/api/widget/feedback", {"message_id": "x", "rating": "good"}, 400),
            ("/api/projects", None, 401),
            ("/api/nothing", None, 404),
        ):
            status, text = await call(path, body)
            assert status == expected, path
            assert '"error"' in text, path
