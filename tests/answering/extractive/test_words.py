"""Words of a text with their terms and how they are written."""

import pytest

from answerdesk.kit.words import words_of


def test_a_word_knows_how_it_is_written() -> None:
    lamps, in_, warsaw, year = words_of("lamps in Warsaw 1984", "en")
    assert (lamps.term, lamps.lower, lamps.stop) == ("lamp", "lamps", False)
    assert in_.stop
    assert (warsaw.capital, warsaw.number) == (True, False)
    assert (year.number, year.start, year.end) == (True, 16, 20)


@pytest.mark.parametrize(
    ("text", "capital"), [("iPhone", True), ("macOS", True), ("phone", False), ("5GB", False)]
)
def test_a_name_may_begin_with_a_small_letter(text: str, *, capital: bool) -> None:
    assert [word.capital for word in words_of(text, "en")] == [capital]


@pytest.mark.parametrize(
    ("text", "count"), [("4.90", 1), ("don't", 1), ("1,000 lamps", 2), ("", 0), ("—!", 0)]
)
def test_what_is_one_word(text: str, count: int) -> None:
    assert len(words_of(text, "en")) == count


def test_a_script_without_spaces_gives_pairs_of_characters() -> None:
    assert [word.lower for word in words_of("配送料金", "ja")] == ["配送", "送料", "料金"]
