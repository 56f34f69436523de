"""A reranker without a model: the more of a question's words a text has, the higher its score."""

import asyncio
import re
from collections.abc import Sequence
from typing import Final

from answerdesk.providers.reranker import LONGEST_TEXT, MOST_TEXTS, RerankerUnavailable

_WORD: Final = re.compile(r"\w+")


class FakeReranker:
    """Deterministic stand-in for tests; each call sleeps `latency` seconds.

    `asked` has the calls. While `is_away`, it is unavailable.
    """

    def __init__(self, *, latency: float = 0.0) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.is_away = False
        self._latency = latency
        self._closed = False

    async def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score for each text, in their order."""
        if self._closed:
            raise RerankerUnavailable("The server is shutting down.", code="shutting_down")
        if len(texts) > MOST_TEXTS:
            raise ValueError(f"at most {MOST_TEXTS} texts")
        self.asked.append((question, tuple(texts)))
        await asyncio.sleep(self._latency)
        if self.is_away:
            raise RerankerUnavailable("The reranker is away")
        words = _words(question)
        return [len(words & _words(one[:LONGEST_TEXT])) / (len(words) or 1) for one in texts]

    async def close(self) -> None:
        """Refuse further calls; idempotent."""
        self._closed = True


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
