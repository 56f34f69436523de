"""Orders candidates by how likely they hold the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.knowledge.types import FoundChunk, SearchQuestion

_BM25_WEIGHT: Final = 0.55
_SENTENCE_WEIGHT: Final = 0.35
_CHUNK_WEIGHT: Final = 0.10


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score (0 to 1) and the cosine of each of its sentences."""

    found: FoundChunk
    score: float
    sentence_scores: NDArray[np.float32]


def rerank(question: SearchQuestion, candidates: Sequence[FoundChunk]) -> list[Ranked]:
    """Return the candidates, best first."""
    most = sum(question.idf.values()) * 2.2 or 1.0
    ranked = []
    for found in candidates:
        cosines = found.sentence_vectors @ question.vector
        best = float(cosines.max(initial=0.0))
        score = (
            _BM25_WEIGHT * min(found.bm25 / most, 1.0)
            + _SENTENCE_WEIGHT * best
            + _CHUNK_WEIGHT * found.similarity
        )
        ranked.append(Ranked(found, score, cosines))
    return sorted(ranked, key=lambda one: (-one.score, str(one.found.chunk.id)))
