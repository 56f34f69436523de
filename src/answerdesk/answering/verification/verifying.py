"""Judges whether an answer's passages say a sentence of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import exp
from operator import attrgetter
from typing import Final

from answerdesk.answering.verification.claiming import claims_nothing
from answerdesk.answering.verification.comparing import FEATURES, Comparison, compare
from answerdesk.answering.verification.evidence import Evidence
from answerdesk.answering.verification.foreign import verify_foreign
from answerdesk.answering.verification.matching import Matches, Said, said_in
from answerdesk.answering.verification.reading import ReadText, read
from answerdesk.answering.verification.types import Reason, Verdict
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.words import words_of

LONGEST_SENTENCE: Final = 2_000
_MOST_WORDS: Final = 200
_SUPPORTED: Final = 0.5
_MOST_SOURCES: Final = 3
_CLOSELY: Final = 2
"""Passages that are compared closely, beside those that a sentence cites."""

_MARGIN: Final = 0.05
"""Worth by which a passage may have less of a sentence than the one that has most."""

_SURELY_NOT: Final = 0.05
_FOREIGN: Final = 0.4
"""Share of a sentence's worth below which a sentence that seems to be in another language is."""

_REASONS: Final[tuple[tuple[Reason, tuple[str, ...]], ...]] = (
    ("number", ("number_missing", "unit_other", "bound_other", "number_of_another")),
    ("name", ("name_missing", "noun_missing", "name_of_another", "stray_name")),
    ("negation", ("negated", "negated_there", "negated_alone")),
    ("opposite", ("opposite",)),
)
_values: Final = attrgetter(*FEATURES)

_UNSAID: Final = 0.4
"""Share of a sentence's worth below which a passage speaks of something else."""


def verify(
    sentence: str,
    evidence: Evidence,
    *,
    cited: Sequence[int] = (),
    question: str = "",
    similarity: Sequence[float] | None = None,
) -> Verdict:
    """Judge a sentence by the passages: up to 2,000 characters and 200 words of it.

    `cited` are the places that it names: those are among its sources if they say it, and others
    that do as well. What the `question` says (a name, a number) needs no support. `similarity` is
    that of a multilingual space to each passage: it only counts for a sentence in another language
    than the passages (`foreign`).
    """
    sentence = sentence[:LONGEST_SENTENCE]
    if claims_nothing(sentence):
        return Verdict(None, (), 1.0, None)
    if not evidence.passages:
        return Verdict(False, (), 0.0, "unsaid")
    found = _matched(sentence, evidence)
    best = max(one.matches.share for one in found)
    if best < _FOREIGN:
        language = detect_language(sentence)
        if language not in (UNKNOWN, *evidence.languages):
            reading = read(sentence, language, _MOST_WORDS)
            words = words_of(question[:LONGEST_SENTENCE], language)
            asked = frozenset(word.lower for word in words)
            return verify_foreign(reading, evidence, asked, similarity)
    judged = [_judged(one, question) for one in _closest(found, cited)]
    judged = [_without_contradicted(one, found, question) for one in judged]
    judged.sort(key=lambda one: (-one.score, one.place))
    first = judged[0]
    if first.score < _SUPPORTED:
        return Verdict(False, (), first.score, _reason(first))
    sources = [one.place for one in judged if one.score >= _SUPPORTED]
    return Verdict(True, tuple(sources[:_MOST_SOURCES]), first.score, None)


@dataclass(frozen=True, slots=True)
class Matched:
    """A passage's place, with the matches of a sentence there."""

    place: int
    matches: Matches


@dataclass(frozen=True, slots=True)
class Judged:
    place: int
    comparison: Comparison
    score: float


def candidates(sentence: str, evidence: Evidence) -> list[Comparison]:
    """Return the comparisons with the passages that would be compared closely, best first."""
    found = _matched(sentence[:LONGEST_SENTENCE], evidence)
    return [_compared(one, "") for one in _closest(found, ())]


def _matched(sentence: str, evidence: Evidence) -> list[Matched]:
    """Match a sentence with each passage, read in the passage's language."""
    read_in: dict[str, tuple[ReadText, tuple[Said, ...]]] = {}
    found = []
    for place, passage in enumerate(evidence.passages):
        if passage.language not in read_in:
            reading = read(sentence, passage.language, _MOST_WORDS)
            read_in[passage.language] = reading, said_in(reading, passage.language)
        matches = Matches(*read_in[passage.language], passage, evidence)
        found.append(Matched(place, matches))
    return found


def _closest(found: Sequence[Matched], cited: Sequence[int]) -> list[Matched]:
    """Return the passages that have most of a sentence, and those that it cites."""
    best = sorted(found, key=lambda one: (-one.matches.share, one.place))[:_CLOSELY]
    best = [one for one in best if one.matches.share >= best[0].matches.share - _MARGIN]
    named = [one for one in found if one.place in cited and one not in best]
    return [*best, *named[:_MOST_SOURCES]]


def _compared(matched: Matched, question: str) -> Comparison:
    """Compare closely; what the question says too is not missing where the passage lacks it."""
    matches = matched.matches
    asked = _terms(question, matches.passage.language)
    known = frozenset(one.place for one in matches.said if one.word.term in asked)
    return compare(matches, known)


# All sentences of an answer are compared with the same question.
@lru_cache(maxsize=256)
def _terms(question: str, language: str) -> frozenset[str]:
    return frozenset(word.term for word in words_of(question[:LONGEST_SENTENCE], language))


def _judged(matched: Matched, question: str) -> Judged:
    comparison = _compared(matched, question)
    return Judged(matched.place, comparison, _probability(comparison))


def _without_contradicted(judged: Judged, found: Iterable[Matched], question: str) -> Judged:
    """Lower the score of what has a number or a name that no passage has, nor the question."""
    comparison = judged.comparison
    if not (comparison.number_missing or comparison.name_missing):
        return judged
    every = [one.matches for one in found]
    language = every[0].passage.language
    asked = _terms(question, language)
    for one in every[0].said:
        counts = one.place in every[0].reading.amounts
        names = (counts or one.is_name) and one.word.term not in asked
        if names and not any(one.place in matches for matches in every):
            return Judged(judged.place, comparison, min(judged.score, _SURELY_NOT))
    return judged


@cache
def _weights() -> tuple[float, ...]:
    stored = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    by_name: dict[str, float] = stored["weights"]
    return tuple(by_name[name] for name in (*FEATURES, "constant"))


def _probability(comparison: Comparison) -> float:
    *weights, constant = _weights()
    values = _values(comparison)
    odds = constant + sum(weight * value for weight, value in zip(weights, values, strict=True))
    return 1 / (1 + exp(-max(-30.0, min(odds, 30.0))))


def _reason(judged: Judged) -> Reason:
    """Return what speaks most against a sentence."""
    comparison = judged.comparison
    if comparison.anywhere < _UNSAID:
        return "unsaid"
    weights = dict(zip(FEATURES, _weights(), strict=False))
    against: dict[Reason, float] = {
        reason: sum(weights[name] * getattr(comparison, name) for name in names)
        for reason, names in _REASONS
    }
    worst = min(against, key=lambda reason: against[reason])
    return worst if against[worst] < 0 else "unsaid"
