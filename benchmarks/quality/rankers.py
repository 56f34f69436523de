"""Ways to order paragraphs for a question: the product's, those it is compared with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import bm25s.tokenization
import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from benchmarks.data import Paragraph
from benchmarks.metrics import ndcg, recall
from benchmarks.product import Asked, Candidates

Scores = NDArray[np.float64]
Ranking = list[str]
DEPTH: Final = 10
"""How many places are looked at: nothing here is measured deeper."""

_RRF_K: Final = 60
_STEMMERS: Final = {"en": "english", "de": "german"}


@dataclass(frozen=True, slots=True)
class Fusion:
    """BM25 and a cosine, both normalised over a question's candidates, in a weighted sum."""

    normalisation: str
    bm25_weight: float

    def scores(self, bm25: Scores, cosine: Scores) -> Scores:
        scale = _NORMALISATIONS[self.normalisation]
        return self.bm25_weight * scale(bm25) + (1 - self.bm25_weight) * scale(cosine)

    def __str__(self) -> str:
        return (
            f"{self.bm25_weight:.2f} BM25 + {1 - self.bm25_weight:.2f} cosine, {self.normalisation}"
        )


def min_max(scores: Scores) -> Scores:
    width = np.ptp(scores) if scores.size else 0.0
    return (scores - scores.min()) / width if width else np.zeros_like(scores)


def z_scores(scores: Scores) -> Scores:
    deviation = scores.std() if scores.size else 0.0
    return (scores - scores.mean()) / deviation if deviation else np.zeros_like(scores)


_NORMALISATIONS: Final[dict[str, Callable[[Scores], Scores]]] = {
    "min-max": min_max,
    "z scores": z_scores,
}


def order(documents: Sequence[str], scores: Scores) -> Ranking:
    """Return the documents, best first; equal scores by name, so that a run can be repeated."""
    best = np.lexsort((np.asarray(documents), -scores))[:DEPTH]
    return [documents[place] for place in best]


def reciprocal_rank_fusion(candidates: Candidates) -> Ranking:
    scores = np.zeros(len(candidates.documents))
    for signal in (candidates.bm25, candidates.chunk):
        places = np.empty(scores.size)
        places[np.lexsort((np.asarray(candidates.documents), -signal))] = np.arange(scores.size)
        scores += 1 / (_RRF_K + 1 + places)
    return order(candidates.documents, scores)


def sweep(asked: Sequence[Asked], cosine: Callable[[Candidates], Scores]) -> Fusion:
    """Return the fusion with the best nDCG@10 on these questions, then the best recall@1."""
    tried = [Fusion(name, step / 20) for name in _NORMALISATIONS for step in range(21)]

    def worth(fusion: Fusion) -> tuple[float, float]:
        rankings = [
            order(
                one.candidates.documents, fusion.scores(one.candidates.bm25, cosine(one.candidates))
            )
            for one in asked
        ]
        relevant = [one.question.relevant for one in asked]
        pairs = list(zip(rankings, relevant, strict=True))
        return (
            sum(ndcg(ranking, right, DEPTH) for ranking, right in pairs),
            sum(recall(ranking, right, 1) for ranking, right in pairs),
        )

    return max(tried, key=worth)


class Bm25s:
    """The `bm25s` package over the same paragraphs, with its stop words and Snowball stems."""

    def __init__(self, paragraphs: Sequence[Paragraph], language: str, *, titles: bool) -> None:
        self._documents = [one.id for one in paragraphs]
        self._language = language
        self._stemmer = snowballstemmer.stemmer(_STEMMERS[language])
        texts = [
            f"{one.title.replace('_', ' ')}\n{one.text}" if titles else one.text
            for one in paragraphs
        ]
        self._engine = bm25s.BM25()  # type: ignore[no-untyped-call]
        self._engine.index(self._tokens(texts), show_progress=False)

    def rank(self, question: str) -> Ranking:
        tokens = self._tokens([question])[0]
        scores = self._engine.get_scores(tokens) if tokens else np.zeros(len(self._documents))
        return order(self._documents, np.asarray(scores, dtype=float))

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        tokens = bm25s.tokenization.tokenize(
            texts,
            stopwords=self._language,
            stemmer=self._stemmer.stemWords,
            return_ids=False,
            show_progress=False,
        )
        return cast("list[list[str]]", tokens)
