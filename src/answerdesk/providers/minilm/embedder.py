"""The embedder that needs nothing but this process."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from answerdesk.providers.embedder import (
    EmbeddedPassage,
    EmbeddedQuestion,
    Passage,
    QuestionTokens,
)
from answerdesk.providers.minilm.architecture import HIDDEN
from answerdesk.providers.minilm.encoder import PassageEncoder, QuestionEncoder, packs
from answerdesk.providers.minilm.processor import multiplies_int8, physical_cores
from answerdesk.providers.minilm.tokens import TOKEN_BASIS, projected
from answerdesk.providers.minilm.weights import locate, read_weights
from answerdesk.providers.minilm.windows import Pool, TokenisedPassage, WindowTokenizer, unit
from answerdesk.providers.model_worker import ModelWorker


class Recent:
    """A thread-safe cache of questions' vectors that drops the least recently used entry.

    It has at most `size` entries, and their vectors take at most `most_bytes`.
    """

    def __init__(self, size: int, most_bytes: int) -> None:
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


def _copy(question: EmbeddedQuestion) -> EmbeddedQuestion:
    """Return the question for a caller, who may change it."""
    tokens = question.tokens
    return EmbeddedQuestion(
        question.vector.copy(),
        tokens and QuestionTokens(tokens.basis, tokens.rows.copy(), tokens.weights.copy()),
    )


Window = tuple[int, tuple[int, int]]
"""A window of one of several passages: the passage's index, and the range of its tokens."""

TOKENISED_AT_ONCE: Final = 16
"""Passages: reading out this many passages' tokens holds the interpreter for about 5 ms."""

REMEMBERED_QUESTIONS: Final = 1024
REMEMBERED_CHARACTERS: Final = 1000
"""Longer questions are rarely repeated, and the cache needs a limit."""
REMEMBERED_BYTES: Final = 8 << 20
"""Of 1,024 questions of 13 tokens, half of it."""


@dataclass(frozen=True, slots=True)
class _Model:
    tokenizer: WindowTokenizer
    passages: PassageEncoder
    questions: QuestionEncoder | None
    """None if int8 is not exact: questions are then read like passages."""

    def embed_question(self, text: str) -> EmbeddedQuestion:
        question = self.tokenizer.question(text)
        if self.questions is None:
            (vectors,) = self.passages.encode([question.ids])
        else:
            vectors = self.questions.encode(question.ids)
        tokens = QuestionTokens(TOKEN_BASIS, projected(vectors), question.weights)
        return EmbeddedQuestion(unit(vectors.sum(axis=0)), tokens)


class MiniLmEmbedder:
    """all-MiniLM-L6-v2: 384 dimensions, English first, windows of 256 tokens.

    One thread runs the model, and `threads` cores work in it (default: all physical cores).
    Passages are read in float32, because their vectors are kept. Questions are read one at a time,
    before passages, and in int8, which takes less than half the time, unless the processor doesn't
    support it (`int8`, detected by default). The model loads in the background: calls wait for it,
    and `ready` reports when it is loaded or what is wrong with it. Raises `ModelMissing`
    immediately if the model is not installed. Any event loop may call it.
    """

    space: str = "minilm-l6-v2"
    dimensions: int = HIDDEN

    def __init__(
        self, *, threads: int | None = None, folder: Path | None = None, int8: bool | None = None
    ) -> None:
        self._files = locate(folder)
        self._threads = threads or physical_cores()
        self._int8 = multiplies_int8() if int8 is None else int8
        self._model: _Model | None = None
        self._recent = Recent(REMEMBERED_QUESTIONS, REMEMBERED_BYTES)
        self._worker = ModelWorker("minilm")
        self._worker.run(self._load)

    async def ready(self) -> None:
        """Return once the model is loaded; raise `ModelMissing` if its files are damaged."""
        await self._loaded()

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        """Return the vectors of each question, in order; at most 256 tokens are read."""
        known = [self._recent.get(text) for text in texts]
        asked = [self._asked(text) for text, one in zip(texts, known, strict=True) if one is None]
        new = iter(await asyncio.gather(*asked))
        return [_copy(next(new) if one is None else one) for one in known]

    def _asked(self, text: str) -> asyncio.Future[EmbeddedQuestion]:
        return asyncio.wrap_future(self._worker.hurry(partial(self._answer_question, text)))

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        """Return the vectors of each passage, in order; texts of any length are read completely.

        Each pass is queued after the previous one, so that several callers take turns and a
        cancelled call leaves nothing behind.
        """
        model = await self._loaded()
        results: list[EmbeddedPassage] = []
        for first in range(0, len(passages), TOKENISED_AT_ONCE):
            few = passages[first : first + TOKENISED_AT_ONCE]
            tokenised = await asyncio.to_thread(_tokenise, model.tokenizer, few)
            pools = [Pool(passage) for passage in tokenised]
            for batch in _batches(tokenised):
                job = partial(_embed, model.passages, batch, tokenised, pools)
                await asyncio.wrap_future(self._worker.run(job))
            results += [pool.result() for pool in pools]
        return results

    async def close(self) -> None:
        """Finish the running job, fail the waiting ones, free the model; idempotent.

        Waiting jobs fail with `WorkerClosed`.
        """
        await asyncio.to_thread(self._worker.close)
        self._model = None

    async def _loaded(self) -> _Model:
        if self._model is None:
            return await asyncio.wrap_future(self._worker.run(self._load))
        return self._model

    def _load(self) -> _Model:
        """Return the model, loaded once; runs only in the worker's thread."""
        if self._model is None:
            tokenizer = WindowTokenizer(self._files.tokenizer)
            weights = read_weights(self._files.weights)
            self._model = _Model(
                tokenizer,
                PassageEncoder(weights, threads=self._threads),
                QuestionEncoder(weights, threads=self._threads) if self._int8 else None,
            )
        return self._model

    def _answer_question(self, text: str) -> EmbeddedQuestion:
        question = self._load().embed_question(text)
        if len(text) <= REMEMBERED_CHARACTERS:
            self._recent.put(text, question)
        return question


def _tokenise(tokenizer: WindowTokenizer, passages: Sequence[Passage]) -> list[TokenisedPassage]:
    return [tokenizer.passage(passage) for passage in passages]


def _batches(passages: Sequence[TokenisedPassage]) -> Iterator[list[Window]]:
    """Group the passages' windows, in order, into batches for the model."""
    windows = [
        (index, window) for index, passage in enumerate(passages) for window in passage.windows
    ]
    # Plus [CLS] and [SEP] around each window.
    for together in packs([end - first + 2 for _, (first, end) in windows]):
        yield windows[together]


def _embed(
    encoder: PassageEncoder,
    batch: Sequence[Window],
    passages: Sequence[TokenisedPassage],
    pools: Sequence[Pool],
) -> None:
    outputs = encoder.encode([passages[index].window_ids(window) for index, window in batch])
    for (index, window), tokens in zip(batch, outputs, strict=True):
        pools[index].add(window, tokens)
