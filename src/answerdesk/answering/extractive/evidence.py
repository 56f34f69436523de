"""Evidence that a passage, and each of its sentences, answers a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.kinds import MANNER, NAME, OTHER, PLACE, REASON, Mention
from answerdesk.answering.extractive.passage import Passage
from answerdesk.answering.extractive.question import Asked
from answerdesk.knowledge.types import FoundChunk, SearchQuestion

_NEXT, _NEAR, _FAR = 1, 3, 6
_NAME_AS_PLACE: Final = 0.6
_MOST_PLACES: Final = 40
"""Maximum places of a word in a passage from which to follow a run of the question's words."""
_ABOVE: Final = 0.6
"""How well a sentence meets a term that stands in a heading above it, or names its table."""

SENTENCE_FEATURES: Final = ("cosine", "covered", "before", "after", "kind")
RANK_FEATURES: Final = ("bm25", "best", "joint", "near", "run", "soft", "late")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of one candidate.

    `matched` (terms, sentences) says how well each sentence meets each term of the question, 0 to
    1; `sentences` has shape (sentences, len(SENTENCE_FEATURES)); `rank` has shape
    (len(RANK_FEATURES),).
    """

    matched: NDArray[np.float32]
    sentences: NDArray[np.float32]
    rank: NDArray[np.float32]


def window_of(evidence: Evidence, sentence: int, shown: Sequence[int] = ()) -> list[int]:
    """Return the numbers of a sentence, its neighbours, and the sentences shown with it."""
    count = evidence.matched.shape[1]
    return sorted({*range(max(0, sentence - 1), min(count, sentence + 2)), *shown})


def gather(
    asked: Asked,
    passage: Passage,
    likes: Mapping[str, Mapping[str, float]],
    bm25: float,
    cosines: NDArray[np.float32],
    late: float | None = None,
) -> Evidence:
    """Return a passage's evidence; `bm25` is in [0, 1], `likes` has similar terms by term.

    `late` is the late interaction of the question and the passage, None if it isn't known.
    """
    # A question that the document leaves open is similar to ours, but answers nothing.
    cosines = np.where(passage.left_open, np.float32(0), cosines)
    matched = _matched(asked, passage, likes)
    matched[:, passage.left_open] = 0
    worth = asked.shares
    covered: NDArray[np.float32] = np.asarray(worth @ matched, np.float32)
    sentences = _sentence_features(asked, passage, matched, worth, covered, cosines)
    rank = np.array(
        [
            bm25,
            cosines.max(initial=0.0),
            (cosines + covered).max(initial=0.0) / 2,
            _nearness(asked, passage),
            _longest_run(asked, passage),
            float(worth @ matched.max(axis=1, initial=0.0)),
            _usual_late(cosines) if late is None else late,
        ],
        np.float32,
    )
    return Evidence(matched, sentences, rank)


def late_interaction(question: SearchQuestion, found: FoundChunk) -> float | None:
    """Return how well each token of a question meets some token of a passage; None without tokens.

    This is ColBERT's MaxSim (Khattab and Zaharia, 2020, arXiv:2004.12832), as a weighted mean, with
    the tokens that the embedder puts out anyway.
    """
    weights, rows = question.token_weights, found.token_vectors
    if question.tokens is None or weights is None or rows is None:
        return None
    best = (question.tokens @ rows.T.astype(np.float32)).max(axis=1) / _TOKEN_LENGTH
    return float(best @ weights / weights.sum())


_TOKEN_LENGTH: Final = 127
"""Length of a stored token vector."""

_LATE_BASE, _LATE_SLOPE = 0.35, 0.52
"""What late interaction mostly is for the best sentence's cosine, by linear regression."""


def _usual_late(cosines: NDArray[np.float32]) -> float:
    """Return what late interaction would probably be, for passages without token vectors."""
    return _LATE_BASE + _LATE_SLOPE * float(cosines.max(initial=0.0))


