"""Splits a text of any length into windows that the model can read, and pools their outputs.

A text that fits is one window, as in the reference model. A longer text is cut between sentences
(inside a sentence only if the sentence alone doesn't fit) into windows of similar length. Each
token is read once, so no text is lost and a mean over all windows' tokens is a mean over the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from answerdesk.providers.embedder import (
    MOST_TOKENS,
    EmbeddedPassage,
    Passage,
    TokenVectors,
    as_bytes,
)
from answerdesk.providers.minilm.architecture import HIDDEN, WINDOW
from answerdesk.providers.minilm.tokens import TOKEN_BASIS, TOKEN_DIMENSIONS, projected
from answerdesk.providers.minilm.weights import ModelMissing
from answerdesk.providers.token_weights import FUNCTION, token_weights

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

CLS: Final = 101
SEP: Final = 102
CONTENT: Final = WINDOW - 2
"""Maximum tokens of the text itself in a window."""

QUESTION_CHARACTERS: Final = 16_384
"""Only the first window of a question is read, and it ends long before this many characters."""

PIECE_CHARACTERS: Final = 8_192

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TokenisedPassage:
    """A passage's token ids, and its sentences and windows as ranges of them."""

    ids: Ids
    sentences: tuple[tuple[int, int], ...]
    windows: tuple[tuple[int, int], ...]

    def window_ids(self, window: tuple[int, int]) -> Ids:
        """Return one window's tokens as the model reads them."""
        return np.concatenate([[CLS], self.ids[slice(*window)], [SEP]])


@dataclass(frozen=True, slots=True)
class TokenisedQuestion:
    """A question's token ids as the model reads them, and what each token asks for."""

    ids: Ids
    weights: Vectors


class WindowTokenizer:
    """The model's own tokenizer, safe for any string."""

    def __init__(self, path: Path) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # The library raises nothing more specific.
            raise ModelMissing(
                f"{path} is not the tokenizer of all-MiniLM-L6-v2 ({error}). "
                "Install the model again."
            ) from error
        # The file requests truncation and padding to 128 tokens; this module does both itself.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def question(self, text: str) -> TokenisedQuestion:
        """Return the tokens of a question, cut to one window."""
        read = text[:QUESTION_CHARACTERS]
        encoding = self._encode(read)
        ids = np.concatenate([[CLS], np.array(encoding.ids[:CONTENT], np.int64), [SEP]])
        weights = token_weights(read, encoding.offsets[:CONTENT])
        added = np.full(1, FUNCTION, np.float32)
        return TokenisedQuestion(ids, np.concatenate([added, weights, added]))

    def passage(self, passage: Passage) -> TokenisedPassage:
        """Return the passage's tokens; a token belongs to the sentence in which it starts."""
        ids, starts = [], []
        for first, end in pieces(passage.text):
            encoding = self._encode(passage.text[first:end])
            ids.append(np.array(encoding.ids, np.int64))
            starts.append(np.array([first + at for at, _ in encoding.offsets], np.int64))
        bounds = np.array(passage.sentences, np.int64).reshape(-1, 2)
        ranges = np.searchsorted(np.concatenate(starts), bounds).tolist()
        sentences = tuple((first, end) for first, end in ranges)
        total = sum(map(len, ids))
        return TokenisedPassage(
            ids=np.concatenate(ids),
            sentences=sentences,
            windows=tuple(cut([first for first, _ in sentences], total)),
        )

    def _encode(self, text: str) -> Encoding:
        # A lone surrogate cannot be encoded as UTF-8; the replacement keeps every offset.
        return self._tokenizer.encode(_SURROGATE.sub("\ufffd", text), add_special_tokens=False)


def pieces(text: str) -> list[tuple[int, int]]:
    """Cut a text into ranges to tokenise one after the other, at spaces if possible.

    No token crosses a space, so the tokens are those of the whole text. The tokenizer holds the
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


def cut(starts: Sequence[int], total: int) -> list[tuple[int, int]]:
    """Cut `total` tokens into ranges of at most `CONTENT`, at `starts` of sentences if possible.

    The ranges follow each other without gaps; an empty text is one empty range.
    """
    if total <= CONTENT:
        return [(0, total)]
    aim = total / ceil(total / CONTENT)
    windows: list[tuple[int, int]] = []
    first = 0
    for start, end in pairwise(sorted({0, *(s for s in starts if 0 < s < total), total})):
        if start > first and (end - first > CONTENT or start - first >= aim):
            windows.append((first, start))
            first = start
        while end - first > CONTENT:
            windows.append((first, first + CONTENT))
            first += CONTENT
    windows.append((first, total))
    return windows


class Pool:
    """Averages a passage's token vectors, and keeps the first ones, window by window."""

    def __init__(self, passage: TokenisedPassage) -> None:
        self._starts, self._stops = np.array(passage.sentences, np.int64).reshape(-1, 2).T
        self._whole = np.zeros(HIDDEN, np.float32)
        self._sentences = np.zeros((len(passage.sentences), HIDDEN), np.float32)
        rows = min(max(len(passage.ids), 1), MOST_TOKENS)
        self._tokens = np.zeros((rows, TOKEN_DIMENSIONS), np.int8)

    def add(self, window: tuple[int, int], tokens: Vectors) -> None:
        """Add the output of one window with [CLS] and [SEP], shape (tokens, hidden)."""
        first, end = window
        self._whole += tokens.sum(axis=0)
        # In `tokens`, the window's first text token follows [CLS].
        starts = np.maximum(self._starts, first) - first + 1
        stops = np.minimum(self._stops, end) - first + 1
        for index in np.flatnonzero(starts < stops):
            self._sentences[index] += tokens[starts[index] : stops[index]].sum(axis=0)
        if first < (stop := min(end, MOST_TOKENS)):
            self._tokens[first:stop] = as_bytes(projected(tokens[1 : stop - first + 1]))

    def result(self) -> EmbeddedPassage:
        """Return the vectors; a sentence without its own token gets the passage's."""
        self._sentences[self._starts >= self._stops] = self._whole
        tokens = TokenVectors(TOKEN_BASIS, self._tokens)
        return EmbeddedPassage(unit(self._whole), unit(self._sentences), tokens)


def unit(vectors: Vectors) -> Vectors:
    """Scale to unit length along the last axis; a mean and a sum have the same direction."""
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled
