"""What is drawn from a conversation: nothing that is somebody's own, nothing that wasn't said."""

import pytest

from answerdesk.insights.drafts.extraction.asking import refers_back
from answerdesk.insights.drafts.extraction.drawing import (
    ANSWER_LENGTH,
    MOST_CHARACTERS,
    MOST_PAIRS,
    draw,
)
from answerdesk.insights.drafts.extraction.types import Pair, Said
from answerdesk.kit.sentences import sentences
from tests.insights.drafts.conversations import CONVERSATIONS


def visitor(text: str, *, answered: bool = False) -> Said:
    return Said("visitor", text, answered)


def person(text: str) -> Said:
    return Said("human", text)


ASKED = visitor("Do you ship to Norway?")
TOLD = person("We ship to Norway within five days.")
PAIR = Pair(ASKED.text, TOLD.text)


@pytest.mark.parametrize(
    "said",
    [
        [],
        [ASKED],
        [TOLD],
        [ASKED, Said("assistant", TOLD.text)],
        [visitor("Hello?"), TOLD],
        [visitor("Are you a bot?"), TOLD],
        [visitor("Can you help me please?"), TOLD],
        [visitor("I want to talk to a human"), TOLD],
        [ASKED, person("Hi! One moment please, let me check.")],
        [ASKED, person("Yes!")],
        [ASKED, person("we don't, sorry")],
        [visitor("What now?"), TOLD],
        [visitor("and how much?"), TOLD],
        [visitor("ah super. und kann ich ihn auch in Norwegen einlösen?"), TOLD],
        [ASKED, person("I think we ship to Norway within five days.")],
        [ASKED, person("Where do you live in Norway?")],
        [ASKED, person("I've sent your parcel to Norway.")],
        [ASKED, person("Your parcel to Norway left our warehouse on Monday.")],
        [ASKED, person("We ship to Norway again tomorrow.")],
        [ASKED, person("You're welcome, have a nice day in Norway!")],
        [visitor("And to Norway?"), TOLD],
        [visitor("How long does it take?"), TOLD],
        [visitor("Does Ann Berg get it in Norway? My name is Ann Berg."), TOLD],
        [visitor("Did parcel A-7781234 go to Norway?"), TOLD],
        [ASKED, TOLD, visitor("That's wrong, nothing came.")],
        [visitor(f"Do you ship {'very ' * 150}big parcels to Norway?"), TOLD],
        [ASKED, person("word " * ANSWER_LENGTH)],
    ],
)
def test_nothing_is_drawn_without_a_question_and_an_answer(said: list[Said]) -> None:
    assert draw(said) == []


@pytest.mark.parametrize(
    "own",
    [
        "Write to ann@example.com.",
        "Call +47 21 00 00 00 for details.",
        "Your order 4481923 goes there.",
        "The card 4111 1111 1111 1111 is charged.",
        "Ticket #55123 has the details.",
        "Ann Berg paid for it.",
    ],
)
def test_a_sentence_with_personal_data_is_left_out(own: str) -> None:
    assert draw([ASKED, person(f"{TOLD.text} {own}")], ["Ann Berg"]) == [PAIR]


def test_a_name_is_learnt_from_a_greeting_and_a_signature() -> None:
    signed = visitor("Do you ship to Norway?\nKind regards\nIngrid Moen")
    told = person(f"Hello Ingrid, thanks for asking. Moen is a nice name. {TOLD.text}")
    assert draw([signed, told]) == [PAIR]


def test_what_hangs_on_a_sentence_that_is_left_out_goes_with_it() -> None:
    told = person(f"I've refunded the shipping. It takes three days. {TOLD.text}")
    assert draw([ASKED, told]) == [PAIR]


def test_messages_in_a_row_are_one_answer() -> None:
    more = person("Customs are included.")
    [pair] = draw([ASKED, TOLD, visitor("nice"), more])
    assert pair.answer == f"{TOLD.text}\n{more.text}"


def test_a_question_with_its_sentence_before_stands() -> None:
    asked = visitor("My kettle came with a broken lid. Can I exchange it in a shop?")
    [pair] = draw([asked, person("Every shop exchanges broken goods within a year.")])
    assert pair.question == "My kettle came with a broken lid. Can I exchange it in a shop?"


def test_a_question_about_what_was_said_before_stands_with_that() -> None:
    asked = visitor("hey guys quick one - I ordered the wrong size for my sister. What now?")
    [pair] = draw([asked, person("Just send it back within 14 days, and order the right size.")])
    assert pair.question == "I ordered the wrong size for my sister. What now?"


def test_an_answered_question_isnt_drawn_with_the_next_one() -> None:
    said = [visitor("What does shipping cost?", answered=True), ASKED, TOLD]
    assert draw(said) == [PAIR]
    said = [visitor("Do you ship to Norway?", answered=True), visitor("human please"), TOLD]
    assert draw(said) == [PAIR]


def test_the_latest_of_a_long_conversation_is_read() -> None:
    long = [
        message
        for number in range(MOST_CHARACTERS // 60)
        for message in (
            visitor(f"What does part number {number} of the shelf cost?"),
            person(f"Part number {number} costs {number} euros."),
        )
    ]
    drawn = draw(long)
    assert len(drawn) == MOST_PAIRS
    assert all(int(pair.answer.split()[2]) > 20 for pair in drawn)


@pytest.mark.parametrize(
    ("text", "language", "back"),
    [
        ("Does it have a lid?", "en", True),
        ("Is it possible to pay in cash?", "en", False),
        ("If shoes from the sale don't fit, can I send them back?", "en", False),
        ("Liefern Sie nach Österreich?", "de", False),
        ("Kann ich ihn umtauschen?", "de", True),
        ("Quels sont les horaires de la piscine ?", "fr", False),
        ("Est-ce que je peux le retourner ?", "fr", True),
        ("¿Puedo devolverlo?", "es", True),
        ("¿Cuándo abren las tiendas?", "es", False),
    ],
)
def test_what_refers_back(text: str, language: str, *, back: bool) -> None:
    assert refers_back(text, language) == back


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_every_sentence_was_said(name: str) -> None:
    said = CONVERSATIONS[name].said
    asked = _one_line(" ".join(one.text for one in said if one.author == "visitor"))
    told = _one_line(" ".join(one.text for one in said if one.author == "human"))
    for pair in draw(said):
        for text, source in ((pair.question, asked), (pair.answer, told)):
            for span in sentences(text):
                assert _one_line(text[span.start : span.end]) in source


def test_there_are_thirty_conversations() -> None:
    assert len(CONVERSATIONS) == 30
    without = [name for name, one in CONVERSATIONS.items() if not one.pairs]
    assert without == ["order status", "thanks only", "unsure person"]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation_gives_its_pairs(name: str) -> None:
    assert draw(CONVERSATIONS[name].said) == CONVERSATIONS[name].pairs


def _one_line(text: str) -> str:
    return " ".join(text.split())
