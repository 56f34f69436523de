"""Compares a sentence with one passage: what it covers, and what speaks against each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final

from answerdesk.answering.verification.matching import Match, Matches, Said

_MOST_CHECKED: Final = 6
"""Maximum numbers, names and words with opposites of a sentence that are compared closely."""

_OFTEN_NAMED: Final = 2
_MOST_CUES: Final = 24
_CAPITAL_NOUNS: Final = frozenset(("de", "lb"))
"""Languages that write every noun with a capital: only two in a row are a name there."""

_MOSTLY: Final = 0.6
_MOST_SEGMENTS: Final = 3
_SURELY: Final = 0.15
"""A difference between affinities that is as good as any greater one."""

_OFTEN: Final = 0.12
"""Affinity that an opposite of a word often has by chance: passages have many words."""

_HARDLY: Final = 0.03
"""A difference between affinities that says nothing."""

_LEAST_GAIN: Final = 0.4
_NEARLY: Final = 0.7


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a sentence and a passage compare; the names are the features of `weights.json`.

    `covered` is the worth of its words that the best sentence has, `near` that this and its
    neighbours have, `joined` that the three best have, `anywhere` that the passage has.
    """

    covered: float
    near: float
    joined: float
    anywhere: float
    missing: float
    most_missing: float
    pairs: float
    name_missing: float
    noun_missing: float
    number_missing: float
    unit_other: float
    bound_other: float
    number_of_another: float
    name_of_another: float
    stray_name: float
    opposite: float
    negated: float
    negated_there: float
    negated_alone: float


FEATURES: Final = tuple(one.name for one in fields(Comparison))
SIGNS: Final = (1, 1, 1, 1, -1, -1, 1, *[-1] * 12)
"""The direction in which each feature may count."""


def compare(matches: Matches, known: frozenset[int]) -> Comparison:
    """Compare a sentence with a passage; `known` are the places of what the question says."""
    said = [one for one in matches.said if one.place not in known or matches[one.place].same]
    segments, support = _best_segments(matches)
    best = segments[:1]
    total = sum(one.worth for one in said) or 1.0
    passage = matches.passage
    near = {one + step for one in best for step in (-1, 0, 1)}
    missing = [one for one in said if not matches[one.place].same]
    numbers = [one for one in said if one.place in matches.reading.amounts]
    return Comparison(
        covered=_covered(said, matches, best) / total,
        near=_covered(said, matches, near) / total,
        joined=_covered(said, matches, segments) / total,
        anywhere=_covered(said, matches, None) / total,
        missing=min(len([one for one in missing if one.worth >= 1]), 4) / 4,
        most_missing=max((one.worth for one in missing), default=0.0) / max(total, 3.0),
        pairs=_pairs(said, matches),
        name_missing=float(any(one.is_name for one in missing)),
        noun_missing=float(
            any(one.word.capital and not one.is_name and one.place > 0 for one in missing)
        ),
        number_missing=float(any(one in missing for one in numbers)),
        unit_other=float(any(_unit_differs(one, matches) for one in numbers)),
        bound_other=float(any(_bound_differs(one, matches) for one in numbers)),
        number_of_another=_of_another(numbers, matches, passage.reading.amounts),
        name_of_another=_of_another(
            [one for one in said if _may_name(one, matches)], matches, passage.names
        ),
        stray_name=_stray([one for one in said if _may_name(one, matches)], said, matches, best),
        opposite=_opposite(matches),
        negated=_negated(matches, support.union(segments)),
        negated_there=_negated_there(matches, segments, support.union(segments)),
        negated_alone=_negated_alone(matches, support.union(segments)),
    )


def _best_segments(matches: Matches) -> tuple[list[int], frozenset[int]]:
    """Return the passage's sentences that cover most, each by what those before it don't.

    Also all that cover nearly as much as the first.
    """
    segments = matches.passage.segments
    words: dict[int, dict[int, float]] = {}
    for one in matches.said:
        match = matches[one.place]
        having = {segments[place] for place in match.same}
        # What many sentences have tells little which of them is meant.
        worth = one.worth * match.strength * (0.4 + 0.6 / max(len(having), 1))
        for there in having:
            words.setdefault(there, {})[one.place] = worth
    worths = {there: sum(found.values()) for there, found in words.items()}
    most = max(worths.values(), default=0.0)
    support = frozenset(there for there, found in worths.items() if found >= _NEARLY * most)
    chosen: list[int] = []
    covered: set[int] = set()
    for _ in range(_MOST_SEGMENTS):
        gains = {
            there: sum(gain for place, gain in found.items() if place not in covered)
            for there, found in words.items()
        }
        best = max(gains, key=lambda there: (gains[there], -there), default=None)
        if best is None or (chosen and gains[best] < _LEAST_GAIN):
            break
        chosen.append(best)
        covered.update(words[best])
    return chosen, support


def _covered(said: Sequence[Said], matches: Matches, segments: Iterable[int] | None) -> float:
    """Return the worth of the words that some sentences have; None stands for all."""
    within = None if segments is None else frozenset(segments)
    return sum(
        one.worth * matches[one.place].strength
        for one in said
        if matches[one.place].same
        and (
            within is None
            or any(matches.passage.segments[place] in within for place in matches[one.place].same)
        )
    )


def _pairs(said: Sequence[Said], matches: Matches) -> float:
    """Return the share of neighbouring words that are near each other in the passage, too."""
    kept = together = 0
    for one, other in pairwise(said):
        here, there = matches[one.place].same, matches[other.place].same
        if not here or not there:
            continue
        kept += 1
        together += any(abs(a - b) <= 6 for a in here[:8] for b in there[:8])
    return together / kept if kept else 0.5


def _unit_differs(one: Said, matches: Matches) -> bool:
    """Tell whether a number is only there with another unit."""
    amount = matches.reading.amounts[one.place]
    theirs = matches.passage.reading.amounts
    units = {theirs[place].unit for place in matches[one.place].same if place in theirs}
    return bool(amount.unit and units) and amount.unit not in units and "" not in units


def _bound_differs(one: Said, matches: Matches) -> bool:
    """Tell whether a number is only there as the other bound: "at most" for "more than"."""
    amount = matches.reading.amounts[one.place]
    theirs = matches.passage.reading.amounts
    bounds = {theirs[place].bound for place in matches[one.place].same if place in theirs}
    return bool(amount.bound and bounds) and amount.bound not in bounds and "" not in bounds


def _may_name(one: Said, matches: Matches) -> bool:
    if not one.word.capital or one.place in matches.reading.amounts:
        return False
    if matches.passage.language not in _CAPITAL_NOUNS:
        return one.place > 0
    words = matches.reading.words
    near = [*words[max(one.place - 1, 0) : one.place], *words[one.place + 1 : one.place + 2]]
    written = one.word.lower[1:]
    return (
        one.place > 0 and any(other.capital and not other.stop for other in near) and bool(written)
    )


def _of_another(ours: Sequence[Said], matches: Matches, theirs: Iterable[int]) -> float:
    """Return how much better the context of a number or name fits another of its sort."""
    worst = 0.0
    amounts = matches.passage.reading.amounts
    everything = tuple(theirs)
    for one in ours[:_MOST_CHECKED]:
        same = matches[one.place].same
        if not same:
            continue
        context = matches.context_of(one.place)
        amount = matches.reading.amounts.get(one.place)
        used = {place for other in ours for place in matches[other.place].same}
        rivals = [
            place
            for place in everything
            if place not in used and (amount is None or amounts[place].sort == amount.sort)
        ]
        # A name that is there often, as what the passage is about, may be meant by a pronoun.
        least = 0.0 if amount is not None or len(same) < _OFTEN_NAMED else _OFTEN
        worst = max(worst, matches.best(context, rivals) - matches.best(context, same) - least)
    return min(worst / _SURELY, 1.0)


