"""Turns a text of any length into windows the model can read, and their outputs into vectors.

A text that fits is one window, as in the reference model. A longer one is cut between sentences
(inside a sentence only where that alone does not fit) into windows of similar length. Each token is
read once, so nothing of the text is lost and a mean over its windows' tokens is a mean over all.
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

from answerdesk.providers.embedder import EmbeddedPassage, Passage
from answerdesk.providers.minilm.architecture import HIDDEN, WINDOW
from answerdesk.providers.minilm.weights import ModelMissing

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

CLS: Final = 101
SEP: Final = 102
CONTENT: Final = WINDOW - 2
"""Tokens of the text itself that a window holds."""

QUESTION_CHARACTERS: Final = 16_384
"""Of a question only the first window is read, which ends long before this many characters."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TokenisedPassage:
    """A passage's token ids, and as ranges of them its sentences and its windows."""

    ids: Ids
    sentences: tuple[tuple[int, int], ...]
    windows: tuple[tuple[int, int], ...]

    def window_ids(self, window: tuple[int, int]) -> Ids:
        """Return what the model reads for one window."""
        return np.concatenate([[CLS], self.ids[slice(*window)], [SEP]])


class WindowTokenizer:
    """The model's own tokenizer, safe for any string."""

    def __init__(self, path: Path) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # The library raises nothing more precise.
            raise ModelMissing(
                f"{path} is not the tokenizer of all-MiniLM-L6-v2 ({error}). "
                "Install the model again."
            ) from error
        # The file asks for 128 tokens, cut and filled up; both are decided here instead.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def question(self, text: str) -> Ids:
        """Return the token ids of a question, [CLS] and [SEP] included, cut to one window."""
        encoding = self._encode(text[:QUESTION_CHARACTERS])
        return np.concatenate([[CLS], np.array(encoding.ids[:CONTENT], np.int64), [SEP]])

    def passage(self, passage: Passage) -> TokenisedPassage:
        """Return the passage's tokens; a token belongs to the sentence in which it starts."""
        encoding = self._encode(passage.text)
        starts = np.array([start for start, _ in encoding.offsets], np.int64)
        bounds = np.array(passage.sentences, np.int64).reshape(-1, 2)
        ranges = np.searchsorted(starts, bounds).tolist()
        sentences = tuple((first, end) for first, end in ranges)
        return TokenisedPassage(
            ids=np.array(encoding.ids, np.int64),
            sentences=sentences,
            windows=tuple(cut([first for first, _ in sentences], len(starts))),
        )

    def _encode(self, text: str) -> Encoding:
        # A lone surrogate cannot be encoded as UTF-8; the replacement keeps every offset.
        return self._tokenizer.encode(_SURROGATE.sub("\ufffd", text), add_special_tokens=False)


def cut(starts: Sequence[int], total: int) -> list[tuple[int, int]]:
    """Cut `total` tokens into ranges of at most `CONTENT`, at `starts` of sentences if possible.

    The ranges follow each other without a gap; an empty text is one empty range.
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
    """Collects the token vectors of a passage, window by window, into its means."""

    def __init__(self, passage: TokenisedPassage) -> None:
        self._passage = passage
        self._whole = np.zeros(HIDDEN, np.float32)
        self._sentences = np.zeros((len(passage.sentences), HIDDEN), np.float32)

    def add(self, window: tuple[int, int], tokens: Vectors) -> None:
        """Add the output of one window, [CLS] and [SEP] included, shape (tokens, hidden)."""
        first, end = window
        self._whole += tokens.sum(axis=0)
        for row, (start, stop) in zip(self._sentences, self._passage.sentences, strict=True):
            if start < end and stop > first:
                # In `tokens` the window's first token of the text comes after [CLS].
                shared = slice(max(start, first) - first + 1, min(stop, end) - first + 1)
                np.add(row, tokens[shared].sum(axis=0), out=row)

    def result(self) -> EmbeddedPassage:
        """Return the vectors; a sentence without a token of its own gets the passage's."""
        vector = unit(self._whole)
        sentences = self._sentences
        for row, (start, stop) in zip(sentences, self._passage.sentences, strict=True):
            if start >= stop:
                row[:] = vector
        return EmbeddedPassage(vector, unit(sentences))


def unit(vectors: Vectors) -> Vectors:
    """Scale to unit length along the last axis; a mean and a sum have the same direction."""
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled
