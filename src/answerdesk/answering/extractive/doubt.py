"""Evidence that the best passage, although on the subject, doesn't hold what was asked.

A question without an answer is often an answerable one with a word exchanged: another name, another
year, the opposite, a "not". So these features look for words of the question that are missing from
the place that would answer it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.evidence import RANK_FEATURES, Evidence, window_of
from answerdesk.answering.extractive.opposites import opposites
from answerdesk.answering.extractive.passage import Passage
from answerdesk.answering.extractive.question import Asked, is_negated

FEATURES: Final = (
    "joint",
    "closest",
    "moved",
    "name_missing",
    "number_missing",
    "one_missing",
    "opposite",
    "negated",
)
SIGNS: Final = (1, 1, -1, -1, -1, -1, -1, -1)
"""The direction in which each feature may count: confidence is monotone in all of them."""

_SPEAK_FOR: Final = tuple(RANK_FEATURES.index(name) for name in ("joint", "best"))
_MET: Final = 0.5
_LEAST_STEM: Final = 3


def doubt(
    asked: Asked, passage: Passage, evidence: Evidence, sentence: int, shown: Sequence[int] = ()
) -> NDArray[np.float32]:
    """Return the features of confidence in `sentence` of the passage, shape (len(FEATURES),).

    Considers the sentence, its neighbours, and the sentences `shown` with it.
    """
    window = window_of(evidence, sentence, shown)
    worth = asked.shares
    near = evidence.matched[:, window].max(axis=1, initial=0.0)
    anywhere = evidence.matched.max(axis=1, initial=0.0)
    missing = near < _MET
    named = np.array([term in asked.names for term in asked.terms], np.bool_)
    numbers = np.array([term in asked.numbers for term in asked.terms], np.bool_)
    return np.array(
        [
            *(evidence.rank[place] for place in _SPEAK_FOR),
            float(worth @ (anywhere - near)),
            float(worth[named & missing].sum()),
            float((numbers & missing).sum()),
            float(missing.sum() == 1),
            float(_opposite_said(asked, passage, window)),
            float(
                asked.negated
                and not (passage.negated_above or any(passage.negated[one] for one in window))
            ),
        ],
        np.float32,
    )


_PREFIXES: Final = {"en": ("un", "in", "im", "ir", "dis", "non"), "de": ("un", "nicht")}


def _opposite_said(asked: Asked, passage: Passage, window: Sequence[int]) -> bool:
    """Tell whether the passage says the opposite of a word of the question, and not the word.

    Negations don't count as words here: for "without a desktop", the answer may say "no desktop".
    Whether a negation is missing is another feature.
    """
    said = passage.said(window)
    return any(
        word.lower not in said
        and not is_negated((word,), asked.language)
        and not said.isdisjoint(_opposites_of(word.lower, asked.language))
        for word in asked.words
    )


@lru_cache(maxsize=8192)
def _opposites_of(word: str, language: str) -> frozenset[str]:
    found = set(opposites(language).get(word, ()))
    for prefix in _PREFIXES.get(language, ()):
        found.add(prefix + word)
        if word.startswith(prefix) and len(word) - len(prefix) > _LEAST_STEM:
            found.add(word.removeprefix(prefix))
    return frozenset(found)
