"""Chooses the sentences that answer, and calculates the confidence in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.designations import are_met
from answerdesk.answering.extractive.doubt import doubt
from answerdesk.answering.extractive.kinds import NAME, OTHER, QUANTITY
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.extractive.showing import chosen_sentences, spans_shown
from answerdesk.answering.extractive.subject import subject
from answerdesk.answering.extractive.weights import Weights
from answerdesk.kit.spans import Span
from answerdesk.knowledge.types import Chunk, FoundChunk

LEAST_CONFIDENCE: Final = 0.25
"""Below this, the answer is to abstain; the benchmarks show what that costs and saves."""

SURE: Final = 0.5
"""From this confidence on, visitors are told that the answer was found in the documentation."""

_SUREST: Final = 30.0
"""Limit of the log odds: beyond it, more certainty makes no difference."""

_TRIED: Final = 4
_NARROWED: Final = 8
"""Passages among which a section is looked for that is nearer than the one above it."""
_AS_GOOD: Final = 1.5
"""Log odds within which the next passages are as good as the first and may answer in its place: the
nearest passage may say the opposite of what is asked."""
_ON_SUBJECT: Final = 0.5
"""Below this chance that a passage is on the subject, later passages aren't tried."""

_ASKS_PHONE: Final = re.compile(
    r"\b(?:(?:tele)?phone numbers?|hotlines?|telefonnummern?|num[ée]ros? de t[ée]l[ée]phone"
    r"|n[úu]meros? de tel[ée]fono|n[úu]meros? de telefone|numer[oi] di telefono"
    r"|telefoonnummers?|numery? telefonu|номера? телефона)\b|電話番号|电话号码"
)
_ASKS_FOR: Final = (NAME, OTHER, QUANTITY)
"""Kinds of questions for a number; who asks how, where or why asks about it."""
_NUMBER: Final = re.compile(r"\d(?:[ ()/.–-]{0,2}\d){5}")
_ON_PHONE: Final = re.compile(
    r"phone|hotline|t[ée]l[ée](?:ph|f)on|telefoon|телефон|電話|电话|\bcall\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences that answer (spans of the chunk's text), or none, and the confidence."""

    parts: tuple[tuple[Ranked, tuple[Span, ...]], ...]
    confidence: float


_OTHERS: Final = 8
_OTHERS_MEAN, _OTHERS_DEVIATION = 0.25, 0.1
"""Passages on other subjects that are taken to stand among the candidates, and their similarity:
of three passages none can stand far apart, and one has nothing to stand apart from."""
_LEAST_DEVIATION: Final = 0.02


@dataclass(frozen=True, slots=True)
class Crowd:
    """How near to a question its candidates are altogether.

    Where any two texts are near each other, that one is near says little; that it is nearer than
    the rest says more.
    """

    mean: float
    deviation: float

    @classmethod
    def of(cls, found: Sequence[FoundChunk]) -> Self:
        """Return the crowd of a question's candidates."""
        count = len(found) + _OTHERS
        mean = (sum(one.similarity for one in found) + _OTHERS * _OTHERS_MEAN) / count
        squares = sum((one.similarity - mean) ** 2 for one in found)
        squares += _OTHERS * (_OTHERS_DEVIATION**2 + (_OTHERS_MEAN - mean) ** 2)
        return cls(mean, sqrt(squares / count) + _LEAST_DEVIATION)

    def apart(self, one: FoundChunk) -> float:
        """Return how far a candidate is above the mean, in deviations."""
        return (one.similarity - self.mean) / self.deviation


def choose(
    weights: Weights, asked: Asked, ranked: Sequence[Ranked], least: float = LEAST_CONFIDENCE
) -> Choice:
    """Return what answers the question with `least` confidence; without parts if nothing does."""
    first = 0.0
    crowd = Crowd.of([one.found for one in ranked])
    ranked = _narrowed(asked, ranked)
    for place, one in enumerate(ranked[:_TRIED]):
        if one.evidence is None or one.score < ranked[0].score - _AS_GOOD:
            break
        if _about_another(asked, one) or lacks_phone(asked, one.found.chunk):
            continue
        on_subject, answers = _chances(weights, asked, one, crowd)
        confidence = on_subject * answers
        if confidence >= least:
            return Choice(((one, spans_shown(asked, one)),), confidence)
        first = first if place else confidence
        if on_subject < _ON_SUBJECT:
            break
    return Choice((), first)


def _narrowed(asked: Asked, ranked: Sequence[Ranked]) -> Sequence[Ranked]:
    """Put a section before the one above it if only its own heading has a word of the question.

    For "as a service on Windows", what "Running as a service" says of all systems is nearer than
    what "Windows" says below it.
    """
    first = ranked[0] if ranked else None
    if first is None or first.passage is None:
        return ranked
    known = first.passage.above | first.passage.places.keys()
    missing = {term for term in asked.terms if term not in known}
    for one in ranked[1:_NARROWED]:
        if one.passage is not None and _is_below(one.found.chunk, first.found.chunk):
            own = frozenset().union(*one.passage.headings[len(first.passage.headings) :])
            if own & missing:
                return [one, *(other for other in ranked if other is not one)]
    return ranked


def _is_below(one: Chunk, other: Chunk) -> bool:
    """Tell whether a chunk is in a section of the section that another one is in."""
    depth = len(other.heading_path)
    return (
        one.document_id == other.document_id
        and depth < len(one.heading_path)
        and one.heading_path[:depth] == other.heading_path
    )


def _about_another(asked: Asked, one: Ranked) -> bool:
    """Tell whether a passage is about another model, code or version than the question."""
    said = one.passage
    return said is not None and are_met(asked.designations, said.designations) is False


def lacks_phone(asked: Asked, chunk: Chunk) -> bool:
    """Tell whether a phone number is asked for, and a passage neither has one nor says why.

    Whatever speaks of support is near "the phone number of your support", in words and in meaning.
    """
    if asked.yes_or_no or asked.kind not in _ASKS_FOR:
        return False
    if not _ASKS_PHONE.search(" ".join(word.lower for word in asked.words)):
        return False
    read = "\n".join([chunk.title, *chunk.heading_path, chunk.text])
    return not (_ON_PHONE.search(read) or _NUMBER.search(read))


def confidence_in(weights: Weights, asked: Asked, best: Ranked) -> float:
    """Return the calibrated probability that a candidate, the only one, answers the question."""
    on_subject, answers = _chances(weights, asked, best, Crowd.of([best.found]))
    return on_subject * answers


def _chances(weights: Weights, asked: Asked, best: Ranked, crowd: Crowd) -> tuple[float, float]:
    """Return the chance that a candidate is on the subject, and that it then answers."""
    if best.as_item is not None:
        return probability(weights.qa_confidence, np.array(best.as_item, np.float32)), 1.0
    if best.evidence is None or best.passage is None or not len(best.sentence_scores):
        return 0.0, 0.0  # Confidence needs a closely read candidate.
    sentence = int(best.sentence_scores.argmax())
    chosen = chosen_sentences(best.sentence_scores)
    looked_at = asked, best.passage, best.evidence, sentence, chosen
    apart = weights.apart * crowd.apart(best.found)
    on_subject = probability(weights.subject, subject(*looked_at), apart)
    return on_subject, probability(weights.confidence, doubt(*looked_at))


def probability(
    weights: NDArray[np.float32], features: NDArray[np.float32], more: float = 0.0
) -> float:
    """Return the logistic function of the weighted features plus the last weight, a constant.

    `more` is what else adds to the log odds.

    The result stays at least 10⁻¹³ away from 0 and 1: a question with a thousand numbers that occur
    nowhere has log odds that would overflow.
    """
    log_odds = float(weights[:-1] @ features + weights[-1]) + more
    return 1 / (1 + exp(-min(max(log_odds, -_SUREST), _SUREST)))
