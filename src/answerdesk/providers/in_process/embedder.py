"""An embedder that needs nothing but this process: a model, a thread, and what it remembers."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, Protocol

from answerdesk.core.errors import Unavailable
from answerdesk.kit.together import together
from answerdesk.providers.embedder import EmbeddedPassage, EmbeddedQuestion, Passage
from answerdesk.providers.in_process.recent import REMEMBERED_CHARACTERS, Recent, copy
from answerdesk.providers.in_process.session import packs
from answerdesk.providers.in_process.windows import Ids, Pool, TokenisedPassage, Vectors
from answerdesk.providers.model_worker import ModelWorker


class ModelMissing(Unavailable):
    """The model's files are missing, or belong to another model."""

    code = "embedding_model_missing"
    retriable = False


class Model(Protocol):
    """A loaded model. Only `tokenise` and `pool` may be called outside its thread."""

    def embed_question(self, text: str) -> EmbeddedQuestion:
        """Return the vectors of a question."""
        ...

    def tokenise(self, passage: Passage) -> TokenisedPassage:
        """Return a passage's tokens, cut into windows."""
        ...

    def pool(self, passage: TokenisedPassage) -> Pool:
        """Return what collects the outputs of a passage's windows."""
        ...

    def encode(self, windows: Sequence[Ids]) -> list[Vectors]:
        """Return the vectors of each window's tokens, shape (tokens, hidden), in order."""
        ...


Window = tuple[int, tuple[int, int]]
"""A window of one of several passages: the passage's index, and the range of its tokens."""

TOKENISED_AT_ONCE: Final = 16
"""Passages: reading out this many passages' tokens holds the interpreter for about 5 ms."""


class InProcessEmbedder:
    """Runs one model in one thread: questions one at a time, before passages.

    The model loads in the background: calls wait for it, and `ready` reports when it is loaded or
    what is wrong with it. Any event loop may call it.
    """

    space: str
    dimensions: int

    def __init__(self, name: str, load: Callable[[], Model]) -> None:
        """Begin to load the model; `load` raises ModelMissing if its files are damaged."""
        self._read_files = load
        self._model: Model | None = None
        self._recent = Recent()
        self._worker = ModelWorker(name)
        self._worker.run(self._load)

    async def ready(self) -> None:
        """Return once the model is loaded; raise `ModelMissing` if its files are damaged."""
        await self._loaded()

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        """Return the vectors of each question, in order; only its first window is read."""
        known = [self._recent.get(text) for text in texts]
        asked = [self._asked(text) for text, one in zip(texts, known, strict=True) if one is None]
        new = iter(await together(asked))
        return [copy(next(new) if one is None else one) for one in known]

    def _asked(self, text: str) -> asyncio.Future[EmbeddedQuestion]:
        return asyncio.wrap_future(self._worker.hurry(partial(self._answer_question, text)))

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        """Return the vectors of each passage, in order.

        Each pass is queued after the previous one, so that several callers take turns and a
        cancelled call leaves nothing behind.
        """
        model = await self._loaded()
        results: list[EmbeddedPassage] = []
        for first in range(0, len(passages), TOKENISED_AT_ONCE):
            few = passages[first : first + TOKENISED_AT_ONCE]
            tokenised = await asyncio.to_thread(_tokenise, model, few)
            pools = [model.pool(passage) for passage in tokenised]
            for batch in _batches(tokenised):
                job = partial(_embed, model, batch, tokenised, pools)
                await asyncio.wrap_future(self._worker.run(job))
            results += [pool.result() for pool in pools]
        return results

    async def close(self) -> None:
        """Finish the running job, fail the waiting ones, free the model; idempotent.

        Waiting jobs fail with `WorkerClosed`.
        """
        await asyncio.to_thread(self._worker.close)
        self._model = None

    async def _loaded(self) -> Model:
        if self._model is None:
            return await asyncio.wrap_future(self._worker.run(self._load))
        return self._model

    def _load(self) -> Model:
        """Return the model, loaded once; runs only in the worker's thread."""
        if self._model is None:
            self._model = self._read_files()
        return self._model

    def _answer_question(self, text: str) -> EmbeddedQuestion:
        question = self._load().embed_question(text)
        if len(text) <= REMEMBERED_CHARACTERS:
            self._recent.put(text, question)
        return question


def _tokenise(model: Model, passages: Sequence[Passage]) -> list[TokenisedPassage]:
    return [model.tokenise(passage) for passage in passages]


def _batches(passages: Sequence[TokenisedPassage]) -> Iterator[list[Window]]:
    """Group the passages' windows, in order, into batches for the model."""
    windows = [
        (index, window) for index, passage in enumerate(passages) for window in passage.windows
    ]
    for batch in packs([passages[index].length(window) for index, window in windows]):
        yield windows[batch]


def _embed(
    model: Model,
    batch: Sequence[Window],
    passages: Sequence[TokenisedPassage],
    pools: Sequence[Pool],
) -> None:
    outputs = model.encode([passages[index].window_ids(window) for index, window in batch])
    for (index, window), tokens in zip(batch, outputs, strict=True):
        pools[index].add(window, tokens)
