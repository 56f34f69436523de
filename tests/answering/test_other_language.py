"""What is quoted in another language is told to be, in the visitor's."""

import pytest

from answerdesk.answering.other_language import TRANSLATED, told_language
from answerdesk.conversations import texts
from answerdesk.kit.language import UNKNOWN
from answerdesk.kit.stopwords import LANGUAGES

QUOTED = sorted(LANGUAGES)


@pytest.mark.parametrize(("visitors", "quoted"), [("de", "de"), (UNKNOWN, "en"), ("de", UNKNOWN)])
def test_nothing_is_told_of_the_same_or_an_unknown_language(visitors: str, quoted: str) -> None:
    assert told_language(visitors, quoted) is None


def test_there_are_words_in_the_languages_of_all_texts_for_visitors() -> None:
    assert TRANSLATED == texts.TRANSLATED


@pytest.mark.parametrize("visitors", sorted(TRANSLATED))
def test_each_language_tells_every_other_one(visitors: str) -> None:
    told = [told_language(visitors, one) for one in QUOTED if one != visitors]
    assert all(one and "{" not in one for one in told)
    named = [told_language(visitors, one) for one in sorted(TRANSLATED - {visitors})]
    assert len(set(named)) == len(named)


def test_the_language_is_named_in_the_visitors() -> None:
    assert told_language("de", "en") == "Das steht hier auf Englisch:"
    assert told_language("en", "ja") == "This is in Japanese:"
    assert told_language("ja", "en") == "以下は英語の記載です："


def test_a_language_without_a_name_is_another_one() -> None:
    assert told_language("fr", "hu") == "Ceci est dans une autre langue :"


def test_visitors_whose_language_has_no_words_are_told_in_english() -> None:
    assert told_language("hu", "de") == "This is in German:"
