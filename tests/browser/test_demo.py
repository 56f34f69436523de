"""What a newcomer meets after the first start: the demo project, with the real model.

Every question that the start page, the README or the tutorial prints is asked here. A new one fails
until `PRINTED` says what its answer has to show.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.async_api import Page, expect

from answerdesk.entrypoints.demo import EXAMPLE_QUESTIONS
from tests.browser.asking import ask
from tests.browser.chromium import ROOT
from tests.browser.pages import Complaints, TakeScreenshots
from tests.conftest import Desk, Server
from tests.dialects.orac import chat
from tests.waiting import attempts

_INGESTED_SECONDS: Final = 500
"""A few seconds on two idle cores. Ingestion runs at low priority, so any load stretches it."""

_TUTORIAL: Final = "docs/tutorial/first-answers.md"
_QUESTION: Final = re.compile(r'"([^"\n]+\?)"|“([^”\n]+\?)”|\*([^*\n]+\?)\*')
_ADDRESS: Final = re.compile(r"[\w/.:-]*/\?\w+=\S*")
_TUTORIAL_FILE: Final = re.compile(r'^echo "([^"\n]+)" > my-shop/(\w+)\.md$', re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """What an answer has to show: words, and the title of the page that they are from."""

    page: str
    words: tuple[str, ...]
    in_the_shop: bool = False
    """Whether it is asked in the project that the tutorial makes."""


PRINTED: Final = {
    "What do I need to run Answerdesk?": Check(
        "Install and start Answerdesk", ("Linux", "Python 3.11 or newer", "make")
    ),
    "How much does Answerdesk cost?": Check("Costs and limits", ("nothing", "free")),
    "How do I put the chat on my website?": Check(
        "The chat on your website", ("/app/settings/websites", "widget.js", "Reload the page")
    ),
    "What happens when the server crashes?": Check(
        "Run Answerdesk in production", ("No question that was acknowledged is lost",)
    ),
    "How long are conversations kept?": Check("Privacy", ("for ever, unless you set",)),
    "What happens when a page disappears from my website?": Check(
        "Add knowledge", ("leaves the answers with the next sync",)
    ),
    "I forgot my password. What can I do?": Check(
        "Accounts, roles and log-ins", ("ask for a new password", "reset-password")
    ),
    "Can I use my own PostgreSQL?": Check("Run Answerdesk in production", ("16 or newer", "0.8")),
    "How long does a refund take?": Check("refunds", ("eleven working days",), in_the_shop=True),
}


@pytest.fixture(scope="module")
def newcomer() -> Iterator[Server]:
    """A first start as it is by default."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(
            Path(folder) / "data", ANSWERDESK_DEMO="1", ANSWERDESK_EMBEDDER="minilm"
        ).start()
        yield server
        server.stop()


def questions_in(text: str) -> set[str]:
    """Return the questions that a document prints: in quotation marks, or emphasised."""
    return {next(filter(None, found)) for found in _QUESTION.findall(text)}


def documents() -> dict[str, str]:
    paths = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorial").glob("*.md"))]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def demo_of(server: Server, owner: httpx.Client) -> str:
    """Return the id of the demo project once all its pages are searchable."""
    [project] = [one for one in owner.get("/v1/projects").json()["items"] if one["demo"]]
    for _ in attempts(_INGESTED_SECONDS):
        [source] = owner.get(f"/v1/projects/{project['id']}/sources").json()["items"]
        if not source["pending"]:
            assert not source["failed"]
            return str(project["id"])
    raise AssertionError(f"the demo was not ingested within {_INGESTED_SECONDS} s:\n{server.log()}")


def faults_of(answer: chat.Chat, check: Check, visitor: httpx.Client) -> list[str]:
    """Return what an answer lacks, given what it has to show."""
    lacks = [f"no {words!r}" for words in check.words if words not in answer.text]
    cited = [visitor.get(source).text for source in answer.sources]
    if not any(check.page in page for page in cited):
        lacks.append(f"{check.page!r} is not cited, but {answer.sources}")
    return lacks


def test_every_printed_question_is_checked() -> None:
    printed = set(EXAMPLE_QUESTIONS).union(*map(questions_in, documents().values()))
    assert printed == PRINTED.keys()
    assert 3 <= len(EXAMPLE_QUESTIONS) <= 4


@pytest.mark.parametrize("name", documents())
def test_no_question_is_printed_in_another_form(name: str) -> None:
    rest = _QUESTION.sub("", _ADDRESS.sub("", documents()[name]))
    assert "?" not in rest


def test_every_printed_question_is_answered(newcomer: Server) -> None:
    with newcomer.client(owner=True) as owner, newcomer.client() as visitor:
        demo = demo_of(newcomer, owner)
        shop = Desk(owner, visitor)
        for text, name in _TUTORIAL_FILE.findall(documents()[_TUTORIAL]):
            shop.add_text(name, text, format="markdown")
        faults = {}
        for question, check in PRINTED.items():
            answer = chat.ask(visitor, shop.project_id if check.in_the_shop else demo, question)
            if lacks := faults_of(answer, check, visitor):
                faults[question] = (lacks, answer.text)
        assert faults == {}


async def test_the_page_answers_questions_about_answerdesk(
    page: Page, newcomer: Server, complaints: Complaints, take_screenshots: TakeScreenshots
) -> None:
    await page.goto(newcomer.url)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Answerdesk demo")
    await expect(page.locator(".example")).to_have_text([*EXAMPLE_QUESTIONS])
    await expect(page.locator("#progress")).to_be_hidden(timeout=_INGESTED_SECONDS * 1000)
    await page.get_by_role("button", name="What do I need to run Answerdesk?").click()
    first = page.locator(".answer").last
    await expect(first.locator(".message-text")).to_contain_text("Python 3.11 or newer")
    await expect(first.locator(".sources a")).to_contain_text("Install and start Answerdesk")
    async with page.context.expect_page() as opening:
        await first.locator(".sources a").first.click()
    passage = await opening.value
    complaints.watch(passage)
    await expect(passage.locator("mark")).to_contain_text("Python 3.11 or newer")
    await take_screenshots(passage, "passage")
    await expect_no_answer(page, "Who is the mayor of Paris?")
    await take_screenshots(page, "demo")
    await expect_no_answer(page, "Wie hoch ist der Mont Blanc?")


async def expect_no_answer(page: Page, question: str) -> None:
    answer = await ask(page, question)
    await expect(answer.locator(".no-source")).to_be_visible()
    await expect(answer.locator(".sources")).to_be_hidden()
