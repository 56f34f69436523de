"""Names that every help page may exchange; a word that only sounds like one has no others."""

import pytest

from answerdesk.knowledge.search.everyday import everyday_names, names_beside
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.search.synonyms import SynonymMap, renamed
from tests.knowledge.search.library import Library


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I turn the page?", "en"),
        ("Is my turn before hers?", "en"),
        ("Where does the oven log its errors?", "en"),
        ("What is a sign of rust?", "en"),
        ("Welche Folie schaltet das Gerät?", "de"),
        ("電源を切るには", "ja"),
    ],
)
def test_what_only_sounds_like_an_everyday_name_has_no_other(text: str, language: str) -> None:
    assert everyday_names(text, language) == ()


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("How do I switch off the alarm?", "en", "disable"),
        ("Can I disable the alarm?", "en", "turn off"),
        ("Is there 2FA?", "en", "two-step verification"),
        ("My package is wet", "en", "parcel"),
        ("Wie kann ich den Alarm abschalten?", "de", "deaktivieren"),
        ("Où est mon colis ?", "fr", "paquet"),
        ("¿Dónde está mi cupón?", "es", "código promocional"),
    ],
)
def test_an_everyday_name_has_others(text: str, language: str, other: str) -> None:
    [used] = everyday_names(text, language)
    assert other in [one.text for one in used.others]


async def test_a_page_is_found_by_another_everyday_name(library: Library) -> None:
    await library.add("Desk", "A parcel is weighed at the desk.")
    search = Search(library.database, library.embedder)
    for word, scores in (("backpack", False), ("package", True)):
        _, found = await search.find(library.account_id, library.project_id, word)
        assert any(one.bm25 > 0 for one in found) is scores


def test_the_embedder_is_not_asked_again() -> None:
    used = everyday_names("How do I switch off the alarm?", "en")
    assert renamed("How do I switch off the alarm?", used, {"disabl": 9}) is None


def test_the_owners_own_synonyms_come_first() -> None:
    question = "Does a package go out on Monday?"
    own = SynonymMap(groups=[["package", "box"]]).used_in(question, ("en",))
    package, monday = names_beside(own, question, "en")
    assert [one.text for one in package.others] == ["box"]
    assert monday.asked == "Monday"


def test_a_long_text_is_not_looked_through() -> None:
    assert names_beside((), "My package is wet. " * 40, "en") == ()
