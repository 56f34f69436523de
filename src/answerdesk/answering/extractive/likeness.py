"""Similar words: typing errors, parts of compounds, endings that no stemmer removes."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_LEAST_LENGTH: Final = 4
_MOST_LENGTH: Final = 64
"""Longer than any word; longer strings are data, and have too many parts to search."""
_MOST_COMPARED: Final = 200
"""Maximum terms to compare with one that share its beginning or a part."""

LEAST_LIKENESS: Final = 0.5
_COMPOUND: Final = 0.8
_COMPOUND_LENGTH: Final = 5


class Vocabulary:
    """The terms of some passages, in which to find similar terms."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(term for term in terms if len(term) <= _MOST_LENGTH)
        self._joined = "\n" + "\n".join(self._terms) + "\n"

    def alike(self, term: str) -> dict[str, float]:
        """Return the terms similar to `term`, with their likeness (0.5 to 1)."""
        if not _LEAST_LENGTH <= len(term) <= _MOST_LENGTH or not term.isalpha():
            return {}
        others = self._near(term)
        if len(others) > _MOST_COMPARED:
            others = set(sorted(others)[:_MOST_COMPARED])
        near = {other: _likeness(term, other) for other in others}
        return {other: likeness for other, likeness in near.items() if likeness >= LEAST_LIKENESS}

    def _near(self, term: str) -> set[str]:
        found = set(self._containing("\n" + term[:2]))
        if len(term) >= _COMPOUND_LENGTH:
            found.update(self._containing(term))
            found.update(part for part in _parts(term) if part in self._terms)
        return found

    def _containing(self, piece: str) -> Iterable[str]:
        place = self._joined.find(piece)
        while place >= 0:
            start = self._joined.rfind("\n", 0, place + 1) + 1
            end = self._joined.index("\n", place + 1)
            yield self._joined[start:end]
            place = self._joined.find(piece, end)


def _parts(term: str) -> Iterable[str]:
    length = len(term)
    return (
        term[start:end]
        for start in range(length - _COMPOUND_LENGTH + 1)
        for end in range(start + _COMPOUND_LENGTH, length + 1)
    )


@lru_cache(maxsize=65_536)
def _likeness(one: str, other: str) -> float:
    if len(other) < _LEAST_LENGTH:
        return 0.0
    a, b = _trigrams(one), _trigrams(other)
    shared = 2 * len(a & b) / (len(a) + len(b))
    if min(len(one), len(other)) >= _COMPOUND_LENGTH and (one in other or other in one):
        return max(shared, _COMPOUND)
    common = 0
    for x, y in zip(one, other, strict=False):
        if x != y:
            break
        common += 1
    if common >= _COMPOUND_LENGTH:
        return max(shared, common / max(len(one), len(other)))
    return shared


@lru_cache(maxsize=2048)
def _trigrams(word: str) -> frozenset[str]:
    framed = f"^{word}$"
    return frozenset(framed[i : i + 3] for i in range(len(framed) - 2))