def _stray(
    names: Sequence[Said], said: Sequence[Said], matches: Matches, best: Sequence[int]
) -> float:
    """Return how much the best sentence has of what is said but for a name, which is elsewhere.

    A name that is there several times, or at the beginning, is what the passage is about.
    """
    segments = matches.passage.segments
    strays = [
        one
        for one in names
        if len(matches[one.place].same) == 1
        and matches[one.place].strength == 1.0
        and segments[matches[one.place].same[0]] not in (0, *best)
    ]
    if not strays:
        return 0.0
    rest = [one for one in said if one not in strays]
    has = _covered(rest, matches, best) / (sum(one.worth for one in rest) or 1.0)
    return max(0.0, has - _MOSTLY) / (1 - _MOSTLY)


def _opposite(matches: Matches) -> float:
    """Return how well an opposite of one of its words fits in its place, better than the word."""
    worst = 0.0
    checked = 0
    there = matches.passage.reading.negated
    ours = {place for one in matches.said for place in matches[one.place].same}
    for place, match in matches.places():
        if not match.opposed or checked >= _MOST_CHECKED:
            continue
        checked += 1
        context = matches.context_of(place)
        here = place in matches.reading.negated
        same = [one for one in match.same if (one in there) == here]
        # "Not allowed" says "forbidden". What another word says is no opposite: "more or less".
        same += [one for one in match.opposed if (one in there) != here]
        opposed = [one for one in match.opposed if (one in there) == here and one not in ours]
        worst = max(worst, matches.best(context, opposed) - matches.best(context, same))
    return min(max(worst - _OFTEN, 0.0) / _SURELY, 1.0)


def _negated(matches: Matches, support: frozenset[int]) -> float:
    """Return whether the sentence negates what the passage says."""
    for focus in matches.reading.focus[:_MOST_CHECKED]:
        having = [one for one in focus if matches[one].same or matches[one].opposed]
        if having and not any(_is_turned(one, matches[one], matches, support) for one in having):
            return 1.0
    return 0.0


def _is_turned(place: int, match: Match, matches: Matches, support: frozenset[int]) -> bool:
    """Tell whether what the passage has in a word's place is negated, or its opposite."""
    segments, limited = matches.passage.segments, matches.passage.reading.limited
    context = matches.context_of(place)
    same = [one for one in match.same if segments[one] in support]
    opposed = [one for one in match.opposed if segments[one] in support]
    if not same and not opposed:
        return True
    turned = [*(one for one in same if one in limited), *opposed]
    plain = [one for one in same if one not in limited]
    return bool(turned) and matches.best(context, turned) >= matches.best(context, plain) - _HARDLY


def _negated_there(matches: Matches, segments: Sequence[int], support: frozenset[int]) -> float:
    """Return whether the passage negates what the sentence says."""
    passage, around = matches.passage, matches.reading.around
    ours: dict[int, list[int]] = {}
    for one in matches.said:
        for place in matches[one.place].same:
            ours.setdefault(place, []).append(one.place)
    worst = 0.0
    cues = [
        (cue, focus)
        for cue, focus in zip(passage.reading.cues, passage.reading.focus, strict=True)
        if passage.segments[cue] in segments
    ]
    for _, focus in cues[:_MOST_CUES]:
        for rank, there in enumerate(focus):
            here = ours.get(there, ())
            if here:
                if all(
                    one not in around and _is_only_there(one, there, matches, support)
                    for one in here
                ):
                    worst = max(worst, 1.0 - 0.25 * rank)
                break
    return worst


def _is_only_there(place: int, there: int, matches: Matches, support: frozenset[int]) -> bool:
    """Tell whether a word fits nowhere as well as where the passage negates it."""
    segments, negated = matches.passage.segments, matches.passage.reading.around
    match = matches[place]
    plain = [one for one in match.same if segments[one] in support and one not in negated]
    plain += [one for one in match.opposed if one in negated]
    if not plain:
        return True
    context = matches.context_of(place)
    return matches.best(context, plain) < matches.affinity(context, there) - _HARDLY


def _negated_alone(matches: Matches, support: frozenset[int]) -> float:
    """Return whether the sentence negates something where the passage negates nothing."""
    if not matches.reading.cues:
        return 0.0
    passage = matches.passage
    if any(passage.segments[place] in support for place in passage.reading.limited):
        return 0.0
    turned = any(
        passage.segments[place] in support
        for _, match in matches.places()
        for place in match.opposed
    )
    return 0.0 if turned else 1.0
