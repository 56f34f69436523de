"""BM25 in two parts: a chunk's term weights (at ingestion) and a term's worth (at search).

score(question, chunk) = Σ idf(term) · weight(term, chunk), over the question's terms. Robertson and
Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
"""

from collections import Counter
from collections.abc import Iterable
from math import log
from typing import Final

K1: Final = 0.9
"""How soon repeating a term stops counting."""

B: Final = 0.5
"""How much longer chunks need more of a term (0 not at all, 1 in proportion)."""

TYPICAL_LENGTH: Final = 80.0
"""Terms in a typical chunk. A constant, so that weights stay valid as a project grows: our splitter
makes chunks of similar size."""


def term_weights(terms: Iterable[str]) -> dict[str, float]:
    """Return the saturated, length-normalised frequency of each distinct term of a chunk."""
    counts = Counter(terms)
    length = sum(counts.values())
    norm = K1 * (1 - B + B * length / TYPICAL_LENGTH)
    return {term: count * (K1 + 1) / (count + norm) for term, count in counts.items()}


MOST_WEIGHT: Final = K1 + 1
"""The limit of `term_weights` for a term that is repeated without end."""


def inverse_document_frequency(document_count: int, document_frequency: int) -> float:
    """Return the worth of a term in `document_frequency` of `document_count` chunks."""
    having = min(document_frequency, document_count)
    return log(1 + (document_count - having + 0.5) / (having + 0.5))
