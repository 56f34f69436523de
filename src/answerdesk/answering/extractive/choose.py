"""Chooses the sentences that answer, and tells how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.doubt import doubt
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.extractive.showing import sentences_shown, spans_shown
from answerdesk.answering.extractive.weights import weights_for
from answerdesk.kit.spans import Span

LEAST_CONFIDENCE: Final = 0.2
"""Below this nothing is answered; see benchmarks for what it costs and saves."""


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
        return probability(weights.qa_confidence, np.array(best.as_item, np.float32))
    if best.evidence is None or best.passage is None:
        return 0.0  # Only a candidate that was closely read has anything to be sure of.
    sentence = int(best.sentence_scores.argmax())
    shown = sentences_shown(asked, best)
    features = doubt(asked, best.passage, best.evidence, sentence, shown)
    on_subject = probability(weights.subject, best.evidence.rank)
    return on_subject * probability(weights.confidence, features)


def probability(weights: NDArray[np.float32], features: NDArray[np.float32]) -> float:
    """Return the logistic function of the weighted features plus the last weight, a constant."""
    return float(1 / (1 + np.exp(-float(weights[:-1] @ features + weights[-1]))))
