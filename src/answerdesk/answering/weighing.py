"""Reranks candidates and decides among them; in a thread if that may take long."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from uuid import UUID

import structlog

from answerdesk.answering.duplicates import without_copies
from answerdesk.answering.extractive import rerank as extractive
from answerdesk.answering.extractive.choose import LEAST_CONFIDENCE, Choice, choose
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.extractive.weights import weights_of
from answerdesk.kit.language import UNKNOWN
from answerdesk.kit.redaction import redacted
from answerdesk.knowledge.types import FoundChunk, SearchQuestion
from answerdesk.providers.embedders import MULTILINGUAL_SPACE
from answerdesk.providers.reranker import MOST_TEXTS, Reranker, RerankerUnavailable

_SHORT_QUESTION: Final = 400
_SHORT_PASSAGE: Final = 4000
"""Characters; document chunks are shorter, only an item's answer may be longer."""

_AS_GOOD: Final = 0.7
"""Log odds within which a passage in the question's own language is as good as the first."""

_T = TypeVar("_T")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reranked:
    """A question taken apart, and its candidates best first, copies among them."""

    asked: Asked
    ranked: list[Ranked]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates, best first and without copies, and the choice among them."""

    ranked: list[Ranked]
    choice: Choice


async def rerank(question: SearchQuestion, found: Sequence[FoundChunk]) -> Reranked:
    """Rank the candidates by what they say of the question; the time is limited."""
    return await _run(question, found, lambda: _reranked(question, found, {}))


class Reranking:
    """Ranks candidates in the order of a service, which the built-in evidence is gathered for.

    Without the service, the built-in order is the order.
    """

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker

    async def __call__(self, question: SearchQuestion, found: Sequence[FoundChunk]) -> Reranked:
        """Rank the candidates; those that the service was not asked about come last."""
        if len(found) < 2:
            return await rerank(question, found)
        nearest = extractive.nearest(question, found, MOST_TEXTS)
        try:
            scores = await self._reranker.rerank(
                redacted(question.read_as), [_text_of(one) for one in nearest]
            )
        except RerankerUnavailable as error:
            _log.warning("reranker_failed", code=error.code)
            return await rerank(question, found)
        by_id = {one.chunk.id: score for one, score in zip(nearest, scores, strict=True)}
        return await _run(question, found, lambda: _reranked(question, found, by_id))


async def decide(
    question: SearchQuestion, reranked: Reranked, least: float = LEAST_CONFIDENCE
) -> Weighed:
    """Choose what answers the question with `least` confidence.

    Where nothing does in the order of a service, the built-in order may have an answer: the scores
    of a service are no probabilities, so that they bring passages forward and rule none out.
    """
    found = [one.found for one in reranked.ranked]
    return await _run(question, found, lambda: _decided(question, reranked, least))


async def _run(question: SearchQuestion, found: Sequence[FoundChunk], work: Callable[[], _T]) -> _T:
    light = len(question.read_as) <= _SHORT_QUESTION and all(
        len(one.chunk.text) <= _SHORT_PASSAGE for one in found
    )
    return work() if light else await asyncio.to_thread(work)


def _reranked(
    question: SearchQuestion, found: Sequence[FoundChunk], scores: Mapping[UUID, float]
) -> Reranked:
    return Reranked(*extractive.rerank(question, found, scores=scores))


def _decided(question: SearchQuestion, reranked: Reranked, least: float) -> Weighed:
    weights = weights_of(question)
    ranked = own_language_first(question, without_copies(reranked.ranked))
    choice = choose(weights, reranked.asked, ranked, least)
    if choice.parts or not any(one.service is not None for one in ranked):
        return Weighed(ranked, choice)
    built_in = sorted(reranked.ranked, key=lambda one: (one.evidence is None, -one.score))
    built_in = own_language_first(question, without_copies(built_in))
    return Weighed(ranked, choose(weights, reranked.asked, built_in, least))


def own_language_first(question: SearchQuestion, ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return the candidates with one in the question's language first, if it is as good.

    Only a space that knows many languages finds the same in several.
    """
    if question.space != MULTILINGUAL_SPACE or question.foreign or not ranked:
        return list(ranked)
    good = [one for one in ranked if one.score >= ranked[0].score - _AS_GOOD]
    first = next((one for one in good if one.found.chunk.language == question.language), ranked[0])
    return [first, *(one for one in ranked if one is not first)]


def _text_of(found: FoundChunk) -> str:
    """Return what a service reads of a candidate: its headings and its text."""
    chunk = found.chunk
    # A Q&A item's title is its question, which its text begins with.
    headings = () if chunk.kind == "qa" else (chunk.title, *chunk.heading_path)
    heading = " > ".join(one for one in headings if one)
    return f"{heading}\n{chunk.text}" if heading else chunk.text


def in_other_languages(
    question: SearchQuestion, found: Sequence[FoundChunk]
) -> tuple[SearchQuestion, list[FoundChunk]]:
    """Return the question as one of a language that the candidates are not in, and those."""
    own = (question.language, UNKNOWN)
    others = [one for one in found if one.chunk.language not in own]
    return replace(question, foreign=True), others
