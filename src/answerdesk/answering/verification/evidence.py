"""What is read once of an answer's passages, for all its sentences."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, TypeVar

from answerdesk.answering.extractive.likeness import Vocabulary
from answerdesk.answering.verification.lists.synonyms import groups
from answerdesk.answering.verification.reading import ReadText, read
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.sentences import sentences

_Key = TypeVar("_Key", str, int)

MOST_PASSAGES: Final = 8
LONGEST_PASSAGE: Final = 4_000
_MOST_OCCURRENCES: Final = 24
"""Maximum places of one word in a passage that are looked at."""

_CAPITALS: Final = re.compile(r"(?<!\w)[A-Z]{2,6}(?!\w)")


@dataclass(frozen=True)
class ReadPassage:
    """A passage, taken apart.

    `places` are where each term is, `lowered` where each word is as it is written; `segments` are
    the sentence of each word, `bounds` the first and behind the last word of each sentence.
    """

    language: str
    reading: ReadText
    places: dict[str, tuple[int, ...]]
    lowered: dict[str, tuple[int, ...]]
    segments: tuple[int, ...]
    bounds: tuple[tuple[int, int], ...]

    @cached_property
    def grouped(self) -> dict[int, tuple[int, ...]]:
        """Where a word of each group of synonyms is."""
        known = groups(self.language)
        found: dict[int, list[int]] = {}
        for place, word in enumerate(self.reading.words):
            for group in known.get(word.term, ()):
                _put(found, group, place)
        return {group: tuple(places) for group, places in found.items()}

    @cached_property
    def initials(self) -> str:
        """The first letters of its capitalised words, for abbreviations."""
        words = self.reading.words
        return "".join(word.lower[0].upper() if word.capital else " " for word in words)

    @cached_property
    def names(self) -> tuple[int, ...]:
        """The places of words with a capital or a digit that do not only begin a sentence."""
        begins = {start for start, _ in self.bounds}
        return tuple(
            place
            for place, word in enumerate(self.reading.words)
            if word.capital and not word.stop and place not in begins
        )


class Evidence:
    """An answer's passages, read once for all its sentences: when the first one needs them.

    That is while a model writes, so the answer needn't wait for it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._alike: dict[str, dict[str, float]] = {}

    @classmethod
    def of(cls, passages: Sequence[str]) -> "Evidence":
        """Take passages: the first eight, of each the first 4,000 characters."""
        return cls([text[:LONGEST_PASSAGE] for text in passages[:MOST_PASSAGES]])

    @cached_property
    def passages(self) -> Sequence[ReadPassage]:
        """The passages, read."""
        languages = [_language(text) for text in self._texts]
        known = Counter(one for one in languages if one != UNKNOWN)
        usual = known.most_common(1)[0][0] if known else "en"
        return tuple(
            _read(text, usual if language == UNKNOWN else language)
            for text, language in zip(self._texts, languages, strict=True)
        )

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of the passages."""
        return frozenset(one.language for one in self.passages)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(term for one in self.passages for term in one.places)

    def alike(self, term: str) -> dict[str, float]:
        """Return the passages' terms that are similar to one, with their likeness."""
        known = self._alike.get(term)
        if known is None:
            known = self._alike[term] = self._vocabulary.alike(term)
        return known


@lru_cache(maxsize=2048)
def _language(text: str) -> str:
    return detect_language(text)


# The same few passages answer most questions. Reading one takes milliseconds, keeping it 60 kB.
@lru_cache(maxsize=512)
def _read(text: str, language: str) -> ReadPassage:
    reading = read(text, language)
    places: dict[str, list[int]] = {}
    lowered: dict[str, list[int]] = {}
    for place, word in enumerate(reading.words):
        _put(lowered, word.lower, place)
        if not word.stop:
            _put(places, word.term, place)
    bounds = tuple(_bounds(text, reading, language))
    segments: list[int] = []
    for number, (start, end) in enumerate(bounds):
        segments += [number] * (end - start)
    return ReadPassage(
        language,
        reading,
        {term: tuple(found) for term, found in places.items()},
        {word: tuple(found) for word, found in lowered.items()},
        tuple(segments),
        bounds,
    )


def _put(found: dict[_Key, list[int]], key: _Key, place: int) -> None:
    known = found.setdefault(key, [])
    if len(known) < _MOST_OCCURRENCES:
        known.append(place)


def _bounds(text: str, reading: ReadText, language: str) -> Iterator[tuple[int, int]]:
    """Yield the words of each sentence, so that every word is in one."""
    words = reading.words
    start = 0
    for span in sentences(text, language):
        end = start
        while end < len(words) and words[end].start < span.end:
            end += 1
        if end > start:
            yield start, end
        start = end
    if start < len(words):
        yield start, len(words)
