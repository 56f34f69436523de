"""The multilingual space: questions in one language, pages in another, told as such."""

import asyncio
from collections.abc import Iterator

import pytest

from answerdesk.answering.service import Answering
from answerdesk.answering.types import Abstain, Answer, AnswerRequest
from answerdesk.core.database import Database
from answerdesk.knowledge.search.service import Search
from answerdesk.providers.e5.embedder import E5Embedder
from tests.knowledge.search.library import Library

SHIPPING = (
    "# Shipping\n\nShipping a parcel to Austria costs nine euros and takes three working days."
)
VERSAND = (
    "# Versand\n\nDer Versand eines Pakets nach Österreich kostet neun Euro und dauert drei "
    "Werktage."
)
HOURS = "# Opening hours\n\nThe office is open from Monday to Friday, from nine to five."
RETURNS = "# Returns\n\nYou can send an article back within thirty days, and we refund its price."


@pytest.fixture(scope="module")
def e5() -> Iterator[E5Embedder]:
    embedder = E5Embedder(threads=1)
    yield embedder
    asyncio.run(embedder.close())


@pytest.fixture
async def english(database: Database, e5: E5Embedder) -> Library:
    library = await Library.open(database, e5)
    for title, text in (("Shipping", SHIPPING), ("Hours", HOURS), ("Returns", RETURNS)):
        await library.add(title, text)
    return library


async def _ask(library: Library, text: str) -> Answer | Abstain:
    answering = Answering(Search(library.database, library.embedder))
    return await answering.answer_whole(AnswerRequest(library.account_id, library.project_id, text))


async def test_what_no_page_says_is_not_answered_in_any_language(english: Library) -> None:
    for text in ("Wer hat die Oper Parsifal komponiert?", "¿Quién descubrió América en 1492?"):
        answer = await _ask(english, text)
        assert isinstance(answer, Abstain)
        assert answer.citations == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Was kostet der Versand nach Österreich?", "Das steht hier auf Englisch:"),
        ("¿Cuánto cuesta el envío a Austria?", "Esto está en inglés:"),
        ("オーストリアへの送料はいくらですか？", "以下は英語の記載です："),
    ],
)
async def test_a_page_in_another_language_is_quoted_and_said_to_be(
    english: Library, text: str, told: str
) -> None:
    answer = await _ask(english, text)
    assert isinstance(answer, Answer)
    assert answer.text.startswith(told)
    assert "nine euros" in answer.text
    assert [citation.title for citation in answer.citations] == ["Shipping"]
    assert told not in answer.citations[0].quote


async def test_nothing_is_told_of_a_page_in_the_visitors_language(english: Library) -> None:
    answer = await _ask(english, "How much does shipping to Austria cost?")
    assert isinstance(answer, Answer)
    assert "This is in" not in answer.text
    assert "nine euros" in answer.text


async def test_the_page_in_the_visitors_language_comes_first(english: Library) -> None:
    await english.add("Versand", VERSAND)
    for text, title in (
        ("Was kostet der Versand nach Österreich?", "Versand"),
        ("What does shipping to Austria cost?", "Shipping"),
    ):
        answer = await _ask(english, text)
        assert isinstance(answer, Answer)
        assert [citation.title for citation in answer.citations] == [title]
        assert answer.text.count(":") == 0


async def test_what_only_a_page_in_another_language_says_is_quoted_from_it(
    english: Library,
) -> None:
    await english.add(
        "Garantie",
        "# Garantie\n\nDie Garantie auf alle Fahrräder beträgt fünf Jahre ab dem Tag des Kaufs.",
    )
    answer = await _ask(english, "How long is the warranty on bicycles?")
    assert isinstance(answer, Answer)
    assert answer.text.startswith("This is in German:")
    assert "fünf Jahre" in answer.text


async def test_words_of_another_language_are_no_typing_errors(english: Library) -> None:
    answer = await _ask(english, "Wann ist das Office offen?")
    assert answer.trace["corrections"] == {}
