"""Which sentences are shown: those that answer, whole where they belong together."""

from dataclasses import replace

import numpy as np
import pytest

from answerdesk.answering.extractive.choose import choose, confidence_in, probability
from answerdesk.answering.extractive.showing import chosen_sentences
from answerdesk.answering.extractive.weights import weights_for
from tests.answering.extractive.shelf import Shelf, shelf

OPENING = "# Hours\n\nWe open at ten. We close at eight. Our shop has a garden with two old trees."
STEPS = """# Cancel

## Cancel your subscription

1. Open the settings.
2. Choose Billing.
3. Click on Cancel subscription.
"""
PRICES = """# Prices

| Plan | Price |
|------|-------|
| Free | 0 euros |
| Pro | 29 euros |
| Team | 99 euros |
"""


async def test_the_paragraph_answers() -> None:
    outcome = await (await shelf(hours=OPENING)).ask("When do you close?")
    assert "We close at eight." in outcome.text


async def test_what_is_not_known_is_not_answered() -> None:
    outcome = await (await shelf(hours=OPENING)).ask("Who painted the Mona Lisa?")
    assert outcome.choice.parts == ()
    assert outcome.confidence < 0.2


async def test_one_as_good_answers_where_the_first_says_another_thing() -> None:
    books = await shelf(
        shaded="# Lamps\n\nLamps for the garden with a shade cost 9 euros.",
        bare="# Lamps\n\nLamps for the garden that have no shade cost 4 euros.",
        cheese="# Cheese\n\nCheese ripens in a cave.",
    )
    outcome = await books.ask("What do lamps for the garden without a shade cost?")
    bare, off, shaded = sorted(outcome.ranked, key=lambda one: one.found.chunk.path)
    assert confidence_in(weights_for("en"), outcome.asked, shaded) < 0.2

    far = choose(
        weights_for("en"), outcome.asked, [replace(shaded, score=9.0), replace(bare, score=7.0)]
    )
    assert far.parts == ()
    assert far.confidence == confidence_in(weights_for("en"), outcome.asked, shaded)

    none = choose(
        weights_for("en"), outcome.asked, [replace(off, score=9.0), replace(bare, score=8.0)]
    )
    assert none.parts == ()

    near = choose(
        weights_for("en"), outcome.asked, [replace(shaded, score=9.0), replace(bare, score=8.0)]
    )
    assert [one.found.chunk.path for one, _ in near.parts] == ["bare"]
    assert near.confidence == confidence_in(weights_for("en"), outcome.asked, bare)


@pytest.mark.parametrize("nothing", ["?", "!!", "👍", "…", "\u200b"])
async def test_nothing_asked_is_not_answered(nothing: str) -> None:
    books = await shelf(hours=OPENING)
    await books.put_item("Do you ship to Norway?", "Yes. It takes a week.")
    outcome = await books.ask(nothing)
    assert outcome.choice.parts == ()


@pytest.mark.parametrize(
    ("page", "question", "answer"),
    [
        ("# Hours\n\nWe open at ten.", "When do you open?", "We open at ten."),
        ("# Shipping\n\nShipping costs 5 euros.", "What does shipping cost?", "5 euros"),
        ("# Contact\n\nOur phone number is 555 0100.", "What is your phone number?", "555 0100"),
        ("# Returns\n\nYou can return it within 30 days.", "How can I return it?", "30 days"),
        ("# Zeiten\n\nWir öffnen um zehn Uhr.", "Wann öffnen Sie?", "zehn Uhr"),
    ],
)
async def test_a_single_page_is_enough(page: str, question: str, answer: str) -> None:
    outcome = await (await shelf(page=page)).ask(question)
    assert answer in outcome.text


async def test_a_question_in_a_document_is_not_an_answer() -> None:
    page = "# Faq\n\nWhat does the blue lamp cost? The blue lamp costs 40 euros."
    outcome = await (await shelf(page=page)).ask("What does the blue lamp cost?")
    assert outcome.text == "The blue lamp costs 40 euros."


