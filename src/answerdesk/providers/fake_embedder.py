"""An embedder without a model: texts that share words get similar vectors."""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.errors import Unavailable
from answerdesk.providers.embedder import EmbeddedPassage, Passage

Vectors = NDArray[np.float32]

_WORD: Final = re.compile(r"\w+")
_ENDINGS: Final = ("ing", "ers", "er", "ed", "es", "en", "ly", "s", "e")
_SHORTEST_STEM: Final = 3


class FakeEmbedder:
    """Deterministic stand-in for tests and trials: a hashed bag of word stems.

    Counts what it embeds, so that a test can show that nothing was embedded again; each call sleeps
    `latency` seconds. A text without words gets the vector of the empty text.
    """

    def __init__(self, *, space: str = "fake", dimensions: int = 384, latency: float = 0.0) -> None:
        self.space = space
        self.dimensions = dimensions
        self.embedded_questions = 0
        self.embedded_passages = 0
        self._latency = latency
        self._closed = False

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per text, shape (len(texts), dimensions)."""
        await self._work()
        self.embedded_questions += len(texts)
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = self._embed(text)
        return rows

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
        return EmbeddedPassage(vector, sentences)

    def _embed(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, np.float32)
        for stem in map(_stem, _WORD.findall(unicodedata.normalize("NFKC", text).lower())):
            # The same in every process, unlike Python's own hash.
            slot = crc32(stem.encode("utf-8", "replace"))
            vector[slot % self.dimensions] += 1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0] = length = 1.0
        scaled: Vectors = vector / np.float32(length)
        return scaled


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
