"""The embedder that needs nothing but this process."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.embedder import EmbeddedPassage, Passage
from answerdesk.providers.minilm.architecture import HIDDEN
from answerdesk.providers.minilm.encoder import PassageEncoder, QuestionEncoder, packs
from answerdesk.providers.minilm.processor import multiplies_int8, physical_cores
from answerdesk.providers.minilm.weights import locate, read_weights
from answerdesk.providers.minilm.windows import Pool, TokenisedPassage, WindowTokenizer, unit
from answerdesk.providers.model_worker import ModelWorker


class Recent:
    """A thread-safe cache from text to vector that drops the least recently used entry."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> NDArray[np.float32] | None:
        with self._lock:
            row = self._rows.get(text)
            if row is not None:
                self._rows.move_to_end(text)
            return row

    def put(self, text: str, row: NDArray[np.float32]) -> None:
        """Remember a vector; drop the least recently used one if the cache is full."""
        with self._lock:
            self._rows[text] = row
            self._rows.move_to_end(text)
            if len(self._rows) > self._size:
                self._rows.popitem(last=False)


Vectors = NDArray[np.float32]
Window = tuple[int, tuple[int, int]]
"""A window of one of several passages: the passage's index, and the range of its tokens."""

TOKENISED_AT_ONCE: Final = 16
"""Passages: reading out this many passages' tokens holds the interpreter for about 5 ms."""

REMEMBERED_QUESTIONS: Final = 1024
REMEMBERED_CHARACTERS: Final = 1000
"""Longer questions are rarely repeated, and the cache needs a limit."""


@dataclass(frozen=True, slots=True)
class _Model:
    tokenizer: WindowTokenizer
    passages: PassageEncoder
    questions: QuestionEncoder | None
    """None if int8 is not exact: questions are then read like passages."""

    def read_question(self, text: str) -> Vectors:
        window = self.tokenizer.question(text)
        if self.questions is None:
            (vectors,) = self.passages.encode([window])
            return vectors
        return self.questions.encode(window)


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
        self._recent = Recent(REMEMBERED_QUESTIONS)
        self._worker = ModelWorker("minilm")
        self._worker.run(self._load)

    async def ready(self) -> None:
        """Return once the model is loaded; raise `ModelMissing` if its files are damaged."""
        await self._loaded()

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per text, shape (len(texts), 384); at most 256 tokens are read."""
        rows = np.empty((len(texts), HIDDEN), np.float32)
        waiting: list[tuple[int, asyncio.Future[Vectors]]] = []
        for index, text in enumerate(texts):
            known = self._recent.get(text)
            if known is None:
                waiting.append((index, self._asked(text)))
            else:
                rows[index] = known
        for (index, _), row in zip(
            waiting, await asyncio.gather(*(future for _, future in waiting)), strict=True
        ):
            rows[index] = row
        return rows

    def _asked(self, text: str) -> asyncio.Future[Vectors]:
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

    def _answer_question(self, text: str) -> Vectors:
        row = unit(self._load().read_question(text).sum(axis=0))
        if len(text) <= REMEMBERED_CHARACTERS:
            self._recent.put(text, row)
        return row


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
