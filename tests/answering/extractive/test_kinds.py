"""What a question asks for, and what a sentence names of that kind."""

import pytest

from answerdesk.answering.extractive.kinds import (
    MANNER,
    NAME,
    OTHER,
    PLACE,
    QUANTITY,
    REASON,
    TIME,
    expected_kind,
    mentions,
)
from answerdesk.kit.words import words_of


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("How much does it cost?", "en", QUANTITY),
        ("How long does delivery take?", "en", QUANTITY),
        ("What percentage is refunded?", "en", QUANTITY),
        ("When do you open?", "en", TIME),
        ("In what year was it founded?", "en", TIME),
        ("Where is the shop?", "en", PLACE),
        ("Which city is nearest?", "en", PLACE),
        ("Who runs the shop?", "en", NAME),
        ("Why was I charged?", "en", REASON),
        ("How do I cancel?", "en", MANNER),
        ("Do you sell lamps?", "en", OTHER),
        ("What happens when the shop is full?", "en", OTHER),
        ("When the shop is full, what happens?", "en", OTHER),
        ("What do I call a lamp that stands where the door is?", "en", OTHER),
        ("How do members who moved vote?", "en", MANNER),
        ("Do you know how much it costs?", "en", QUANTITY),
        ("Until when is it open?", "en", TIME),
        ("Wie viel kostet das?", "de", QUANTITY),
        ("Wie lange dauert die Lieferung?", "de", QUANTITY),
        ("Wann öffnen Sie?", "de", TIME),
        ("Wo ist der Laden?", "de", PLACE),
        ("Wer leitet den Laden?", "de", NAME),
        ("Warum wurde ich belastet?", "de", REASON),
        ("Wie kündige ich?", "de", MANNER),
        ("Combien ça coûte ?", "fr", OTHER),
    ],
)
def test_the_kind_asked_for(text: str, language: str, kind: str) -> None:
    assert expected_kind(text, language) == kind


@pytest.mark.parametrize(
    ("sentence", "language", "kinds"),
    [
        ("It costs 29 euros.", "en", {QUANTITY}),
        ("It was founded in 1998.", "en", {TIME, QUANTITY}),
        ("The shop closes on the 4th.", "en", {TIME}),
        ("Two lamps are left.", "en", {QUANTITY}),
        ("We open on Monday.", "en", {TIME}),
        ("The shop is in Warsaw.", "en", {NAME, PLACE}),
        ("Our founder, Ada Lovelace, retired.", "en", {NAME}),
        ("It is closed because of snow.", "en", {REASON}),
        ("Cancel by clicking the button.", "en", {MANNER}),
        ("The lamps are nice.", "en", set()),
    ],
)
def test_what_a_sentence_names(sentence: str, language: str, kinds: set[str]) -> None:
    found = mentions(words_of(sentence, language), sentence, language)
    assert {one.kind for one in found} - {NAME} == kinds - {NAME}
    assert kinds & {NAME} <= {one.kind for one in found}


def test_a_name_of_several_words_is_one() -> None:
    sentence = "We met Ada Lovelace and Alan Turing."
    found = mentions(words_of(sentence, "en"), sentence, "en")
    names = [one.terms for one in found if one.kind == NAME and len(one.terms) > 1]
    assert names == [{"ada", "lovelac"}, {"alan", "ture"}]
