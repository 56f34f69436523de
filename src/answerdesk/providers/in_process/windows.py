"""Splits a text of any length into windows that a model can read, and pools their outputs.

A text that fits is one window, as in the reference models. A longer text is cut between sentences
(inside a sentence only if the sentence alone doesn't fit) into windows of similar length. Each
token is read once, so no text is lost and a mean over all windows' tokens is a mean over the text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.embedder import (
    MOST_TOKENS,
    EmbeddedPassage,
    TokenVectors,
    as_bytes,
)

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

QUESTION_CHARACTERS: Final = 16_384
"""Only the first window of a question is read, and it ends long before this many characters."""

PIECE_CHARACTERS: Final = 8_192

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """Return the text without lone surrogates, which UTF-8 doesn't have; every offset stays."""
    return _SURROGATE.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class TokenisedPassage:
    """A passage's token ids, and its sentences and windows as ranges of them.

    `lead` and `trail` are what the model reads before and after each window.
    """

    ids: Ids
    sentences: tuple[tuple[int, int], ...]
    windows: tuple[tuple[int, int], ...]
    lead: tuple[int, ...]
    trail: tuple[int, ...]

    def window_ids(self, window: tuple[int, int]) -> Ids:
        """Return one window's tokens as the model reads them."""
        return np.concatenate([self.lead, self.ids[slice(*window)], self.trail]).astype(np.int64)

    def length(self, window: tuple[int, int]) -> int:
        """Return the number of tokens that the model reads for a window."""
        return len(self.lead) + window[1] - window[0] + len(self.trail)


@dataclass(frozen=True, slots=True)
class TokenisedQuestion:
    """A question's token ids as the model reads them, and what each token asks for."""

    ids: Ids
    weights: Vectors


def pieces(text: str) -> list[tuple[int, int]]:
    """Cut a text into ranges to tokenise one after the other, at spaces if possible.

    No token crosses a space, so the tokens are those of the whole text. A tokenizer holds the
    interpreter while it works: two seconds for a megabyte in one call.
    """
    stretches: list[tuple[int, int]] = []
    first = 0
    while len(text) - first > PIECE_CHARACTERS:
        end = text.rfind(" ", first + 1, first + PIECE_CHARACTERS)
        end = end if end > 0 else first + PIECE_CHARACTERS
        stretches.append((first, end))
        first = end
    return [*stretches, (first, len(text))]


def cut(starts: Sequence[int], total: int, most: int) -> list[tuple[int, int]]:
    """Cut `total` tokens into ranges of at most `most`, at `starts` of sentences if possible.

    The ranges follow each other without gaps; an empty text is one empty range.
    """
    if total <= most:
        return [(0, total)]
    aim = total / ceil(total / most)
    windows: list[tuple[int, int]] = []
    first = 0
    for start, end in pairwise(sorted({0, *(s for s in starts if 0 < s < total), total})):
        if start > first and (end - first > most or start - first >= aim):
            windows.append((first, start))
            first = start
        while end - first > most:
            windows.append((first, first + most))
            first += most
    windows.append((first, total))
    return windows


@dataclass(frozen=True, slots=True)
class Shortening:
    """How a model's token vectors are shortened; `project` returns unit rows of `dimensions`."""

    basis: int
    dimensions: int
    project: Callable[[Vectors], Vectors]


class Pool:
    """Averages a passage's token vectors, and keeps the first ones, window by window."""

    def __init__(
        self,
        passage: TokenisedPassage,
        hidden: int,
        *,
        shortening: Shortening | None = None,
        centre: Vectors | None = None,
    ) -> None:
        """Begin without any window; without a `shortening`, no token's vector is kept.

        `centre`, of shape (hidden,), is subtracted from unit vectors.
        """
        self._centre = centre
        self._lead = len(passage.lead)
        self._starts, self._stops = np.array(passage.sentences, np.int64).reshape(-1, 2).T
        self._whole = np.zeros(hidden, np.float32)
        self._sentences = np.zeros((len(passage.sentences), hidden), np.float32)
        self._shortening = shortening
        rows = min(max(len(passage.ids), 1), MOST_TOKENS)
        self._tokens = np.zeros((rows, shortening.dimensions if shortening else 0), np.int8)

    def add(self, window: tuple[int, int], tokens: Vectors) -> None:
        """Add the output of one window with lead and trail, shape (tokens, hidden)."""
        first, end = window
        self._whole += tokens.sum(axis=0)
        # In `tokens`, the window's first text token follows the lead.
        starts = np.maximum(self._starts, first) - first + self._lead
        stops = np.minimum(self._stops, end) - first + self._lead
        for index in np.flatnonzero(starts < stops):
            self._sentences[index] += tokens[starts[index] : stops[index]].sum(axis=0)
        if self._shortening is not None and first < (stop := min(end, MOST_TOKENS)):
            own = tokens[self._lead : stop - first + self._lead]
            self._tokens[first:stop] = as_bytes(self._shortening.project(own))

    def result(self) -> EmbeddedPassage:
        """Return the vectors; a sentence without its own token gets the passage's."""
        self._sentences[~self._sentences.any(axis=1)] = self._whole
        tokens = None
        if self._shortening is not None:
            tokens = TokenVectors(self._shortening.basis, self._tokens)
        whole, sentences = unit(self._whole), unit(self._sentences)
        if self._centre is not None:
            whole, sentences = unit(whole - self._centre), unit(sentences - self._centre)
        return EmbeddedPassage(whole, sentences, tokens)


def unit(vectors: Vectors) -> Vectors:
    """Scale to unit length along the last axis; a mean and a sum have the same direction."""
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled
