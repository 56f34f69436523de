"""Synonyms: what means the same in a project finds what its documents say, and nothing else."""

from collections.abc import Sequence

import pytest

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.kit.bm25 import inverse_document_frequency
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.search.synonyms import SynonymMap, SynonymMaps, renamed, widen
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.synonyms.service import Synonyms
from answerdesk.knowledge.types import SearchQuestion
from tests.knowledge.search.library import Library

GROUPS = (("flat tire", "puncture", "hole in the tyre"), ("sign in", "log in"), ("IT", "computers"))


def used(text: str, *groups: Sequence[str], languages: Sequence[str] = ("en",)) -> list[str]:
    found = SynonymMap(1, groups or GROUPS).used_in(text, languages)
    return [f"{one.asked} > {', '.join(name.text for name in one.others)}" for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "Is the tire flat?",  # Not the phrase.
        "How do I flat my tire?",
        "Where is the log?",  # "Log in" is more than "log".
        "Is it open?",
        "the",
        "tire",
    ],
)
def test_what_is_no_synonym_is_left_alone(text: str) -> None:
    assert used(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How much is a FLAT   tire?", ["FLAT   tire > puncture, hole in the tyre"]),
        ("Two flat tires!", ["flat tires > puncture, hole in the tyre"]),
        ("A hole in the tyre: what now?", ["hole in the tyre > flat tire, puncture"]),
        ("I can't sign in after a puncture", ["sign in > log in", "puncture > flat tire, "]),
        ("Is a puncture a flat tire?", ["puncture > hole in the tyre"]),
        ("Are computers sold?", []),  # "IT" is in every text.
    ],
)
def test_a_question_uses_the_longest_phrases_in_any_form(text: str, expected: list[str]) -> None:
    found = used(text)
    assert len(found) == len(expected)
    for one, beginning in zip(found, expected, strict=True):
        assert one.startswith(beginning)


def test_the_longest_name_wins_and_forms_of_one_word_are_one() -> None:
    groups = [("tyre", "wheel"), ("tyre pressure", "bar"), ("prices", "price", "fee")]
    assert used("What tyre pressure?", *groups) == ["tyre pressure > bar"]
    assert used("What is the price?", *groups) == ["price > fee"]


def test_each_language_of_the_project_counts() -> None:
    groups = [("Reifenpanne", "Plattfuß")]
    assert used("Zwei Reifenpannen", *groups, languages=("en",)) == []
    assert used("Zwei Reifenpannen", *groups, languages=("en", "de")) != []


def test_a_pasted_text_is_not_widened_without_end() -> None:
    groups = [(f"word{number}", f"other{number}") for number in range(40)]
    assert len(used(" ".join(f"word{number}" for number in range(40)), *groups)) == 8
    assert used("x " * 300 + "word1", *groups) == []


def test_what_is_asked_is_worth_what_its_most_frequent_name_is_worth() -> None:
    (one,) = SynonymMap(1, [("bike", "bicycle")]).used_in("A bike?", ["en"])
    unsaid, often, once = (inverse_document_frequency(100, count) for count in (0, 75, 1))
    found = widen([one], {"bike": unsaid}, 100, {"bicycl": 75})
    assert found.asked == {"bike": pytest.approx(often)}
    assert found.others == {"bicycl": pytest.approx(0.9 * often)}
    found = widen([one], {"bike": often}, 100, {"bike": 75, "bicycl": 1})
    assert found.asked == {"bike": pytest.approx(often)}
    assert found.others == {"bicycl": pytest.approx(0.9 * often)}
    assert once > often
    # No document says either: nothing is changed.
    assert widen([one], {"bike": unsaid}, 100, {}).asked == {"bike": unsaid}


def test_a_word_that_both_names_have_counts_once() -> None:
    (one,) = SynonymMap(1, [("flat tire", "flat tyre")]).used_in("A flat tire?", ["en"])
    found = widen([one], {"flat": 3.0, "tire": 4.6}, 100, {"flat": 4, "tyre": 4})
    assert found.others.keys() == {"tyre"}


