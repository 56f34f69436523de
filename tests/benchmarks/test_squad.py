from benchmarks.squad import contains, contains_words, normalise


def test_case_punctuation_articles_and_spacing_do_not_count() -> None:
    assert normalise("The  U.S. Army,\nan  army") == "us army army"
    assert normalise("A theory") == "theory"
    assert normalise("!?") == ""


def test_a_gold_string_counts_wherever_it_stands() -> None:
    assert contains("It began in October 1973.", ["march 1974", "the October, 1973"])
    assert contains("founded in 1956", ["5"])
    assert not contains("It began in October 1973.", ["1974"])


def test_a_gold_string_of_nothing_is_in_no_answer() -> None:
    assert not contains("anything", ["the", "", "…!".replace("…", "?")])
    assert not contains("anything", [])


def test_whole_words_are_stricter() -> None:
    assert contains_words("It has 5 gates.", ["5"])
    assert not contains_words("founded in 1956", ["5"])
    assert contains_words("Warsaw", ["the Warsaw"])
