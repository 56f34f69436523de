"""A passage is taken apart by sentence."""

from answerdesk.answering.extractive.passage import Passage, take_passage_apart
from answerdesk.kit.sentences import sentences


def _taken_apart(text: str, *headings: str) -> Passage:
    return take_passage_apart(text, tuple(sentences(text, "en")), "en", headings)


def test_words_are_found_by_sentence_and_place() -> None:
    passage = _taken_apart("Lamps are cheap. We sell lamps.")
    assert [sentence for sentence, _ in passage.places["lamp"]] == [0, 1]
    assert passage.said((0,)) == {"lamps", "are", "cheap"}
    assert passage.lengths.tolist() == [3, 3]


def test_sentences_are_far_apart() -> None:
    passage = _taken_apart("We sell lamps. Shades are extra.")
    (_, lamps), (_, shades) = passage.places["lamp"][0], passage.places["shade"][0]
    assert shades - lamps > 1


def test_a_question_followed_by_its_answer_is_not_left_open() -> None:
    passage = _taken_apart("Do you ship? Yes, we do. Where to? How fast?")
    assert passage.asks.tolist() == [True, False, True, True]
    assert passage.left_open.tolist() == [False, False, True, True]


def test_negation_belongs_to_its_sentence() -> None:
    assert _taken_apart("We ship. We do not ship to Malta.").negated == (False, True)


def test_headings_are_known_without_stop_words() -> None:
    assert _taken_apart("It costs 29 euros.", "The Pro plan", "Prices").above == {
        "pro",
        "plan",
        "price",
    }


def test_a_passage_without_sentences_is_empty() -> None:
    passage = take_passage_apart("", (), "en")
    assert passage.places == {}
    assert passage.lengths.shape == (0,)


def test_an_entry_of_a_glossary_is_about_what_it_is_headed_by() -> None:
    nothing = frozenset[str]()
    entry = _taken_apart("A source of light. It hangs.", "Glossary", "Lamps")
    assert entry.subjects == (frozenset({"lamp"}), nothing)
    assert _taken_apart("A lamp is a light. It hangs.", "Light").subjects[0] == {"lamp"}
    assert _taken_apart("Lamps hang. A source of light.", "Lamps").subjects == (nothing, nothing)
    assert _taken_apart("A source of light. It hangs.").subjects == (nothing, nothing)
