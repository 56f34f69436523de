"""Where a sentence's words are in a passage: themselves, their synonyms, or their opposites."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import Final

from answerdesk.answering.verification.evidence import Evidence, ReadPassage
from answerdesk.answering.verification.lists.opposites import opposites, prefixed
from answerdesk.answering.verification.lists.synonyms import generic, groups
from answerdesk.answering.verification.reading import ReadText
from answerdesk.kit.words import Word, words_of

_NAME: Final = 1.5
_GENERIC: Final = 0.3
_SYNONYM: Final = 0.9
_LEAST_ALIKE: Final = 0.6
_NAMES_ALIKE: Final = 0.75
_MOST_ALIKE: Final = 16
"""Maximum words of a sentence for which similar ones are looked for."""

_DECAY: Final = 0.25
_NEAR: Final = 8
"""Words around one that are its context."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a sentence: how much it says, and whether it is a name."""

    place: int
    word: Word
    worth: float
    is_name: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Where a passage has a word, or what reverses it; `strength` is how surely it is the word."""

    strength: float = 0.0
    same: tuple[int, ...] = ()
    opposed: tuple[int, ...] = ()


_NONE: Final = Match()


@dataclass(frozen=True, slots=True)
class Context:
    """The words around one, nearest first, as far as the passage has them.

    Each has how much it counts there, and where it is. `worth` is that of all, missing ones too.
    """

    worth: float
    words: tuple[tuple[float, tuple[int, ...]], ...]


def said_in(reading: ReadText, language: str) -> tuple[Said, ...]:
    """Return the words of a sentence that say something, with their worth."""
    frame = generic(language)
    cues = frozenset(reading.cues)
    found = []
    for place in reading.content:
        word = reading.words[place]
        if place in cues:
            continue
        is_name = _is_name(place, word, language)
        amount = place in reading.amounts
        worth = 1.0 if amount else _NAME if is_name else _GENERIC if word.term in frame else 1.0
        found.append(Said(place, word, worth, is_name and not amount))
    return tuple(found)


def _is_name(place: int, word: Word, language: str) -> bool:
    if not word.capital:
        return word.number and any(one.isalpha() for one in word.lower)
    # In German every noun has a capital, and any first word in most languages.
    return place > 0 and language not in ("de", "lb")


class Matches:
    """The matches of a sentence's words in one passage.

    What reverses them is only looked for when a match is asked for: most passages are compared no
    further than by their `share`.
    """

    def __init__(
        self, reading: ReadText, said: Sequence[Said], passage: ReadPassage, evidence: Evidence
    ) -> None:
        self.reading = reading
        self.said = said
        self.passage = passage
        self._found: dict[int, Match] = {}
        self._contexts: dict[int, Context] = {}
        tried = 0
        for one in said:
            match, looked = _match(one, reading, passage, evidence, alike=tried < _MOST_ALIKE)
            tried += looked
            self._found[one.place] = match

    def __getitem__(self, place: int) -> Match:
        return self._by_place.get(place, _NONE)

    def __contains__(self, place: int) -> bool:
        """Tell whether the passage has a word of those that say something."""
        return bool(self._found[place].same)

    @cached_property
    def share(self) -> float:
        """How much of the sentence's worth the passage has."""
        total = sum(one.worth for one in self.said)
        return sum(one.worth * self._found[one.place].strength for one in self.said) / (
            total or 1.0
        )

    @cached_property
    def _by_place(self) -> dict[int, Match]:
        passage, words = self.passage, self.reading.words
        found = {
            place: match
            if place in self.reading.amounts
            else Match(match.strength, match.same, _all_opposed(match, words[place], passage))
            for place, match in self._found.items()
        }
        reversible = opposites(passage.language)
        for place, word in enumerate(words):
            if word.lower in reversible and place not in found:
                same = passage.lowered.get(word.lower, ())
                found[place] = Match(1.0, same, _opposed(word, passage))
        return found

    def places(self) -> Iterator[tuple[int, Match]]:
        yield from self._by_place.items()

    def best(self, context: Context, places: Iterable[int], most: int = 24) -> float:
        """Return the greatest affinity of a context with one of some places; 0 for none."""
        return max((self.affinity(context, one) for one in islice(places, most)), default=0.0)

    def context_of(self, place: int) -> Context:
        """Return the words around one."""
        known = self._contexts.get(place)
        if known is None:
            known = self._contexts[place] = self._context_of(place)
        return known

    def _context_of(self, place: int) -> Context:
        clauses = self.reading.clauses
        clause = clauses[place]
        near = [
            (one.worth * _closeness(one.place - place, clauses[one.place] - clause), one.place)
            for one in self.said
            if one.place != place and abs(one.place - place) <= 2 * _NEAR
        ]
        nearest = sorted(near, key=lambda pair: -pair[0])[:_NEAR]
        there = ((worth, self._by_place[one]) for worth, one in nearest)
        return Context(
            sum(worth for worth, _ in nearest),
            tuple((worth * match.strength, match.same) for worth, match in there if match.same),
        )

    def affinity(self, context: Context, there: int) -> float:
        """Return how much of a context is around a place of the passage, 0 to 1."""
        if not context.worth:
            return 0.0
        clauses = self.passage.reading.clauses
        clause = clauses[there]
        found = 0.0
        for worth, places in context.words:
            nearest = _nearest(places, there)
            if nearest is not None:
                found += worth * _closeness(nearest - there, clauses[nearest] - clause)
        return found / context.worth


