"""Weighs candidates: in the event loop where that is a moment's work, else beside it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from answerdesk.answering.duplicates import without_copies
from answerdesk.answering.extractive.choose import Choice, choose
from answerdesk.answering.extractive.rerank import Ranked, rerank
from answerdesk.knowledge.types import FoundChunk, SearchQuestion

_SHORT_QUESTION: Final = 400
_SHORT_PASSAGE: Final = 4000
"""Characters; passages of documents have fewer, only the answer of an item may have more."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates, best first and without copies, and what of them answers."""

    ranked: list[Ranked]
    choice: Choice


async def weigh(question: SearchQuestion, found: Sequence[FoundChunk]) -> Weighed:
    """Order the candidates and choose what answers; `rerank` bounds the time that it takes."""
    return await _run(_weigh, question, found)


async def order(question: SearchQuestion, found: Sequence[FoundChunk]) -> list[Ranked]:
    """Return the candidates best first, copies included."""
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
    ranked = without_copies(ranked)
    return Weighed(ranked, choose(question.language, asked, ranked))


def _order(question: SearchQuestion, found: Sequence[FoundChunk]) -> list[Ranked]:
    return rerank(question, found)[1]
