"""Orders candidates by how likely they are to hold the answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from time import perf_counter, thread_time
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.evidence import (
    Evidence,
    gather,
    late_interaction,
    likeness_both_ways,
)
from answerdesk.answering.extractive.likeness import Vocabulary
from answerdesk.answering.extractive.names import Names
from answerdesk.answering.extractive.passage import Passage, take_passage_apart
from answerdesk.answering.extractive.question import Asked, take_apart
from answerdesk.answering.extractive.suits import suits
from answerdesk.answering.extractive.weights import Weights, has_meaning, weights_of
from answerdesk.kit.bm25 import MOST_WEIGHT
from answerdesk.knowledge.types import FoundChunk, SearchQuestion
from answerdesk.providers.embedders import MULTILINGUAL_SPACE

_CLOSELY_READ: Final = 12
"""Candidates, best first at a first look, that are read closely. The rest follow in their order."""


_KEPT: Final = 4
"""How many of those that are read closely are the best of the first look, whatever a service says:
the built-in order needs them if the service's order has no answer."""

_MOST_ALIKE: Final = 64
"""Maximum terms of a question for which to find similar words."""

MOST_SECONDS: Final = 0.5
"""Processor time after which no other candidate is read closely; the first one always is."""

_FAR_BEHIND: Final = 100.0
"""More than any evidence for a candidate can make up for."""

_RELEASE_NOTES: Final = 1.0
"""Penalty of what changed in a release: the manual says what holds now."""

_SAYS_SOMETHING: Final = 5
"""Words from which an item's answer may itself match what was asked."""

_NO_ANSWER: Final = np.float32(100)
"""Penalty of a sentence that is itself a question: any other sentence is shown instead."""


_Looked = tuple[float, FoundChunk, float, NDArray[np.float32]]
"""A candidate at a first look: its score, itself, its BM25 in [0, 1], the cosines of sentences."""


@dataclass(frozen=True, slots=True)
class Read:
    """A candidate and, if it was read closely, its evidence.

    `first_look` is its score before that; `cosines` has shape (sentences,).
    """

    found: FoundChunk
    first_look: float
    cosines: NDArray[np.float32]
    passage: Passage | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and the reasons.

    `sentence_scores` has shape (sentences,): how well each sentence answers, on a log scale.
    `as_item` is (cosine, likeness) to a Q&A item's question if that decides the score. `service` is
    the score that a reranking service gave, which decides the order but not `score`.
    """

    found: FoundChunk
    score: float
    evidence: Evidence | None
    passage: Passage | None
    sentence_scores: NDArray[np.float32]
    as_item: tuple[float, float] | None = None
    service: float | None = None


_NO_SCORES: Final[Mapping[UUID, float]] = {}


def rerank(
    question: SearchQuestion,
    candidates: Sequence[FoundChunk],
    seconds: float = MOST_SECONDS,
    *,
    scores: Mapping[UUID, float] = _NO_SCORES,
) -> tuple[Asked, list[Ranked]]:
    """Return the analysed question, and the candidates best first; `read` limits the time.

    `scores` are those of a reranking service, by chunk: they decide which candidates are read
    closely, and their order.
    """
    asked, looked = read(question, candidates, seconds, scores=scores)
    ranked = rank(asked, looked, weights_of(question))
    return asked, _in_order_of(scores, ranked) if scores else ranked


def _in_order_of(scores: Mapping[UUID, float], ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return the closely read candidates in the order of a service; the others follow."""
    told = [replace(one, service=scores.get(one.found.chunk.id)) for one in ranked]
    return sorted(told, key=lambda one: (one.evidence is None, -_or_least(one.service)))


def _or_least(score: float | None) -> float:
    return -inf if score is None else score


def nearest(
    question: SearchQuestion, candidates: Sequence[FoundChunk], limit: int
) -> list[FoundChunk]:
    """Return the best candidates of a first look, best first."""
    return [found for _, found, _, _ in _first_look(question, candidates)[:limit]]


