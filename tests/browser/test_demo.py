"""What a newcomer meets after the first start: the demo project, with the real model."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.asking import ask
from tests.browser.pages import Complaints, TakeScreenshots
from tests.conftest import Server

_INGESTED_MS = 500_000
"""Half a minute on two idle cores. Ingestion runs at low priority, so any load stretches it."""


@pytest.fixture
def newcomer() -> Iterator[Server]:
    """A first start as it is by default."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(
            Path(folder) / "data", ANSWERDESK_DEMO="1", ANSWERDESK_EMBEDDER="minilm"
        ).start()
        yield server
        server.stop()


async def test_the_page_answers_questions_about_answerdesk(
    page: Page, newcomer: Server, complaints: Complaints, take_screenshots: TakeScreenshots
) -> None:
    await page.goto(newcomer.url)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Answerdesk demo")
    await expect(page.locator("#progress")).to_be_hidden(timeout=_INGESTED_MS)
    await page.get_by_role("button", name="Which Python do I need?").click()
    first = page.locator(".answer").last
    await expect(first.locator(".message-text")).to_contain_text("Python 3.11 or newer")
    await expect(first.locator(".sources a")).to_contain_text("Contributing to Answerdesk")
    second = await ask(page, "How do I report a vulnerability?")
    await expect(second.locator(".message-text")).to_contain_text("write to the maintainers first")
    third = await ask(page, "Under which licence is Answerdesk?")
    await expect(third.locator(".message-text")).to_contain_text("Apache License 2.0")
    await take_screenshots(page, "demo")
    async with page.context.expect_page() as opening:
        await third.locator(".sources a").first.click()
    passage = await opening.value
    complaints.watch(passage)
    await expect(passage.locator("mark")).to_contain_text("Apache License 2.0")
    await take_screenshots(passage, "passage")
    fourth = await ask(page, "Wie hoch ist der Mont Blanc?")
    await expect(fourth.locator(".no-source")).to_be_visible()
    await expect(fourth.locator(".sources")).to_be_hidden()
