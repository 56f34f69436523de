"""What speaks for the best passage being on what the question is about.

What ranks passages says which of them is nearest; the nearest of a project without an answer may
still be near. So it also counts what of the question the place that would answer it lacks.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.evidence import (
    RANK_FEATURES,
    SENTENCE_FEATURES,
    Evidence,
    window_of,
)
from answerdesk.answering.extractive.kinds import NAME, PLACE, QUANTITY, TIME
from answerdesk.answering.extractive.passage import Passage
from answerdesk.answering.extractive.question import Asked

SUBJECT_FEATURES: Final = (*RANK_FEATURES, "held", "unmet", "superlative")
SUBJECT_SIGNS: Final = (*(1 for _ in RANK_FEATURES), 1, -1, -1)
"""Which way each feature may count."""

_COSINE: Final = SENTENCE_FEATURES.index("cosine")
_KIND: Final = SENTENCE_FEATURES.index("kind")


def subject(
    asked: Asked, passage: Passage, evidence: Evidence, sentence: int, shown: Sequence[int] = ()
) -> NDArray[np.float32]:
    """Return the features of the passage being on the subject, shape (len(SUBJECT_FEATURES),).

    Beside those that rank: what the question shares with the best sentence that holds the kind of
    thing asked for, the worth of what is not met, and whether a superlative is asked for where none
    is said. Looked at are the neighbours of `sentence`, and what is `shown` with it.
    """
    window = window_of(evidence, sentence, shown)
    worth = np.array([asked.worth[term] / asked.mass for term in asked.terms], np.float32)
    near = evidence.matched[:, window]
    shared = (worth @ near + evidence.sentences[window, _COSINE]) / 2
    if asked.kind in (NAME, PLACE, TIME, QUANTITY):
        shared = shared * evidence.sentences[window, _KIND]
    return np.append(
        evidence.rank,
        [
            max(float(shared.max(initial=0.0)), 0.0),
            1 - float(worth @ near.max(axis=1, initial=0.0)),
            float(_superlative_unmet(asked, passage, window)),
        ],
    ).astype(np.float32)


_SUPERLATIVE: Final = {
    "en": re.compile(
        r"(?!(?:inter|requ|for|harv|inv|prot|arr|sugg|dig|cont|conqu|manif|hon|mod|midw|earn|temp"
        r"|inqu|att|ing|inf)ests?$)(?:best|worst|most|least|[a-z]{3,}est)$"
    )
}


def _superlative_unmet(asked: Asked, passage: Passage, window: Sequence[int]) -> bool:
    """Tell whether the question wants the most of something, and the passage ranks nothing."""
    pattern = _SUPERLATIVE.get(asked.language)
    if pattern is None:
        return False
    lower = [word.lower for word in asked.words]
    wanted = any(
        pattern.match(word) and before != "at"  # "At most" and "at least" want no more than that.
        for before, word in zip(["", *lower], lower, strict=False)
    )
    return wanted and not any(pattern.match(word) for word in passage.said(window))
