"""Chooses the sentences that answer, and tells how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

from answerdesk.answering.rerank import Ranked
from answerdesk.kit.spans import Span

_LEAST_CONFIDENCE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences that answer (spans of the chunk's text), or none, and the confidence."""

    parts: tuple[tuple[Ranked, tuple[Span, ...]], ...]
    confidence: float


def choose(ranked: Sequence[Ranked]) -> Choice:
    """Return what answers the question; without parts when nothing does."""
    if not ranked:
        return Choice((), 0.0)
    best = ranked[0]
    closest = float(best.sentence_scores.max(initial=0.0))
    margin = best.score - ranked[1].score if len(ranked) > 1 else 0.0
    confidence = 1 / (1 + exp(-(-6.0 + 4 * best.coverage + 5 * closest + 4 * margin)))
    if confidence < _LEAST_CONFIDENCE:
        return Choice((), confidence)
    chunk = best.found.chunk
    if chunk.kind == "qa":
        return Choice(((best, chunk.sentences[1:]),), confidence)
    position = int(best.sentence_scores.argmax()) if best.sentence_scores.size else 0
    return Choice(((best, chunk.sentences[position : position + 1]),), confidence)
