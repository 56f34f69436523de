"""Copies among the candidates: the same passage on two pages counts as one source."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from answerdesk.answering.extractive.rerank import Ranked

_LOOKED_AT: Final = 20
_SHARED: Final = 0.9
_WORD: Final = re.compile(r"\w+")


class _Words(NamedTuple):
    every: frozenset[str]
    numbers: frozenset[str]


def without_copies(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return the candidates without copies of better ones, in the same order.

    Copies have the same text apart from case and white space, or share nine tenths of their words
    and all of their numbers: pages of one template that differ in a price are not copies.
    """
    kept: list[Ranked] = []
    seen: list[_Words] = []
    for one in ranked[:_LOOKED_AT]:
        words = _words(one.found.chunk.text)
        if any(_alike(words, other) for other in seen):
            continue
        kept.append(one)
        seen.append(words)
    return kept + list(ranked[_LOOKED_AT:])


@lru_cache(maxsize=4096)
def _words(text: str) -> _Words:
    every = frozenset(_WORD.findall(text.casefold()))
    return _Words(every, frozenset(word for word in every if any(map(str.isdigit, word))))


def _alike(one: _Words, other: _Words) -> bool:
    if one.numbers != other.numbers:
        return False
    fewer, more = sorted((len(one.every), len(other.every)))
    if fewer < _SHARED * more:
        return False  # Too different in size to share that much; a cheap test first.
    shared = len(one.every & other.every)
    return shared >= _SHARED * len(one.every | other.every)
