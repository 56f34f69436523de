"""Tells how alike two pages are by a small sketch of each, without keeping their text."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

SKETCH_SIZE: Final = 128
"""Numbers in a sketch; the similarity is true to about ± 1 / sqrt(size) at worst."""

_SHINGLE: Final = 3
_FEW_WORDS: Final = 60
_WORD: Final = re.compile(r"\w+")
_MOST_WORDS: Final = 20_000

Sketch = tuple[int, ...]
"""The smallest hashes (64 bits) of a text's shingles, ascending; empty where there is no word."""


def sketch_of(text: str) -> Sketch:
    """Return the sketch of a text: of its words where it is short, else of each three in a row."""
    words = [match[0].lower() for match in _first(_WORD.finditer(text))]
    size = 1 if len(words) < _FEW_WORDS else _SHINGLE
    shingles = {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}
    return tuple(sorted(_hash(shingle) for shingle in shingles)[:SKETCH_SIZE])


def similarity(one: Sketch, other: Sketch) -> float:
    """Estimate which share of both texts' shingles is in both: 1 for equal texts, 0 for nothing.

    Two texts without a word are alike; one without is like no other.
    """
    if not one or not other:
        return float(one == other)
    smallest = sorted({*one, *other})[:SKETCH_SIZE]
    both = set(one).intersection(other)
    return sum(number in both for number in smallest) / len(smallest)


def _first(matches: Iterable[re.Match[str]]) -> Iterable[re.Match[str]]:
    return (match for match, _ in zip(matches, range(_MOST_WORDS), strict=False))


def _hash(shingle: str) -> int:
    # The same in every process, which Python's own hash is not.
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest(), "big")
