"""Orders candidates by how likely they hold the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.kit.bm25 import MOST_WEIGHT
from answerdesk.knowledge.types import FoundChunk, SearchQuestion

_ENGLISH_WEIGHT: Final = 1.0
_OTHER_WEIGHT: Final = 0.4
"""What the best sentence's cosine counts beside the words: the model is an English one."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and the cosine of each of its sentences, shape (sentences,).

    `coverage` (0 to 1) is the share of the question, by the worth of its terms, that the chunk has.
    """

    found: FoundChunk
    score: float
    coverage: float
    sentence_scores: NDArray[np.float32]


def rerank(question: SearchQuestion, candidates: Sequence[FoundChunk]) -> list[Ranked]:
    """Return the candidates, best first."""
    most = sum(question.idf.values()) * MOST_WEIGHT or 1.0
    weight = _ENGLISH_WEIGHT if question.language == "en" else _OTHER_WEIGHT
    ranked = []
    for found in candidates:
        cosines = found.sentence_vectors @ question.vector
        best = float(cosines.max(initial=0.0))
        coverage = min(found.bm25 / most, 1.0)
        ranked.append(Ranked(found, coverage + weight * best, coverage, cosines))
    return sorted(ranked, key=lambda one: (-one.score, str(one.found.chunk.id)))
