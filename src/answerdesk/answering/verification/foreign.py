"""A sentence in another language than its passages: what can still contradict them.

Words can't be compared across languages, but numbers, codes and addresses are written alike. The
rest is left to vectors of a model that knows both languages, if there is one.
"""

from collections.abc import Sequence
from typing import Final

from answerdesk.answering.verification.evidence import Evidence
from answerdesk.answering.verification.matching import are_equal
from answerdesk.answering.verification.reading import ReadText
from answerdesk.answering.verification.types import Reason, Verdict
from answerdesk.kit.words import Word

_FAR: Final = 0.75
_NEAR: Final = 0.9
"""Similarities of the multilingual space from which a sentence surely isn't, and is, said."""

_UNKNOWN: Final = 0.5
_SURELY_NOT: Final = 0.05
_MOST_SOURCES: Final = 3


def verify_foreign(
    reading: ReadText, evidence: Evidence, asked: frozenset[str], similarity: Sequence[float] | None
) -> Verdict:
    """Judge a sentence by its numbers and codes, then by its similarity to each passage.

    Without similarities, what nothing contradicts counts as supported, with a score that says that
    nobody knows.
    """
    reason = _contradicted(reading, evidence, asked)
    places = range(len(evidence.passages))
    if reason is not None:
        return Verdict(False, (), _SURELY_NOT, reason)
    if similarity is None:
        return Verdict(True, (), _UNKNOWN, None)
    near = [similarity[place] if place < len(similarity) else 0.0 for place in places]
    scores = [min(max((one - _FAR) / (_NEAR - _FAR), 0.0), 1.0) for one in near]
    best = sorted(
        (place for place in places if scores[place] >= _UNKNOWN), key=lambda p: -scores[p]
    )
    if not best:
        return Verdict(False, (), max(scores, default=0.0), "unsaid")
    return Verdict(True, tuple(best[:_MOST_SOURCES]), scores[best[0]], None)


def _contradicted(reading: ReadText, evidence: Evidence, asked: frozenset[str]) -> Reason | None:
    """Return what no passage has: a number, or a name that is written alike in every language."""
    values = [
        one.value for passage in evidence.passages for one in passage.reading.amounts.values()
    ]
    for amount in reading.amounts.values():
        if reading.words[amount.place].lower in asked or amount.value in asked:
            continue
        if not any(are_equal(amount.value, value) for value in values):
            return "number"
    for place, word in enumerate(reading.words):
        if place in reading.amounts or not _is_code(word) or word.lower in asked:
            continue
        if not any(word.lower in passage.lowered for passage in evidence.passages):
            return "name"
    return None


def _is_code(word: Word) -> bool:
    letters = any(one.isalpha() for one in word.lower)
    return letters and (word.number or any(one in word.lower for one in "._-/@"))
