"""Confidence: a probability, and lower for whatever speaks against the answer."""

from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from answerdesk.answering.extractive.choose import probability
from answerdesk.answering.extractive.doubt import FEATURES, SIGNS, doubt
from answerdesk.answering.extractive.subject import SUBJECT_FEATURES, SUBJECT_SIGNS
from answerdesk.answering.extractive.weights import ITEM_FEATURES, weights_for
from tests.answering.extractive.shelf import Outcome, shelf

Values = NDArray[np.float32]
LANGUAGES: Final = ("en", "de", "fr")
WARSAW: Final = """# A town

The royal castle of Warsaw was built in 1619 and opened to visitors again in 1984. Tickets for the
castle cost 30 zloty. The gardens are larger than the castle.
"""
features = st.lists(st.floats(0, 1, width=32), min_size=len(FEATURES), max_size=len(FEATURES)).map(
    lambda values: np.array(values, np.float32)
)


@given(features, st.sampled_from(LANGUAGES))
def test_confidence_is_a_probability(values: Values, language: str) -> None:
    assert 0 <= probability(weights_for(language).confidence, values) <= 1


@given(features, st.sampled_from(range(len(FEATURES))), st.floats(0, 1), st.sampled_from(LANGUAGES))
def test_confidence_goes_one_way_with_each_feature(
    values: Values,
    number: int,
    other: float,
    language: str,
) -> None:
    weights = weights_for(language).confidence
    less, more = values.copy(), values.copy()
    less[number], more[number] = sorted((float(values[number]), other))
    before, after = probability(weights, less), probability(weights, more)
    assert (after - before) * SIGNS[number] >= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_weight_has_its_sign_and_its_name(language: str) -> None:
    weights = weights_for(language)
    assert len(weights.confidence) == len(FEATURES) + 1
    assert (weights.confidence[:-1] * np.array(SIGNS) >= 0).all()
    assert len(weights.qa) == len(weights.qa_confidence) == len(ITEM_FEATURES) + 1
    assert (weights.qa[:-1] >= 0).all()
    assert (weights.qa_confidence[:-1] >= 0).all()


@pytest.mark.parametrize(
    ("held", "doubtful", "reason"),
    [
        (
            "When was the royal castle of Warsaw built?",
            "When was the royal castle of Krakow built?",
            "name_missing",
        ),
        (
            "What was the castle opened to again in 1984?",
            "What was the castle opened to again in 1948?",
            "number_missing",
        ),
        (
            "Are the gardens larger than the castle?",
            "Are the gardens smaller than the castle?",
            "opposite",
        ),
        (
            "Which tickets for the castle cost 30 zloty?",
            "Which tickets for the castle never cost 30 zloty?",
            "negated",
        ),
        (
            "What do tickets for the castle cost?",
            "What do tickets for the submarine cost?",
            "one_missing",
        ),
        (
            "Which castle was built in 1619?",
            "Which gardens were built in 1619?",
            "moved",
        ),
    ],
)
async def test_a_word_exchanged_makes_doubtful(held: str, doubtful: str, reason: str) -> None:
    books = await shelf(warsaw=WARSAW)
    sure, unsure = await books.ask(held), await books.ask(doubtful)
    assert sure.confidence > unsure.confidence
    assert _doubts(sure)[reason] < _doubts(unsure)[reason]


def _doubts(outcome: Outcome) -> dict[str, float]:
    best = outcome.ranked[0]
    assert best.passage is not None
    assert best.evidence is not None
    sentence = int(best.sentence_scores.argmax())
    found = doubt(outcome.asked, best.passage, best.evidence, sentence)
    return dict(zip(FEATURES, found.tolist(), strict=True))


async def test_what_is_shown_is_not_missing() -> None:
    text = (
        "Take the train to the castle: it leaves at ten. It is red. It is long. Krakow is its end."
    )
    outcome = await (await shelf(one=f"# Trains\n\n{text}")).ask("Does the train end in Krakow?")
    best = outcome.ranked[0]
    assert best.passage is not None
    assert best.evidence is not None
    missing = FEATURES.index("name_missing")
    assert doubt(outcome.asked, best.passage, best.evidence, 0)[missing] > 0
    assert doubt(outcome.asked, best.passage, best.evidence, 0, (0, 3))[missing] == 0


async def test_with_is_not_the_opposite_of_without_where_there_is_a_not() -> None:
    text = "Lamps with a shade cost 9 euros. Lamps that have no shade cost 4 euros."
    outcome = await (await shelf(one=f"# Lamps\n\n{text}")).ask(
        "What do lamps without a shade cost?"
    )
    assert _doubts(outcome)["opposite"] == _doubts(outcome)["negated"] == 0


async def test_a_heading_may_say_not() -> None:
    text = "It is set to a blank by the program."
    question = "What is a variable without a value set to?"
    headed = await (await shelf(one=f"# Variable without a value\n\n{text}")).ask(question)
    other = await (await shelf(one=f"# Variable and value\n\n{text}")).ask(question)
    assert _doubts(headed)["negated"] == 0 < _doubts(other)["negated"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_passage_off_the_subject_makes_doubtful(language: str) -> None:
    weights = weights_for(language).subject
    assert len(weights) == len(SUBJECT_FEATURES) + 1
    assert (weights[:-1] * np.array(SUBJECT_SIGNS) >= 0).all()
    nothing = np.zeros(len(SUBJECT_FEATURES), np.float32)
    nothing[SUBJECT_FEATURES.index("unmet")] = 1
    assert probability(weights, nothing) < 0.01


async def test_a_name_in_the_title_is_not_missing() -> None:
    text = "The royal castle was built in 1619."
    question = "When was the castle in Warsaw built?"
    titled = await (await shelf(one=f"# Warsaw\n\n{text}")).ask(question)
    other = await (await shelf(one=f"# History\n\n{text}")).ask(question)
    assert _doubts(titled)["name_missing"] == 0 < _doubts(other)["name_missing"]
    assert titled.confidence > other.confidence
