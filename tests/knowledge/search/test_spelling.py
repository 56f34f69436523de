"""Typing errors: an unknown word finds what was meant by it, and known ones stay as they are."""

from collections.abc import Mapping

import pytest

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.search import repository
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.search.terms import closest
from answerdesk.knowledge.types import SearchQuestion
from tests.knowledge.search.library import Library

TEXT = (
    "You can return a parcel within thirty days of its delivery. The refund for order AB1234 is "
    "paid on Monday. Subscriptions are cancelled by the bookkeeping department in Hall 27."
)


@pytest.mark.parametrize(
    ("term", "vocabulary"),
    [
        ("refund", {"fund": 3}),  # Two errors are too many for a short term.
        ("parcel", {"parc3l": 1}),
        ("delivery", {"delirium": 1}),
    ],
)
def test_what_is_too_far_or_no_word_is_not_meant(term: str, vocabulary: dict[str, int]) -> None:
    assert closest(term, vocabulary) is None


def test_fewer_errors_come_before_more_chunks() -> None:
    assert closest("deliveri", {"deliver": 1, "delibera": 50}) == "deliver"
    assert closest("retrun", {"return": 1, "retrung": 5}) == "retrung"
    assert closest("marke", {"parke": 50, "marker": 1}) == "marker"


async def _ask(library: Library, text: str) -> tuple[SearchQuestion, float]:
    search = Search(library.database, library.embedder)
    question, found = await search.find(library.account_id, library.project_id, text)
    return question, max((one.bm25 for one in found), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Is it in hal 27?",  # Too short.
        "order ab1243",  # A code.
        "REFUDN",  # Capitals are names.
        "refudn@example.test",
        "https://example.test/refudn",
        "my-refudn_order",
        "Where is the refund?",  # Nothing is wrong.
        "pineapple",
    ],
)
async def test_what_may_be_meant_as_it_stands_is_left_alone(library: Library, text: str) -> None:
    await library.add("Returns", TEXT)
    question, _ = await _ask(library, text)
    assert question.corrections == {}
    assert question.read_as == question.text == text


@pytest.mark.parametrize(
    ("text", "term", "meant"),
    [
        ("refudn", "refudn", "refund"),
        ("Bokkeeping", "bokkeep", "bookkeep"),
        ("the xarcels' deilvery", "deilveri", "deliveri"),
        ("subbscirptions", "subbscirpt", "subscript"),
    ],
)
async def test_a_mistyped_word_finds_what_was_meant(
    library: Library, text: str, term: str, meant: str
) -> None:
    await library.add("Returns", TEXT)
    question, bm25 = await _ask(library, text)
    assert question.corrections[term] == meant
    assert bm25 > 0
    assert question.text == text
    assert meant in question.read_as
    assert term not in question.idf
    assert question.idf[meant] > 0


@pytest.mark.parametrize(("word", "meant"), [("refnd", "refund"), ("xarcel", "parcel")])
async def test_a_guess_helps_to_find_and_is_not_taken_for_said(
    library: Library, word: str, meant: str
) -> None:
    await library.add("Returns", TEXT)
    question, bm25 = await _ask(library, word)
    assert question.corrections == {word: meant}
    assert bm25 > 0
    assert question.read_as == word
    assert question.terms == (word,)
    assert meant not in question.idf


async def test_a_correction_counts_less_than_the_word_itself(library: Library) -> None:
    await library.add("Returns", TEXT)
    mistyped, low = await _ask(library, "refudn")
    right, high = await _ask(library, "refund")
    assert mistyped.idf["refund"] == pytest.approx(0.6 * right.idf["refund"])
    assert low == pytest.approx(0.6 * high, rel=0.01)


async def test_words_of_another_tenant_are_never_offered(
    library: Library, database: Database
) -> None:
    await library.add("Returns", TEXT)
    stranger = await Library.open(database)
    await stranger.add("Fruit", "Apples and pears are sold in the market hall on every Saturday.")
    question, _ = await _ask(stranger, "refudn")
    assert question.corrections == {}
    assert await _near(database, stranger.account_id, library.project_id) == {}
    assert "refund" in (await _near(database, library.account_id, library.project_id))["refudn"]


async def _near(
    database: Database, account_id: AccountId, project_id: ProjectId
) -> Mapping[str, Mapping[str, int]]:
    statistics = await repository.term_statistics(
        database.single(account_id),
        project_id,
        ["refudn"],
        spellings=[("refudn", "refudn")],
        known_rev=-1,
    )
    return statistics.near
