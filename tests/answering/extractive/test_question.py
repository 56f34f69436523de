"""A question is taken apart into what its answer has to have."""

import pytest

from answerdesk.answering.extractive.question import take_apart

IDF = {"mani": 1.0, "peopl": 2.0, "live": 2.0, "warsaw": 4.0, "1900": 3.0}


def test_a_question_is_taken_apart() -> None:
    asked = take_apart("How many people lived in Warsaw in 1900?", "en", IDF)
    assert asked.kind == "quantity"
    assert asked.names == {"warsaw"}
    assert asked.numbers == {"1900"}
    assert not asked.negated
    assert "in" not in asked.worth
    assert asked.mass == pytest.approx(sum(asked.worth.values()))


def test_the_first_word_is_no_name_for_being_written_large() -> None:
    assert take_apart("Warsaw has how many parks?", "en", {}).names == frozenset()


def test_rare_words_count_more_than_common_ones_and_frames_least() -> None:
    worth = take_apart("How many people lived in Warsaw?", "en", IDF).worth
    assert worth["warsaw"] > worth["live"] > worth["peopl"]


def test_a_word_that_no_document_has_counts_as_the_rarest() -> None:
    worth = take_apart("Does Warsaw have trams?", "en", {"warsaw": 4.0}).worth
    assert worth["tram"] == worth["warsaw"]


def test_one_document_makes_its_own_words_hardly_cheaper_than_unknown_ones() -> None:
    """With one chunk idf is 0.29 for what it has and 1.39 for what it has not."""
    worth = take_apart("Does shipping cost extra?", "en", {"ship": 0.29, "extra": 1.39}).worth
    assert worth["extra"] < 2 * worth["ship"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Which cards are not accepted?", "en"),
        ("Why don't you ship to Malta?", "en"),
        ("Welche Karten nehmen Sie nicht?", "de"),
        ("Warum gibt es keine Rechnung?", "de"),
    ],
)
def test_negation_is_noticed(text: str, language: str) -> None:
    assert take_apart(text, language, {}).negated


@pytest.mark.parametrize("text", ["", "?", "…", "   "])
def test_nothing_asked_is_nothing_to_look_for(text: str) -> None:
    asked = take_apart(text, "en", {})
    assert asked.terms == ()
    assert asked.mass == 1.0


def test_a_question_of_stop_words_only_is_looked_for_by_them() -> None:
    assert take_apart("Who are you?", "en", {}).terms != ()
