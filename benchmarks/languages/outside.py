"""The `bm25s` package over the same passages, with several ideas of what a word is."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import bm25s
import numpy as np

from benchmarks.data import PassageSet
from benchmarks.quality.rankers import Ranking, order

Tokens = Callable[[str], list[str]]

_OWN: Final = re.compile(r"\b\w\w+\b")
"""The pattern that `bm25s` takes words by if it is told nothing."""

_SPACELESS: Final = "\u0e00-\u0e7f\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_RUN: Final = re.compile(rf"[{_SPACELESS}]+|[^\s{_SPACELESS}]+")
_WORD: Final = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff])+")


def rankers(passages: PassageSet) -> Mapping[str, Callable[[str], Ranking]]:
    """Return what orders passages for a question; title and text are read."""
    return {
        "bm25s, its own words": _ranker(passages, lambda text: _OWN.findall(text.lower())),
        "bm25s, words or characters": _ranker(passages, lambda text: _grams(text, 1)),
        "bm25s, words or pairs": _ranker(passages, lambda text: _grams(text, 2)),
    }


def _ranker(passages: PassageSet, tokens: Tokens) -> Callable[[str], Ranking]:
    documents = [one.id for one in passages.paragraphs]
    engine = bm25s.BM25()  # type: ignore[no-untyped-call]
    texts = [tokens(f"{one.title}\n{one.text}") for one in passages.paragraphs]
    engine.index(texts, show_progress=False)

    def rank(question: str) -> Ranking:
        asked = tokens(question)
        scores = engine.get_scores(asked) if asked else np.zeros(len(documents))
        return order(documents, np.asarray(scores, dtype=float))

    return rank


def _grams(text: str, size: int) -> list[str]:
    """Return words, and of scripts without spaces so many characters at a time."""
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if not re.match(rf"[{_SPACELESS}]", run):
            found += _WORD.findall(run)
        else:
            found += [run[i : i + size] for i in range(max(1, len(run) - size + 1))]
    return found
