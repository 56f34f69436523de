"""A piece is what an editor would quote around a sentence."""

from collections.abc import Sequence

import pytest

from answerdesk.answering.extractive.forms import outward_forms
from answerdesk.answering.extractive.pieces import MOST_WORDS, Segment, piece_around, segments_of
from answerdesk.kit.sentences import sentences


def cut(text: str, hidden: Sequence[int] = ()) -> tuple[Segment, ...]:
    spans = sentences(text, "en")
    forms = outward_forms(text, spans, "paragraph", "en")
    return segments_of(text, spans, forms, [number in hidden for number in range(len(spans))])


def words(count: int) -> str:
    return " ".join(["Word", *["word"] * (count - 1)]) + "."


def test_paragraphs_and_items_are_segments() -> None:
    found = cut("One is here. Two is here.\n\nThree is:\n\n- four\n- five\n  and more of it")
    assert [one.kind for one in found] == ["paragraph", "paragraph", "item", "item"]
    assert found[1].announces
    assert not found[2].numbered


def test_steps_are_shown_whole_with_what_announces_them() -> None:
    steps = "\n".join(f"{number}. {words(20)}" for number in range(1, 11))
    segments = cut(f"Before.\n\nDo this:\n\n{steps}\n\nAfter.")
    assert piece_around(segments, segments[5].first, sure=True) == range(1, len(segments) - 1)


def test_a_short_list_is_shown_whole_and_of_a_long_one_the_item() -> None:
    short = cut("They are:\n\n- one\n- two\n- three")
    assert piece_around(short, 2) == range(4)
    long = cut("\n".join(f"- {words(30)}" for _ in range(8)))
    assert piece_around(long, 3, sure=True) == range(3, 4)


def test_it_is_the_item_if_that_is_sure() -> None:
    segments = cut("They are:\n\n- one\n- two\n- three")
    assert piece_around(segments, 2, sure=True) == range(2, 3)


def test_examples_that_are_announced_are_shown_with_what_they_announce() -> None:
    ring, drum = "    ring --once <bell>", "    beat --twice <drum>"
    segments = cut(f"Two ways:\n\nTo ring:\n\n{ring}\n\nTo drum:\n\n{drum}\n\nThat is all.")
    assert [one.kind for one in segments][2::2] == ["code", "code"]
    assert piece_around(segments, 0, sure=True) == range(5)
    long = cut(f"Two ways:\n\nTo ring:\n\n{ring}\n\nTo drum:\n\n{drum} {words(MOST_WORDS)}")
    assert piece_around(long, 0, sure=True) == range(3)
    assert piece_around(cut("One way:\n\nThis one:"), 0, sure=True) == range(2)


def test_an_error_that_is_announced_is_shown_with_what_helps() -> None:
    error = "You may see:\n\nchown: Operation not permitted\n\n"
    remedy = "The share forbids it. Allow it there.\n\nThen start again.\n\n"
    segments = cut(f"{error}{remedy}Or do this:\n\nRestart.")
    for place in (0, 1):
        assert piece_around(segments, place, sure=True) == range(segments[4].first)
    assert piece_around(cut(f"{error}{words(MOST_WORDS)}"), 1) == range(2)
    assert piece_around(cut(f"{error}What else? Nothing."), 1) == range(2)
    assert piece_around(cut("Run this:\n\nfix-it\n\nThat is all."), 1) == range(2)


def test_it_grows_over_short_neighbours_and_no_further() -> None:
    segments = cut("\n\n".join(words(size) for size in (50, 30, 40, 40, 60)))
    assert piece_around(segments, 2) == range(1, 4)
    assert sum(one.words for one in segments[1:4]) <= MOST_WORDS


def test_if_one_is_sure_it_grows_little() -> None:
    segments = cut("\n\n".join(words(size) for size in (15, 15, 30)))
    assert piece_around(segments, 1, sure=True) == range(2)


@pytest.mark.parametrize("opening", ["Prices\n20 euros each.", "What does it cost? It is free."])
def test_it_does_not_grow_into_another_subject(opening: str) -> None:
    segments = cut(f"Here is one thing.\n\n{opening}")
    assert piece_around(segments, 0) == range(1)


def test_a_long_paragraph_is_cut_around_the_sentence() -> None:
    segments = cut(" ".join(words(30) for _ in range(10)))
    assert len(segments) == 1
    assert piece_around(segments, 4) == range(4, 8)
    assert piece_around(segments, 9) == range(6, 10)


def test_what_is_hidden_has_no_words() -> None:
    segments = cut(f"{words(20)} {words(30)}", hidden=[1])
    assert segments[0].words == 20


def test_what_ends_steps_is_shown_with_the_first_of_them_or_with_none() -> None:
    steps = "\n".join(f"{number}. {words(25)}" for number in range(1, 7))
    segments = cut(f"Before.\n\n{steps}\n\nThat is it.")
    last = segments[-1].first
    assert piece_around(segments, last) == range(1, last + 1)
    many = "\n".join(f"{number}. {words(25)}" for number in range(1, 16))
    segments = cut(f"{many}\n\nThat is it.")
    last = segments[-1].first
    assert piece_around(segments, last) == range(last, last + 1)
