"""Whether a passage is on the subject: what of the question it has, and what it lacks."""

import numpy as np
import pytest

from answerdesk.answering.extractive.subject import SUBJECT_FEATURES, subject
from tests.answering.extractive.shelf import Outcome, shelf

LAMPS = """# Lamps

The brass lamp costs 30 euros. Lamps of glass were made by Ada Crane in a shed. The tallest lamp of
them all stands in the hall.
"""
OILS = """# Oils

Oil for lamps comes in cans. Oil for lamps is sold in the yard.
"""


def _features(outcome: Outcome) -> dict[str, float]:
    best = outcome.ranked[0]
    assert best.passage is not None
    assert best.evidence is not None
    sentence = int(best.sentence_scores.argmax())
    found = subject(outcome.asked, best.passage, best.evidence, sentence)
    return dict(zip(SUBJECT_FEATURES, found.tolist(), strict=True))


async def test_what_is_not_met_counts_by_its_worth() -> None:
    books = await shelf(lamps=LAMPS)
    assert _features(await books.ask("What does the brass lamp cost?"))["unmet"] == 0
    some = _features(await books.ask("What does the brass submarine cost?"))["unmet"]
    most = _features(await books.ask("What does the purple submarine cost?"))["unmet"]
    assert 0 < some < most < 1


@pytest.mark.parametrize(
    ("question", "unmet"),
    [
        ("Which is the best oil for lamps?", 1),
        ("Which oil for lamps is at most in cans?", 0),
        ("Is there interest in oil for lamps?", 0),
    ],
)
async def test_the_best_is_not_told_where_nothing_is_ranked(question: str, unmet: int) -> None:
    assert _features(await (await shelf(oils=OILS)).ask(question))["superlative"] == unmet


async def test_the_best_may_be_told_where_something_is_ranked() -> None:
    outcome = await (await shelf(lamps=LAMPS)).ask("Which is the highest lamp of them all?")
    assert _features(outcome)["superlative"] == 0


async def test_only_a_sentence_that_holds_what_is_asked_for_counts() -> None:
    who = "Who sold oil for lamps in the yard?"
    held = "Oil for lamps was sold in the yard by Ada Crane."
    with_name = _features(await (await shelf(oils=f"# Oils\n\n{held}")).ask(who))["held"]
    without = _features(await (await shelf(oils=OILS)).ask(who))["held"]
    assert with_name > without
    assert np.isclose(without, 0)
