"""A passage is read as if it used the question's names, and what is shown stays as it is."""

import numpy as np
import pytest

from answerdesk.answering.extractive.names import Names
from answerdesk.answering.extractive.passage import take_passage_apart
from answerdesk.kit.sentences import sentences
from answerdesk.kit.spans import Span
from answerdesk.knowledge.types import SearchQuestion, Synonym


def names(asked: str, *others: str) -> Names:
    vector = np.zeros(1, np.float32)
    synonyms = (Synonym(asked, others),)
    return Names(SearchQuestion("", "en", (), {}, vector, "", {}, synonyms=synonyms))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A flat tyre is repaired.",
        "The tyre is repaired. Flat roofs are not.",
        "A log stands in the hall.",
        "Nothing of the kind.",
    ],
)
def test_what_has_no_other_name_stays(text: str) -> None:
    spans = tuple(sentences(text, "en"))
    for one in (
        names("flat tyre", "flat"),
        names("puncture", "tyre repaired"),
        names("a", "log in"),
    ):
        if "flat" not in text.casefold() or "flat tyre" in text:
            assert one.as_asked(text, spans) == (text, spans)


def test_a_name_does_not_reach_into_the_next_sentence() -> None:
    text = "It is flat. Tyres are sold."
    spans = tuple(sentences(text, "en"))
    assert names("puncture", "flat tyre").as_asked(text, spans) == (text, spans)
    assert names("puncture", "flat tyre").as_asked(text)[0] == "It is puncture are sold."


def test_sentences_move_with_what_is_put_there() -> None:
    text = "Punctures: nine euros. New brakes cost more than a puncture. Ask us."
    spans = tuple(sentences(text, "en"))
    read, moved = names("flat tire", "puncture").as_asked(text, spans)
    assert [span.of(read) for span in moved] == [
        span.of(text).replace("Punctures", "flat tire").replace("puncture", "flat tire")
        for span in spans
    ]


def test_places_to_replace_are_bounded() -> None:
    text = "bad " * 10_000
    read, _ = names("x" * 60, "bad").as_asked(text, (Span(0, len(text)),))
    assert read.count("x" * 60) == 50


def test_a_heading_can_have_the_other_name() -> None:
    passage = take_passage_apart("It costs nine euros.", (Span(0, 20),), "en", ("Punctures",))
    assert names("flat tire", "puncture").used_in(passage)
    assert not names("flat tire", "hole").used_in(passage)
    assert not names("puncture", "hole").used_in(passage)