def test_a_question_is_renamed_as_documents_have_it() -> None:
    text = "Does a flat tire stop me from signing in?"
    groups = SynonymMap(1, GROUPS).used_in(text, ["en"])
    assert renamed(text, groups, {}) is None
    frequency = {"punctur": 2, "hole": 9, "log": 3}
    expected = "Does a puncture stop me from log in?"
    assert renamed(text, groups, frequency) == expected


def test_only_so_many_are_remembered() -> None:
    maps = SynonymMaps(10)
    projects = [(AccountId(new_id()), ProjectId(new_id())) for _ in range(3)]
    for project in projects:
        maps.remember(project, SynonymMap(1, [("a", "b"), ("c", "d")]))
    assert [maps.known(project).rev for project in projects] == [0, 1, 1]
    maps.remember(projects[1], SynonymMap(2))
    maps.remember(projects[0], SynonymMap(1, [("a", "b")]))
    assert [maps.known(project).rev for project in projects] == [1, 2, 1]


async def _ask(search: Search, library: Library, text: str) -> tuple[SearchQuestion, float]:
    question, found = await search.find(library.account_id, library.project_id, text)
    return question, max((one.bm25 for one in found), default=0.0)


async def _say(library: Library, *terms: str) -> None:
    async with library.database.transaction(library.account_id) as session:
        await Synonyms(Knowledge(session, library.account_id, library.project_id)).add(terms)


async def test_a_document_that_says_the_other_word_scores_nine_tenths(library: Library) -> None:
    await library.add("Repairs", "A puncture is repaired here. Brakes are fitted, too.")
    search = Search(library.database, library.embedder)
    _, without = await _ask(search, library, "flat tire")
    assert without == 0.0
    await _say(library, "flat tire", "puncture")
    question, other = await _ask(search, library, "flat tire")
    assert question.synonyms[0].others == ("puncture",)
    assert question.corrections == {}
    _, own = await _ask(search, library, "puncture")
    assert other == pytest.approx(0.9 * own, rel=0.01)
    # As much of what can be had: confidence is not lowered by a name that no document says.
    assert sum(question.idf.values()) == pytest.approx(question.widened["punctur"] / 0.9)


async def test_a_synonym_is_not_taken_for_a_typing_error(library: Library) -> None:
    await library.add("Food", "The menus hang at the door of the kitchen.")
    search = Search(library.database, library.embedder)
    question, _ = await _ask(search, library, "venus")
    assert question.corrections != {}
    await _say(library, "venus", "planet")
    question, _ = await _ask(search, library, "venus")
    assert question.corrections == {}


async def test_every_process_reads_them_again_when_they_change(library: Library) -> None:
    await library.add("Repairs", "A puncture is repaired here.")
    searches = [Search(library.database, library.embedder) for _ in range(2)]
    for word in ("flat", "hole"):
        for search in searches:
            assert (await _ask(search, library, word))[1] == 0.0
        async with library.database.transaction(library.account_id) as session:
            synonyms = Synonyms(Knowledge(session, library.account_id, library.project_id))
            for group in await synonyms.page(None, 10):
                await synonyms.remove(group.id)
            await synonyms.add(["puncture", word])
        for search in searches:
            assert (await _ask(search, library, word))[1] > 0.0


async def test_anothers_synonyms_are_never_read(library: Library, database: Database) -> None:
    beside, stranger = await Library.beside(library), await Library.open(database)
    for one in (beside, stranger):
        await _say(one, "flat", "puncture")
    await library.add("Repairs", "A puncture is repaired here.")
    search = Search(library.database, library.embedder)
    question, bm25 = await _ask(search, library, "flat")
    assert (question.synonyms, bm25) == ((), 0.0)
