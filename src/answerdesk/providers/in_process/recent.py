"""Remembers the vectors of recent questions: visitors often ask the same."""

import threading
from collections import OrderedDict
from typing import Final

from answerdesk.providers.embedder import EmbeddedQuestion, QuestionTokens

REMEMBERED_QUESTIONS: Final = 1024
REMEMBERED_CHARACTERS: Final = 1000
"""Longer questions are rarely repeated, and the cache needs a limit."""
REMEMBERED_BYTES: Final = 8 << 20
"""Of 1,024 questions of 13 tokens, half of it."""


class Recent:
    """A thread-safe cache of questions' vectors that drops the least recently used entry.

    It has at most `size` entries, and their vectors take at most `most_bytes`.
    """

    def __init__(
        self, size: int = REMEMBERED_QUESTIONS, most_bytes: int = REMEMBERED_BYTES
    ) -> None:
        self._size = size
        self._most_bytes = most_bytes
        self._bytes = 0
        self._questions: OrderedDict[str, EmbeddedQuestion] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> EmbeddedQuestion | None:
        with self._lock:
            question = self._questions.get(text)
            if question is not None:
                self._questions.move_to_end(text)
            return question

    def put(self, text: str, question: EmbeddedQuestion) -> None:
        """Remember a question's vectors; drop the least recently used ones if the cache is full."""
        with self._lock:
            before = self._questions.pop(text, None)
            if before is not None:
                self._bytes -= _size_of(before)
            self._questions[text] = question
            self._bytes += _size_of(question)
            while len(self._questions) > self._size or self._bytes > self._most_bytes:
                _, oldest = self._questions.popitem(last=False)
                self._bytes -= _size_of(oldest)


def _size_of(question: EmbeddedQuestion) -> int:
    tokens = question.tokens
    return question.vector.nbytes + (tokens.rows.nbytes + tokens.weights.nbytes if tokens else 0)


def copy(question: EmbeddedQuestion) -> EmbeddedQuestion:
    """Return the question for a caller, who may change it."""
    tokens = question.tokens
    return EmbeddedQuestion(
        question.vector.copy(),
        tokens and QuestionTokens(tokens.basis, tokens.rows.copy(), tokens.weights.copy()),
    )
