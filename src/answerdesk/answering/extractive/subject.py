"""Evidence that the best passage is on the question's subject.

The ranking says which passage is nearest; in a project without an answer, the nearest may still be
near. So these features also count what the place that would answer lacks of the question.
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
"""The direction in which each feature may count."""

_COSINE: Final = SENTENCE_FEATURES.index("cosine")
_KIND: Final = SENTENCE_FEATURES.index("kind")


def subject(
    asked: Asked, passage: Passage, evidence: Evidence, sentence: int, shown: Sequence[int] = ()
) -> NDArray[np.float32]:
    """Return the features of the passage being on the subject, shape (len(SUBJECT_FEATURES),).

    Besides the ranking features: what the question shares with the best sentence that has the kind
    of thing asked for, the worth of unmet terms, and whether the question has a superlative but the
    passage has none. Considers `sentence`, its neighbours, and the sentences `shown` with it.
    """
    window = window_of(evidence, sentence, shown)
    worth = asked.shares
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
    """Tell whether the question has a superlative, but the passage has none."""
    pattern = _SUPERLATIVE.get(asked.language)
    if pattern is None:
        return False
    lower = [word.lower for word in asked.words]
    wanted = any(
        pattern.match(word) and before != "at"  # "At most" and "at least" are no superlatives.
        for before, word in zip(["", *lower], lower, strict=False)
    )
    return wanted and not any(pattern.match(word) for word in passage.said(window))
