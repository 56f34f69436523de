"""A follow-up stands alone; a question with a subject of its own stays as it is."""

import pytest

from answerdesk.answering.rewrite import standalone
from answerdesk.answering.types import Exchange
from tests.answering.extractive.shelf import shelf


def _after(*asked: str) -> tuple[Exchange, ...]:
    return tuple(Exchange(question, "Something was answered.") for question in asked)


@pytest.mark.parametrize(
    ("before", "text", "rewritten"),
    [
        ("What does express shipping cost?", "and to Norway?", "to Norway"),
        ("What does express shipping cost?", "And how long does it take?", "express shipping"),
        ("What does express shipping cost?", "How long does it take?", "express shipping"),
        ("How much is the Pro plan?", "Can I cancel it?", "Pro plan"),
        ("How much is the Pro plan?", "And for the Team plan?", "How much is the Team plan?"),
        ("How much is the Pro plan?", "what about the free plan?", "How much is the free plan?"),
        ("How much is the Pro plan?", "why?", "How much is the Pro plan? why?"),
        ("Are you open on Saturdays?", "and on Sundays?", "Are you open on Sundays?"),
        ("How do I return a lamp?", "Is it free?", "return lamp"),
        ("Wie viel kostet der Pro-Tarif?", "und der Team-Tarif?", "kostet der Team-Tarif"),
        ("Wie viel kostet der Versand?", "Und wie lange dauert er?", "Versand"),
        ("Wie viel kostet der Versand?", "Warum?", "Wie viel kostet der Versand? Warum?"),
        ("Combien coûte la livraison ?", "Et combien de temps prend-elle ?", "livraison"),
        ("¿Cuánto cuesta el envío?", "¿Y cuánto tarda?", "envío"),
    ],
)
def test_what_a_follow_up_lacks_is_added(before: str, text: str, rewritten: str) -> None:
    assert rewritten in standalone(text, _after(before))


@pytest.mark.parametrize(
    "text",
    [
        "Do you ship to Norway?",
        "Who is the founder?",
        "Is it possible to pay by invoice?",
        "Where was Ada born?",
        "And do you sell lamps?",
        "Thanks!",
        "Gibt es einen Laden in Berlin?",
        "?",
        "",
    ],
)
def test_a_change_of_subject_is_one(text: str) -> None:
    assert standalone(text, _after("How much is the Pro plan?")) == text


@pytest.mark.parametrize("text", ["and on Sundays?", "why?", "Can I cancel it?", ""])
def test_without_a_conversation_nothing_is_added(text: str) -> None:
    assert standalone(text, ()) == text


def test_the_subject_is_that_of_the_last_question_that_has_one() -> None:
    asked = _after("How much is the Pro plan?", "How do I return a lamp?", "Is it free?", "why?")
    assert standalone("How long does that take?", asked).endswith("return lamp")


def test_what_was_asked_of_a_subject_is_not_part_of_it() -> None:
    after = _after("What does express shipping cost?")
    assert "cost" not in standalone("And how long does it take to Germany?", after)


def test_a_long_message_is_left_alone() -> None:
    text = "It" + " goes on and on" * 20
    assert standalone(text, _after("How much is the Pro plan?")) == text


async def test_the_new_question_decides_which_sentence_answers() -> None:
    books = await shelf(
        shipping="Shipping to Germany takes three days. Express shipping costs 12 euros.",
        returns="Returns to Germany take a week. They cost nothing.",
    )
    after = _after("What does express shipping cost?")
    text = standalone("And how long does it take to Germany?", after)
    assert "three days" in (await books.ask(text)).text
