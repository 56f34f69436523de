"""No message makes more work than a message may, whatever it is a run of."""

from itertools import count

import pytest

from answerdesk.answering.compound import halves_of
from answerdesk.answering.extractive.likeness import Vocabulary
from answerdesk.answering.rewrite import standalone
from tests.bounds.work import TooMuchWork, within

SECONDS = 1.0
"""For what takes some milliseconds: a test is no measurement."""


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


def test_what_takes_long_is_stopped() -> None:
    with pytest.raises(TooMuchWork), within(0.05, "counting"):
        _count_for_ever()


def _count_for_ever() -> None:
    for _ in count():
        pass