def read(
    question: SearchQuestion,
    candidates: Sequence[FoundChunk],
    seconds: float = MOST_SECONDS,
    *,
    scores: Mapping[UUID, float] = _NO_SCORES,
) -> tuple[Asked, list[Read]]:
    """Return the analysed question, and the candidates, the best ones of a first look read closely.

    With `scores` by chunk, the best ones of those. After `seconds` of processor time, no other
    candidate is read closely.
    """
    allowance = _Allowance(seconds)
    asked = take_apart(question.read_as, question.language, question.idf)
    looked = _first_look(question, candidates)
    if scores:
        looked = _brought_forward(scores, looked)
    passages: list[Passage] = []
    names = Names(question)
    for _, found, _, _ in looked[:_CLOSELY_READ]:
        if passages and allowance.is_used():
            break
        passages.append(_passage(found, question.language, names))
    vocabulary = Vocabulary(frozenset().union(*(passage.places for passage in passages)))
    likes = {term: vocabulary.alike(term) for term in asked.terms[:_MOST_ALIKE]}
    with_meaning = has_meaning(question)
    closely: list[Read] = []
    for (score, found, bm25, cosines), passage in zip(looked, passages, strict=False):
        if closely and allowance.is_used():
            break
        late = late_interaction(question, found) if with_meaning else 0.0
        evidence = gather(asked, passage, likes, bm25, cosines, late)
        closely.append(Read(found, score, cosines, passage, evidence))
    rest = [Read(found, score, cosines) for score, found, _, cosines in looked[len(closely) :]]
    return asked, closely + rest


class _Allowance:
    """A limit of this thread's processor time, from now on.

    The thread's own clock is a system call that costs more than reading a passage, so it is read
    only once that much wall-clock time has passed.
    """

    def __init__(self, seconds: float) -> None:
        self._wall = perf_counter() + seconds
        self._own = thread_time() + seconds

    def is_used(self) -> bool:
        return perf_counter() > self._wall and thread_time() > self._own


def _passage(found: FoundChunk, language: str, names: Names) -> Passage:
    chunk = found.chunk
    # A Q&A item's title is its question.
    headings = () if chunk.kind == "qa" else (chunk.title, *chunk.heading_path)
    passage = take_passage_apart(chunk.text, chunk.sentences, language, headings, chunk.kind)
    if not names.used_in(passage):
        return passage
    text, sentences = names.as_asked(chunk.text, chunk.sentences)
    headings = tuple(names.as_asked(line)[0] for line in headings)
    return take_passage_apart(text, sentences, language, headings, chunk.kind)


def rank(asked: Asked, looked: Sequence[Read], weights: Weights) -> list[Ranked]:
    """Return the candidates best first: those read closely by their evidence, then the others."""
    ranked = [
        _scored(asked, one.found, one.passage, one.evidence, weights)
        for one in looked
        if one.passage is not None and one.evidence is not None
    ]
    ranked.sort(key=lambda one: (-one.score, one.found.chunk.path, one.found.chunk.text))
    lowest = ranked[-1].score if ranked else 0.0
    best = looked[0].first_look if looked else 0.0
    rest = [
        Ranked(one.found, lowest - 1 + one.first_look - best, None, None, one.cosines)
        for one in looked
        if one.evidence is None
    ]
    return ranked + rest


def _brought_forward(scores: Mapping[UUID, float], looked: Sequence[_Looked]) -> list[_Looked]:
    """Return the candidates in the order of a service, the best of a first look in its reach."""
    told = sorted(looked, key=lambda one: -_or_least(scores.get(one[1].chunk.id)))
    first = told[: _CLOSELY_READ - _KEPT]
    places = {one[1].chunk.id for one in first}
    kept = [one for one in looked[:_KEPT] if one[1].chunk.id not in places]
    places.update(one[1].chunk.id for one in kept)
    return [*first, *kept, *(one for one in told if one[1].chunk.id not in places)]


