"""An embedder without a model: texts that share words get similar vectors."""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import shake_128
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.errors import Unavailable
from answerdesk.providers.embedder import (
    MOST_TOKENS,
    EmbeddedPassage,
    EmbeddedQuestion,
    Passage,
    QuestionTokens,
    TokenVectors,
    as_bytes,
)
from answerdesk.providers.token_weights import FUNCTION, token_weights

Vectors = NDArray[np.float32]

_WORD: Final = re.compile(r"\w+")
_ENDINGS: Final = ("ing", "ers", "er", "ed", "es", "en", "ly", "s", "e")
_SHORTEST_STEM: Final = 3

TOKEN_BASIS: Final = 2
TOKEN_DIMENSIONS: Final = 64

_OWN: Final = np.float32(np.sqrt(0.6))
_SHARED: Final = np.full(TOKEN_DIMENSIONS, np.sqrt(0.4 / TOKEN_DIMENSIONS), np.float32)
"""Tokens of different words have a cosine of about 0.4, as a model's have."""


class FakeEmbedder:
    """Deterministic stand-in for tests and trials: a hashed bag of word stems.

    Counts what it embeds, so that a test can show that nothing was embedded again; each call sleeps
    `latency` seconds. A text without words gets the vector of the empty text. Each word is a token;
    those of one stem have the same vector, and others are as near as a model's.
    """

    def __init__(self, *, space: str = "fake", dimensions: int = 384, latency: float = 0.0) -> None:
        self.space = space
        self.dimensions = dimensions
        self.embedded_questions = 0
        self.embedded_passages = 0
        self._latency = latency
        self._closed = False

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        """Return the vectors of each question, in order."""
        await self._work()
        self.embedded_questions += len(texts)
        return [EmbeddedQuestion(self._embed(text), _question_tokens(text)) for text in texts]

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        """Return the vectors of each passage, in order."""
        await self._work()
        self.embedded_passages += len(passages)
        return [self._embed_passage(passage) for passage in passages]

    async def close(self) -> None:
        """Refuse further calls; idempotent."""
        self._closed = True

    async def _work(self) -> None:
        if self._closed:
            raise Unavailable("The server is shutting down.", code="shutting_down")
        await asyncio.sleep(self._latency)

    def _embed_passage(self, passage: Passage) -> EmbeddedPassage:
        vector = self._embed(passage.text)
        sentences = np.empty((len(passage.sentences), self.dimensions), np.float32)
        for row, span in zip(sentences, passage.sentences, strict=True):
            text = span.of(passage.text)
            row[:] = self._embed(text) if _WORD.search(text) else vector
        tokens = as_bytes(_token_rows(_stems(passage.text)[:MOST_TOKENS]))
        return EmbeddedPassage(vector, sentences, TokenVectors(TOKEN_BASIS, tokens))

    def _embed(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, np.float32)
        for stem in _stems(text):
            # The same in every process, unlike Python's own hash.
            slot = crc32(stem.encode("utf-8", "replace"))
            vector[slot % self.dimensions] += 1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0] = length = 1.0
        scaled: Vectors = vector / np.float32(length)
        return scaled


def _question_tokens(text: str) -> QuestionTokens:
    """Return the tokens behind one that begins every question, as models have it."""
    words = list(_WORD.finditer(text))[:MOST_TOKENS]
    rows = _token_rows(["", *((_stems(one.group()) or [""])[0] for one in words)])
    weights = token_weights(text, [one.span() for one in words])
    first = np.full(1, FUNCTION, np.float32)
    return QuestionTokens(TOKEN_BASIS, rows, np.concatenate([first, weights]))


def _token_rows(stems: Sequence[str]) -> Vectors:
    if not stems:
        return np.zeros((1, TOKEN_DIMENSIONS), np.float32)
    return np.stack([_token(stem) for stem in stems])


@lru_cache(maxsize=10_000)
def _token(stem: str) -> Vectors:
    digest = shake_128(stem.encode("utf-8", "replace")).digest(TOKEN_DIMENSIONS)
    own = np.frombuffer(digest, np.uint8).astype(np.float32) - np.float32(127.5)
    row = _OWN * own / np.linalg.norm(own) + _SHARED
    scaled: Vectors = row / np.linalg.norm(row)
    return scaled


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower())]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
