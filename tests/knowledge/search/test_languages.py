"""A question finds the documents of every language that its project has."""

from answerdesk.core.database import Database
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.search.terms import search_terms
from tests.knowledge.search.library import Library

GERMAN = (
    "Die Öffnungszeiten der Werkstätten sind montags bis freitags von acht bis siebzehn Uhr. "
    "Am Wochenende sind die Werkstätten nicht besetzt, und wir nehmen keine Anrufe an."
)
ENGLISH = (
    "The warehouse ships parcels on every working day. When you order before noon, "
    "the parcel leaves us on the same day, and it arrives within two days."
)


async def _best(library: Library, search: Search, text: str) -> tuple[str, str]:
    question, found = await search.find(library.account_id, library.project_id, text)
    best = max(found, key=lambda one: one.bm25)
    assert best.bm25 > 0, text
    return question.language, best.chunk.title


async def test_an_empty_project_is_read_in_the_questions_own_language(library: Library) -> None:
    search = Search(library.database, library.embedder)
    question, found = await search.find(
        library.account_id, library.project_id, "Wann sind die Werkstätten geöffnet?"
    )
    assert (question.language, found) == ("de", [])


async def test_another_tenants_documents_give_no_language(
    library: Library, database: Database
) -> None:
    await library.add("Werkstatt", GERMAN)
    stranger = await Library.open(database)
    search = Search(database, library.embedder)
    await search.find(library.account_id, library.project_id, "Werkstätten")
    question, found = await search.find(stranger.account_id, library.project_id, "parcels")
    assert (question.language, found) == ("en", [])


async def test_an_english_question_to_a_german_project_is_read_in_german(library: Library) -> None:
    await library.add("Werkstatt", GERMAN)
    search = Search(library.database, library.embedder)
    question, _ = await search.find(
        library.account_id, library.project_id, "What are the opening hours of the garage?"
    )
    assert question.language == "de"


async def test_few_words_are_read_in_the_projects_language(library: Library) -> None:
    await library.add("Werkstatt", GERMAN)
    search = Search(library.database, library.embedder)
    # "Werkstätten" alone could be of any language; English would not make "werkstatt" of it.
    assert await _best(library, search, "werkstätten") == ("de", "Werkstatt")


async def test_a_question_finds_documents_of_its_language_among_many_of_another(
    library: Library,
) -> None:
    for number in range(4):
        await library.add(f"Shipping {number}", f"{ENGLISH} Gate {number} is open.")
    search = Search(library.database, library.embedder)
    await search.find(library.account_id, library.project_id, "Does the parcel arrive?")
    # What was learnt of the project's languages does not outlive a change.
    await library.add("Werkstatt", GERMAN)
    question = "Wann sind die Werkstätten geöffnet?"
    assert await _best(library, search, question) == ("de", "Werkstatt")
    question = "When do you ship the parcels?"
    language, title = await _best(library, search, question)
    assert (language, title[:8]) == ("en", "Shipping")


def test_stop_words_of_the_question_are_no_words_of_another_language() -> None:
    reading = search_terms("Wann war die Werkstatt offen, und hat sie Pakete?", ["en", "de"])
    assert reading.language == "de"
    assert not {"die", "war", "hat", "und"} & set(reading.every_term)
    assert reading.terms.keys() >= {"werkstatt", "off"}
