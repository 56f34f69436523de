"""The stages of an answer, each a function that can be replaced, and the time that each takes."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Literal, Protocol

from answerdesk.answering.events import AnswerEvent
from answerdesk.answering.generation.service import generate
from answerdesk.answering.generation.types import Prepared, Verify
from answerdesk.answering.queries import Queries, Rewritten, rewrite
from answerdesk.answering.retrieving import Retrieved, retrieve
from answerdesk.answering.types import AnswerRequest
from answerdesk.answering.verification import verify
from answerdesk.answering.weighing import Reranked, Weighed, decide, rerank
from answerdesk.answering.writing import Writing
from answerdesk.knowledge.search.contexts import ContextPassages
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import FoundChunk, SearchQuestion

Stage = Literal["rewrite", "retrieve", "rerank", "decide", "generate", "verify"]


class Rewrite(Protocol):
    """Reads a message as questions that stand alone, each with one to three queries."""

    def __call__(self, request: AnswerRequest, /) -> Rewritten: ...


class Retrieve(Protocol):
    """Finds candidates for each text of a question that is judged, the whole question first."""

    async def __call__(
        self,
        search: Search,
        request: AnswerRequest,
        queries: Queries,
        contexts: ContextPassages,
        /,
    ) -> Sequence[Retrieved]: ...


class Rerank(Protocol):
    """Orders the candidates, best first, and gathers what each says of the question."""

    async def __call__(
        self, question: SearchQuestion, found: Sequence[FoundChunk], /
    ) -> Reranked: ...


class Decide(Protocol):
    """Chooses the sentences that answer, or none, with a calibrated confidence of `least`."""

    async def __call__(
        self, question: SearchQuestion, reranked: Reranked, least: float, /
    ) -> Weighed: ...


class Generate(Protocol):
    """Has a model write an answer from passages; yields its pieces, then the decision."""

    def __call__(
        self, request: AnswerRequest, writing: Writing, prepared: Prepared, /
    ) -> AsyncGenerator[AnswerEvent, None]: ...


@dataclass(frozen=True, slots=True)
class Stages:
    """What answers a question, in this order. Without a model, the first four do."""

    rewrite: Rewrite = rewrite
    retrieve: Retrieve = retrieve
    rerank: Rerank = rerank
    decide: Decide = decide
    generate: Generate = generate
    verify: Verify = verify


BUILT_IN: Final = Stages()


class StageTimes:
    """How long the stages of one answer took.

    A stage that runs for several questions at the same time counts once, from its first beginning
    to its last end.
    """

    def __init__(self) -> None:
        self._running: dict[Stage, int] = {}
        self._since: dict[Stage, float] = {}
        self._seconds: dict[Stage, float] = {}

    @contextmanager
    def of(self, stage: Stage) -> Iterator[None]:
        """Count the block as a stage's."""
        self.begin(stage)
        try:
            yield
        finally:
            self.end(stage)

    def begin(self, stage: Stage) -> None:
        running = self._running.get(stage, 0)
        if not running:
            self._since[stage] = perf_counter()
        self._running[stage] = running + 1

    def end(self, stage: Stage) -> None:
        self._running[stage] -= 1
        if not self._running[stage]:
            spent = perf_counter() - self._since[stage]
            self._seconds[stage] = self._seconds.get(stage, 0.0) + spent

    @property
    def milliseconds(self) -> dict[str, float]:
        """The milliseconds of each stage that has run."""
        return {stage: round(spent * 1000, 2) for stage, spent in self._seconds.items()}
