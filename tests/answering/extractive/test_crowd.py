"""Among texts that are all near each other, one nearer than the rest is on the subject."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from answerdesk.answering.extractive.choose import Crowd, choose
from answerdesk.answering.extractive.weights import weights_for
from answerdesk.knowledge.types import FoundChunk
from tests.answering.extractive.shelf import shelf

PAGE = "# Lamps\n\nThe reading lamp in the library costs forty euros and is delivered in two days."


async def _found(similarities: Sequence[float]) -> list[FoundChunk]:
    books = await shelf(page=PAGE)
    [one] = [one.found for one in (await books.ask("What does the reading lamp cost?")).ranked]
    return [replace(one, similarity=similarity) for similarity in similarities]


async def test_a_passage_among_others_as_near_does_not_stand_apart() -> None:
    found = await _found([0.6] * 40)
    assert Crowd.of(found).apart(found[0]) < 1


async def test_the_same_nearness_stands_apart_from_what_is_further_away() -> None:
    found = await _found([0.6, *[0.4] * 39])
    assert Crowd.of(found).apart(found[0]) > 2
    assert Crowd.of(found).apart(found[1]) < 0.5


async def test_the_only_passage_is_compared_with_what_is_usual() -> None:
    near, far = await _found([0.65, 0.3])
    assert Crowd.of([near]).apart(near) > 1.5
    assert Crowd.of([far]).apart(far) < 1


def test_nothing_has_a_crowd() -> None:
    assert Crowd.of([]).deviation > 0


@pytest.mark.parametrize(("others", "is_answered"), [(0.3, True), (0.69, False)])
async def test_confidence_counts_it_where_it_is_weighed(others: float, is_answered: bool) -> None:
    books = await shelf(page=PAGE)
    outcome = await books.ask("What does the reading lamp cost?")
    [best] = outcome.ranked
    best = replace(best, found=replace(best.found, similarity=0.7))
    beside = replace(best, score=best.score - 9, found=replace(best.found, similarity=others))
    english = weights_for("en")
    ranked = [best, *[beside] * 39]
    assert choose(english, outcome.asked, ranked) == choose(english, outcome.asked, [best])
    # Without its standing apart, nothing says that it is on the subject.
    subject = english.subject.copy()
    subject[-1] -= 16
    weighed = replace(english, subject=subject, apart=6.0)
    assert bool(choose(weighed, outcome.asked, ranked).parts) is is_answered
