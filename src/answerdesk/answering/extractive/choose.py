"""Chooses the sentences that answer, and tells how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.doubt import doubt
from answerdesk.answering.extractive.kinds import MANNER
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.extractive.weights import weights_for
from answerdesk.kit.spans import Span

LEAST_CONFIDENCE: Final = 0.2
"""Below this nothing is answered; see benchmarks for what it costs and saves."""

_SECOND_SHARE: Final = 0.08
"""A second sentence is shown where the weights give it at least this chance of being the one."""

_WHOLE_LIST: Final = 12
"""Sentences of a list or of steps that are shown together."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences that answer (spans of the chunk's text), or none, and the confidence."""

    parts: tuple[tuple[Ranked, tuple[Span, ...]], ...]
    confidence: float


def choose(language: str, asked: Asked, ranked: Sequence[Ranked]) -> Choice:
    """Return what answers the question; without parts when nothing does."""
    best = ranked[0] if ranked else None
    if best is None or best.evidence is None or not len(best.sentence_scores):
        return Choice((), 0.0)
    confidence = confidence_in(language, asked, best)
    if confidence < LEAST_CONFIDENCE:
        return Choice((), confidence)
    return Choice(((best, spans_shown(asked, best)),), confidence)


def confidence_in(language: str, asked: Asked, best: Ranked) -> float:
    """Return the calibrated probability that the best candidate answers the question."""
    weights = weights_for(language)
    if best.as_item is not None:
        features: NDArray[np.float32] = np.array(best.as_item, np.float32)
        fitted = weights.qa_confidence
    elif best.evidence is None or best.passage is None:
        return 0.0  # Only a candidate that was closely read has anything to be sure of.
    else:
        sentence = int(best.sentence_scores.argmax())
        features = doubt(asked, best.passage, best.evidence, sentence)
        fitted = weights.confidence
    return probability(fitted, features)


def probability(weights: NDArray[np.float32], features: NDArray[np.float32]) -> float:
    """Return the logistic function of the weighted features plus the last weight, a constant."""
    return float(1 / (1 + np.exp(-float(weights[:-1] @ features + weights[-1]))))


def spans_shown(asked: Asked, best: Ranked) -> tuple[Span, ...]:
    """Return the spans of a candidate's text that are its answer, in the order of the text."""
    chunk = best.found.chunk
    spans = chunk.sentences
    first = int(best.sentence_scores.argmax())
    if chunk.kind == "qa":
        return spans[1:] or spans
    if chunk.kind == "code" or (chunk.kind == "list" and _wants_whole(asked, first)):
        return spans[:_WHOLE_LIST]
    if chunk.kind == "table":
        return (spans[first],)  # Each row names its columns.
    return tuple(spans[number] for number in chosen_sentences(best.sentence_scores))


def _wants_whole(asked: Asked, first: int) -> bool:
    """Tell whether the whole list is the answer: steps, or the line that announces the items."""
    return first == 0 or asked.kind == MANNER


def chosen_sentences(scores: NDArray[np.float32]) -> list[int]:
    """Return the one or two sentences to show, in the order of the text."""
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")
    shown = [int(order[0])]
    if len(order) > 1 and shares[order[1]] >= _SECOND_SHARE:
        shown.append(int(order[1]))
    return sorted(shown)