_KNOWN_COSINE, _OTHER_COSINE = 1.0, 0.4
"""Weight of the best sentence's cosine against the words at the first look: in a language that the
embedder knows, and in others."""


def _first_look(question: SearchQuestion, candidates: Sequence[FoundChunk]) -> list[_Looked]:
    """Return (score, candidate, BM25 in [0, 1], cosines of its sentences), best first."""
    most = sum(question.idf.values()) * MOST_WEIGHT or 1.0
    knows = question.language == "en" or question.space == MULTILINGUAL_SPACE
    weight = _KNOWN_COSINE if knows else _OTHER_COSINE
    with_meaning = has_meaning(question)
    looked = []
    for found in candidates:
        # One product for all candidates would round by a candidate's position among them.
        cosines = found.sentence_vectors @ question.vector
        if question.renamed_vector is not None:
            cosines = np.maximum(cosines, found.sentence_vectors @ question.renamed_vector)
        if not with_meaning:
            cosines = np.zeros_like(cosines)
        bm25 = min(found.bm25 / most, 1.0)
        score = bm25 + weight * max([0.0, *cosines.tolist()]) - _points_elsewhere(found)
        looked.append((score, found, bm25, cosines))
    return sorted(looked, key=lambda one: (-one[0], one[1].chunk.path, one[1].chunk.text))


_LINKS_ONLY: Final = frozenset(
    {
        *("see also", "further reading", "external links", "siehe auch", "weblinks"),
        *("voir aussi", "véase también"),
    }
)


def _points_elsewhere(found: FoundChunk) -> float:
    """Return the penalty of a section of links: it only names what other pages say."""
    path = found.chunk.heading_path
    return _FAR_BEHIND if path and path[-1].casefold().strip() in _LINKS_ONLY else 0.0


# After a dash comes its date: "2.3 – Installation" is a section's number.
_RELEASE: Final = re.compile(
    r"\[?(?:(?:version |release |v\.? ?)?\d+\.\d+\w*(?:\.\w+){0,3}|unreleased)\]?"
    r"(?: ?[(\[].*| ?[–—-] ?\d.*)?",
    re.IGNORECASE,
)
_RELEASE_WORDS: Final = frozenset(
    {
        *("version", "versions", "release", "releases", "released", "newest", "latest"),
        *("changelog", "changed", "changes", "änderungen", "geändert", "neueste", "neuesten"),
    }
)


def _is_of_a_release(found: FoundChunk) -> bool:
    """Tell whether a heading says that its section is of one release: "Version 1.4 (May 2024)"."""
    return any(_RELEASE.fullmatch(one.strip()) for one in found.chunk.heading_path)


def _asks_for_a_release(asked: Asked) -> bool:
    return bool(asked.designations.versions) or any(
        word.lower in _RELEASE_WORDS for word in asked.words
    )


def _scored(
    asked: Asked, found: FoundChunk, passage: Passage, evidence: Evidence, weights: Weights
) -> Ranked:
    fitting = suits(asked, passage)
    score = float(weights.rank @ evidence.rank) + fitting.passage - _points_elsewhere(found)
    if _is_of_a_release(found) and not _asks_for_a_release(asked):
        score -= _RELEASE_NOTES
    sentence_scores = evidence.sentences @ weights.sentence + fitting.sentences
    sentence_scores[passage.asks | passage.announces] -= _NO_ANSWER
    as_item = None
    if found.chunk.kind == "qa" and len(passage.lengths):
        item = (float(evidence.sentences[0, 0]), likeness_both_ways(asked, passage, evidence))
        item_score = float(weights.qa[:2] @ item + weights.qa[2])
        # If the closest sentence is the item's question, or an answer so short that its closeness
        # is chance, the item is judged by its question.
        closest = int(evidence.sentences[:, 0].argmax())
        by_its_question = closest == 0 or passage.lengths[closest] < _SAYS_SOMETHING
        if by_its_question or item_score >= score:
            score, as_item = item_score, item
    return Ranked(found, score, evidence, passage, sentence_scores, as_item)
