"""Words of a text with their terms and how they are written."""

import pytest

from answerdesk.kit.terms import analyse
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


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("zh", "配送料金", ["配", "送", "料", "金"]),
        ("ja", "バッグを返す", ["バ", "ッ", "グ", "返"]),
        ("ja", "かばん", ["かば", "ばん"]),
        ("th", "ค่าส่ง", ["ค่า", "่าส", "าส่", "ส่ง"]),
        ("th", "ณ", ["ณ"]),
        ("zh", "GIMP图层3", ["gimp", "图", "层", "3"]),
    ],
)
def test_a_script_without_spaces_gives_words_that_the_index_has(
    language: str, text: str, words: list[str]
) -> None:
    found = words_of(text, language)
    assert [word.lower for word in found] == words
    assert {word.term for word in found} <= set(analyse(text, language))
    assert [text[word.start : word.end].lower() for word in found] == words


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("hi", "नया गैस कनेक्शन", ["नया", "गैस", "कनेक्शन"]),
        ("ta", "புதிய கடை", ["புதிய", "கடை"]),
        ("ar", "مُحَمَّد هنا", ["مُحَمَّد", "هنا"]),
    ],
)
def test_marks_belong_to_their_word(language: str, text: str, words: list[str]) -> None:
    assert [word.lower for word in words_of(text, language)] == words


@pytest.mark.parametrize(
    ("language", "text", "stops"),
    [("zh", "怎么开门", "怎么"), ("th", "ราคาเท่าไหร่", ["เท่", "ไหร"]), ("hi", "घर में", ["में"])],
)
def test_words_that_ask_are_stop_words_in_every_script(
    language: str, text: str, stops: str
) -> None:
    found = {word.lower for word in words_of(text, language) if word.stop}
    assert set(stops) <= found