async def test_steps_are_shown_whole_and_in_order() -> None:
    outcome = await (await shelf(cancel=STEPS)).ask("How do I cancel my subscription?")
    steps = [outcome.text.index(part) for part in ("settings", "Billing", "Click on Cancel")]
    assert steps == sorted(steps)


async def test_of_a_table_the_row_is_shown() -> None:
    outcome = await (await shelf(prices=PRICES)).ask("What is the price of the Pro plan?")
    assert "29 euros" in outcome.text
    assert "99 euros" not in outcome.text


async def test_a_qa_item_is_answered_with_its_answer() -> None:
    books = Shelf()
    await books.put_item("Do you ship to Norway?", "Yes. It takes a week.")
    await books.put("hours", OPENING)
    outcome = await books.ask("do you ship to norway")
    assert outcome.text == "Yes. It takes a week."
    assert outcome.ranked[0].as_item is not None


async def test_an_item_stands_by_its_question_where_its_answer_is_a_word_or_two() -> None:
    books = Shelf()
    await books.put_item("Do you deliver abroad?", "Norway parcels.")
    await books.put_item("What about lamps?", "The blue lamp costs forty euros in our shop.")
    assert (await books.ask("norway parcels")).ranked[0].as_item is not None
    outcome = await books.ask("Which blue thing costs forty euros in the shop of yours?")
    assert outcome.ranked[0].as_item is None


async def test_who_is_off_the_subject_is_not_sure() -> None:
    outcome = await (await shelf(hours=OPENING)).ask("When do you close?")
    best = outcome.ranked[0]
    assert best.evidence is not None
    off = replace(best, evidence=replace(best.evidence, rank=np.zeros_like(best.evidence.rank)))
    sure = confidence_in(weights_for("en"), outcome.asked, best)
    # What doubt reads of the rank is not all: the chance of the subject alone makes this small.
    assert confidence_in(weights_for("en"), outcome.asked, off) < sure / 100


async def test_an_item_about_something_else_does_not_answer() -> None:
    books = Shelf()
    await books.put_item("Do you ship to Norway?", "Yes. It takes a week.")
    outcome = await books.ask("Who painted the Mona Lisa?")
    assert outcome.choice.parts == ()


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ([5.0], [0]),
        ([0.0, 9.0, 0.0], [1]),
        ([3.0, 0.0, 3.1], [0, 2]),
        ([3.1, 3.0, 3.0], [0, 1]),
        ([-9.0, -8.0], [0, 1]),
    ],
)
def test_one_or_two_sentences_in_the_order_of_the_text(
    scores: list[float], shown: list[int]
) -> None:
    assert chosen_sentences(np.array(scores, np.float32)) == shown


@pytest.mark.parametrize(
    ("log_odds", "chance"), [(-1e9, 0.0), (-2.0, 0.119), (0.0, 0.5), (1e9, 1.0)]
)
def test_a_chance_is_never_too_small_to_be_stored(log_odds: float, chance: float) -> None:
    found = probability(np.array([1.0, 0.0], np.float32), np.array([log_odds], np.float32))
    assert found == pytest.approx(chance, abs=0.001)
    assert found * found > np.finfo(np.float32).tiny


async def test_a_question_of_many_numbers_that_are_nowhere_is_hardly_answered() -> None:
    books = await shelf(hours=OPENING, prices=PRICES)
    outcome = await books.ask("When do you close? " + " ".join(map(str, range(4000, 4400))))
    assert np.finfo(np.float32).tiny < outcome.confidence < 0.01


_MORE = "It starts with the machine and writes its log beside the others, once a day. " * 12
SERVICE = f"""# Running as a service

How to run Tinder as a service depends on your operating system. Follow one of the chapters below.

## Linux

Write a unit file and enable it. {_MORE}

## Windows

To run the service, install NSSM and enter the path of Tinder as the application. {_MORE}
"""


async def test_a_section_is_shown_whose_own_heading_has_what_the_one_above_lacks() -> None:
    books = await shelf(service=SERVICE)
    outcome = await books.ask("How do I run Tinder as a service on Windows?")
    assert "NSSM" in outcome.text
    outcome = await books.ask("How do I run Tinder as a service?")
    assert "depends on your operating system" in outcome.text