def _matched(
    asked: Asked, passage: Passage, likes: Mapping[str, Mapping[str, float]]
) -> NDArray[np.float32]:
    matched = np.zeros((len(asked.terms), len(passage.lengths)), np.float32)
    captioned = [(row, one) for row, one in enumerate(passage.captions) if one is not None]
    for row, term in enumerate(asked.terms):
        if term in passage.above:
            matched[row] = _ABOVE
        for sentence, caption in captioned:
            if term in passage.content[caption]:
                matched[row, sentence] = _ABOVE
        for sentence, _ in passage.places.get(term, ()):
            matched[row, sentence] = 1.0
        for other, likeness in likes.get(term, {}).items():
            for sentence, _ in passage.places.get(other, ()):
                matched[row, sentence] = max(matched[row, sentence], likeness)
    return matched


def _sentence_features(
    asked: Asked,
    passage: Passage,
    matched: NDArray[np.float32],
    worth: NDArray[np.float32],
    covered: NDArray[np.float32],
    cosines: NDArray[np.float32],
) -> NDArray[np.float32]:
    features = np.zeros((len(covered), len(SENTENCE_FEATURES)), np.float32)
    features[:, 0] = cosines
    features[:, 1] = covered
    if len(covered) > 1:
        pairs = worth @ np.maximum(matched[:, 1:], matched[:, :-1])
        features[1:, 2] = pairs - covered[1:]
        features[:-1, 3] = pairs - covered[:-1]
    if asked.kind != OTHER:
        features[:, 4] = [holds_kind(asked, found) for found in passage.mentions]
    return features


def holds_kind(asked: Asked, found: tuple[Mention, ...]) -> float:
    """Return whether a sentence names something of the kind asked for that the question doesn't.

    0 to 1; less than 1 if a name may be the place asked for.
    """
    if asked.kind == OTHER:
        return 0.0
    if asked.kind in (REASON, MANNER):
        return float(any(mention.kind == asked.kind for mention in found))
    if any(m.kind == asked.kind and not m.terms <= asked.every_term for m in found):
        return 1.0
    if asked.kind == PLACE and any(
        m.kind == NAME and not m.terms <= asked.every_term for m in found
    ):
        return _NAME_AS_PLACE
    return 0.0


def _nearness(asked: Asked, passage: Passage) -> float:
    """Return how close together the question's adjacent terms are in the passage, 0 to 1."""
    total = near = 0.0
    for one, other, weight in asked.weighted_pairs:
        total += weight
        places, others = passage.places.get(one), passage.places.get(other)
        if places and others:
            near += weight * _closeness(_distance(places, others))
    return near / total if total else 0.0


def _distance(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> int:
    """Return the smallest distance between places of two terms; both lists are in order."""
    nearest = _FAR + 1
    first = second = 0
    while first < len(one) and second < len(other):
        apart = one[first][1] - other[second][1]
        nearest = min(nearest, abs(apart))
        if apart < 0:
            first += 1
        else:
            second += 1
    return nearest


def _closeness(distance: int) -> float:
    if distance <= _NEXT:
        return 1.0
    if distance <= _NEAR:
        return 0.7
    return 0.4 if distance <= _FAR else 0.0


def _longest_run(asked: Asked, passage: Passage) -> float:
    """Return the worth of the question's longest run of words in the passage, 0 to 1."""
    best = 0.0
    # Runs that begin with a word of worth and end with the question's current word: their number of
    # words and their worth, by the place of their last word in the passage.
    runs: dict[int, tuple[int, float]] = {}
    for form, value in asked.run:
        places = (
            passage.forms.get(form, ())[:_MOST_PLACES]
            if value
            else _next_places(runs, form, passage)
        )
        longer: dict[int, tuple[int, float]] = {}
        for place in places:
            length, total = runs.get(place - 1, (0, 0.0))
            longer[place] = length + 1, total + value
            if length:
                best = max(best, total + value)
        runs = longer
    return best / asked.mass


def _next_places(runs: Iterable[int], form: str, passage: Passage) -> list[int]:
    return [one + 1 for one in runs if passage.lower[one + 1 : one + 2] == (form,)]


def likeness_both_ways(asked: Asked, passage: Passage, evidence: Evidence) -> float:
    """Return how much a question and an item's question (its first sentence) share, 0 to 1.

    The mean of two shares: of the question met in the item's question, and the reverse.
    """
    there = float(asked.shares @ evidence.matched[:, 0])
    theirs = [term for term, places in passage.places.items() if places[0][0] == 0]
    met = sum(term in asked.worth for term in theirs)
    return (there + (met / len(theirs) if theirs else 0.0)) / 2
