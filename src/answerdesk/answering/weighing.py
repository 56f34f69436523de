"""Ranks candidates: in the event loop if that is fast, otherwise in a thread."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from answerdesk.answering.duplicates import without_copies
from answerdesk.answering.extractive.choose import Choice, choose
from answerdesk.answering.extractive.rerank import Ranked, rerank
from answerdesk.answering.extractive.weights import weights_of
from answerdesk.kit.language import UNKNOWN
from answerdesk.knowledge.types import FoundChunk, SearchQuestion
from answerdesk.providers.embedders import MULTILINGUAL_SPACE

_SHORT_QUESTION: Final = 400
_SHORT_PASSAGE: Final = 4000
"""Characters; document chunks are shorter, only an item's answer may be longer."""

_AS_GOOD: Final = 0.7
"""Log odds within which a passage in the question's own language is as good as the first."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates, best first and without copies, and the choice among them."""

    ranked: list[Ranked]
    choice: Choice


async def weigh(question: SearchQuestion, found: Sequence[FoundChunk]) -> Weighed:
    """Rank the candidates and choose the answer; `rerank` limits the time."""
    return await _run(_weigh, question, found)


async def order(question: SearchQuestion, found: Sequence[FoundChunk]) -> list[Ranked]:
    """Return the candidates best first, including copies."""
    return await _run(_order, question, found)


async def _run(
    work: Callable[[SearchQuestion, Sequence[FoundChunk]], _T],
    question: SearchQuestion,
    found: Sequence[FoundChunk],
) -> _T:
    light = len(question.read_as) <= _SHORT_QUESTION and all(
        len(one.chunk.text) <= _SHORT_PASSAGE for one in found
    )
    return work(question, found) if light else await asyncio.to_thread(work, question, found)


def _weigh(question: SearchQuestion, found: Sequence[FoundChunk]) -> Weighed:
    asked, ranked = rerank(question, found)
    ranked = own_language_first(question, without_copies(ranked))
    weighed = Weighed(ranked, choose(weights_of(question), asked, ranked))
    if weighed.choice.parts or question.foreign or question.space != MULTILINGUAL_SPACE:
        return weighed
    return _weigh_others(question, found) or weighed


def _weigh_others(question: SearchQuestion, found: Sequence[FoundChunk]) -> Weighed | None:
    """Return what answers a question in other languages than its own; None if nothing does."""
    foreign = replace(question, foreign=True)
    own = (question.language, UNKNOWN)
    asked, ranked = rerank(foreign, [one for one in found if one.chunk.language not in own])
    ranked = without_copies(ranked)
    choice = choose(weights_of(foreign), asked, ranked)
    return Weighed(ranked, choice) if choice.parts else None


def _order(question: SearchQuestion, found: Sequence[FoundChunk]) -> list[Ranked]:
    return rerank(question, found)[1]


def own_language_first(question: SearchQuestion, ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return the candidates with one in the question's language first, if it is as good.

    Only a space that knows many languages finds the same in several.
    """
    if question.space != MULTILINGUAL_SPACE or question.foreign or not ranked:
        return list(ranked)
    good = [one for one in ranked if one.score >= ranked[0].score - _AS_GOOD]
    first = next((one for one in good if one.found.chunk.language == question.language), ranked[0])
    return [first, *(one for one in ranked if one is not first)]
