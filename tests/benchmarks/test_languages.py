"""Each question in a language is answered by a passage of its page, as the product reads it."""

import pytest

from benchmarks.languages.sets import half_of, half_of_page, language_set, page_of

OWN_PAGES = ("th", "hi")
"""Languages whose pages are all our own: no package is needed."""


@pytest.mark.parametrize("language", OWN_PAGES)
def test_each_question_has_its_passage_or_none(language: str) -> None:
    passages = language_set(language)
    there = {one.id for one in passages.paragraphs}
    for question in passages.questions:
        assert question.impossible is not bool(question.relevant), question.text
        assert question.relevant <= there
    assert sum(one.impossible for one in passages.questions) == 10


def test_a_half_has_the_passages_of_half_of_the_pages_and_all_questions() -> None:
    passages = language_set("th")
    halves = [half_of(passages, number) for number in (0, 1)]
    assert sum(len(one.paragraphs) for one in halves) == len(passages.paragraphs)
    for number, half in enumerate(halves):
        assert half.questions == passages.questions
        assert {half_of_page(page_of(one.id)) for one in half.paragraphs} == {number}
