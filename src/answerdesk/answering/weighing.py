"""Ranks candidates: in the event loop if that is fast, otherwise in a thread."""

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
"""Characters; document chunks are shorter, only an item's answer may be longer."""

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
    ranked = without_copies(ranked)
    return Weighed(ranked, choose(question.language, asked, ranked))


def _order(question: SearchQuestion, found: Sequence[FoundChunk]) -> list[Ranked]:
    return rerank(question, found)[1]