@lru_cache(maxsize=4096)
def _closeness(words: int, clauses: int) -> float:
    return 1 / (1 + _DECAY * (max(abs(words) - 1, 0) + 2 * min(abs(clauses), 4)))


def _nearest(places: Sequence[int], there: int) -> int | None:
    """Return the place, of some in order, that is nearest to one and not itself."""
    if len(places) == 1:
        return None if places[0] == there else places[0]
    behind = bisect_left(places, there)
    before = behind - 1
    if behind < len(places) and places[behind] == there:
        behind += 1
    if behind >= len(places):
        return places[before] if before >= 0 else None
    if before < 0 or places[behind] - there < there - places[before]:
        return places[behind]
    return places[before]


def _match(
    one: Said, reading: ReadText, passage: ReadPassage, evidence: Evidence, *, alike: bool
) -> tuple[Match, bool]:
    """Return the match of a word, and whether similar words were looked for.

    It has nothing that reverses the word but similar words.
    """
    amount = reading.amounts.get(one.place)
    if amount is not None:
        places = tuple(
            place
            for place, other in passage.reading.amounts.items()
            if are_equal(amount.value, other.value)
        )
        return Match(1.0 if places else 0.0, places), False
    word = one.word
    exact = passage.places.get(word.term, ())
    if exact:
        return Match(1.0, exact), False
    synonyms = [
        place
        for group in groups(passage.language).get(word.term, ())
        for place in passage.grouped.get(group, ())
    ]
    if synonyms:
        return Match(_SYNONYM, tuple(sorted(set(synonyms)))), False
    if one.is_name and (initials := _initials(word, passage)):
        return Match(_SYNONYM, initials), False
    if not alike:
        return _NONE, False
    least = _NAMES_ALIKE if one.is_name else _LEAST_ALIKE
    near = {
        term: likeness
        for term, likeness in evidence.alike(word.term).items()
        if likeness >= least and term in passage.places
    }
    if not near:
        return _NONE, True
    turned = {term for term in near if _reverse(word.term, term, passage.language)}
    opposed = {*_opposed(word, passage), *_places(turned, passage)}
    places = tuple(one for one in _places(near.keys() - turned, passage) if one not in opposed)
    return Match(
        max(near.values()) if places else 0.0, places, tuple(_places(turned, passage))
    ), True


def _all_opposed(match: Match, word: Word, passage: ReadPassage) -> tuple[int, ...]:
    """Return where a passage reverses a word, by similar words, too."""
    opposed = _opposed(word, passage)
    return tuple(sorted({*opposed, *match.opposed})) if match.opposed else opposed


def _places(terms: Iterable[str], passage: ReadPassage) -> list[int]:
    return sorted(place for term in terms for place in passage.places[term])


def _reverse(one: str, other: str, language: str) -> bool:
    """Tell whether a term is another with a prefix that reverses it: "nonstandard"."""
    return other in prefixed(one, language)


def _opposed(word: Word, passage: ReadPassage) -> tuple[int, ...]:
    """Return where a passage says the opposite of a word, or a synonym of the opposite."""
    if word.term in generic(passage.language):
        return ()
    written, terms, grouped = _reversing(word.lower, word.term, passage.language)
    found = {place for other in written for place in passage.lowered.get(other, ())}
    found.update(place for other in terms for place in passage.places.get(other, ()))
    for group in grouped:
        found.update(passage.grouped.get(group, ()))
    return tuple(sorted(found))


@lru_cache(maxsize=8192)
def _reversing(
    lower: str, term: str, language: str
) -> tuple[frozenset[str], frozenset[str], frozenset[int]]:
    """Return a word's opposites as they are written, their terms, and the groups of synonyms.

    None of the groups is one that the word is in itself.
    """
    terms = _opposed_terms(language).get(term, frozenset())
    own = groups(language).get(term, frozenset())
    grouped = {group for other in terms for group in groups(language).get(other, ())}
    written = opposites(language).get(lower, frozenset()) | prefixed(lower, language)
    return written, terms, frozenset(grouped) - own


@cache
def _opposed_terms(language: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, others in opposites(language).items():
        term = _term(word, language)
        found.setdefault(term, set()).update(_term(other, language) for other in others)
    return {term: frozenset(others - {term}) for term, others in found.items()}


@lru_cache(maxsize=8192)
def _term(lower: str, language: str) -> str:
    words = words_of(lower, language)
    return words[0].term if words else lower


def _initials(word: Word, passage: ReadPassage) -> tuple[int, ...]:
    """Return where a passage spells an abbreviation out: "ENR" for "Engineering News-Record"."""
    letters = word.lower.upper()
    if not 2 <= len(letters) <= 6 or not letters.isalpha():
        return ()
    start = passage.initials.find(letters)
    return (start,) if start >= 0 else ()


def are_equal(one: str, other: str) -> bool:
    """Tell whether numbers are the same, or versions of which one says less: 2.10 and 2.10.18."""
    if one == other:
        return True
    return other.count(".") >= 2 and other.startswith(f"{one}.") and "." in one
