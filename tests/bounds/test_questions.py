"""No message makes more work than a message may, whatever it is a run of."""

from itertools import count

import pytest

from answerdesk.answering.compound import halves_of
from answerdesk.answering.extractive.likeness import Vocabulary
from answerdesk.answering.extractive.question import take_apart
from answerdesk.answering.message import is_small_talk, read_message
from answerdesk.answering.rewrite import MOST_CHARACTERS, standalone
from answerdesk.answering.types import Exchange
from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.kit.language import detect_language
from answerdesk.knowledge.search.terms import MOST_LANGUAGES, plain_words, respelled, search_terms
from tests.bounds.texts import every
from tests.bounds.work import TooMuchWork, within

SECONDS = 2.0
"""For what takes a tenth of that at most: a test is no measurement."""

LANGUAGES = ("en", "de", "fr", "ar")
VOCABULARY = Vocabulary(
    f"order{number}".translate({48 + n: 97 + n for n in range(10)}) for number in range(3000)
)


def _work_through(message: str, history: tuple[Exchange, ...] = ()) -> None:
    """Do with a message all that is done with it before anything is looked for."""
    read_message(message)
    for one in history:
        is_small_talk(one.question)
    detect_language(message)
    question = standalone(message, history)
    halves = halves_of(question)
    for text in (question, *((halves.first, halves.second) if halves else ())):
        reading = search_terms(text, LANGUAGES)
        list(plain_words(text))
        asked = take_apart(respelled(text, {}), reading.language, dict.fromkeys(reading.terms, 2.0))
        for term in asked.terms:
            VOCABULARY.alike(term)


def test_no_message_takes_long() -> None:
    assert len(LANGUAGES) == MOST_LANGUAGES
    for name, message in every(MESSAGE_LENGTH, mixtures=40):
        with within(SECONDS, name):
            _work_through(message)


def test_no_earlier_message_takes_long() -> None:
    for name, message in every(MESSAGE_LENGTH):
        with within(SECONDS, name):
            _work_through("and what about it?", (Exchange(message, "It is so."),) * 6)


def test_no_short_message_takes_long_after_a_long_one() -> None:
    for name, message in every(300, mixtures=40):
        with within(SECONDS, name):
            _work_through(message, (Exchange("How much is the Pro plan?", "It is 5 euros."),))


def test_blanks_between_two_words_take_no_time() -> None:
    with within(SECONDS, "looking for two questions"):
        assert halves_of("x" + " " * 7998 + "x") is None


def test_blanks_are_single_before_two_questions_are_looked_for() -> None:
    halves = halves_of(standalone("How much is  it" + " " * 4000 + "and\t\thow long is it?", ()))
    assert halves is not None
    assert (halves.first, halves.second) == ("How much is it?", "how long is it?")


def test_one_long_word_is_like_no_other() -> None:
    with within(SECONDS, "looking for words like another"):
        assert Vocabulary(["a" * 20, "order"]).alike("a" * 8000) == {}


def test_of_a_pasted_text_the_beginning_and_the_end_are_asked() -> None:
    text = "How much is the Pro plan? " + "and so on " * 700 + "Can I cancel it at once?"
    question = standalone(text, ())
    assert question.startswith("How much is the Pro plan? and so on")
    assert question.endswith("and so on Can I cancel it at once?")
    assert len(question) <= MOST_CHARACTERS


@pytest.mark.parametrize("length", [1, MOST_CHARACTERS - 1, MOST_CHARACTERS])
def test_what_is_not_longer_is_asked_whole(length: int) -> None:
    text = ("a " * length)[: length - 1] + "b"
    assert standalone(text, ()) == text


def test_a_comparison_with_nothing_is_none() -> None:
    assert halves_of("compare the plan to .") is None
    assert halves_of("What is the difference between a and !?") is None


def test_what_takes_long_is_stopped() -> None:
    with pytest.raises(TooMuchWork), within(0.05, "counting"):
        _count_for_ever()


def _count_for_ever() -> None:
    for _ in count():
        pass
