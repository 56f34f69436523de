"""Opposites go both ways."""

import pytest

from answerdesk.answering.extractive.opposites import opposites


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("cheap", "expensive", "en"), ("first", "last", "en"), ("größte", "kleinste", "de")],
)
def test_opposites_go_both_ways(one: str, other: str, language: str) -> None:
    assert other in opposites(language)[one]
    assert one in opposites(language)[other]


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_word_is_its_own_opposite(language: str) -> None:
    assert [word for word, others in opposites(language).items() if word in others] == []


def test_a_language_without_a_list_has_none() -> None:
    assert opposites("fi") == {}
