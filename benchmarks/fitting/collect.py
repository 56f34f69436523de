"""Puts the evaluation sets' questions to the product's search, and keeps what it proposes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.types import Chunk, FoundChunk, SearchQuestion
from benchmarks.data import Message, PassageSet, Question
from benchmarks.product import Product


@dataclass(frozen=True, slots=True)
class Proposal:
    """A chunk that search proposes, by its number in `Collected.chunks`, with its scores.

    `compared` says whether search read the vectors of its sentences, too: of the best it does.
    """

    chunk: int
    bm25: float
    similarity: float
    compared: bool


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it was put, `about` what, and the proposals."""

    about: Question | Message
    question: SearchQuestion
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """All questions of a set, and each chunk proposed for one of them once."""

    chunks: tuple[Chunk, ...]
    sentence_vectors: tuple[NDArray[np.float32], ...]
    token_vectors: tuple[NDArray[np.int8] | None, ...]
    puts: tuple[Put, ...]

    def found(self, put: Put, without: frozenset[str] = frozenset()) -> list[FoundChunk]:
        """Return what search found for a question, but for the documents of these paths."""
        return [
            FoundChunk(
                self.chunks[one.chunk],
                one.bm25,
                one.similarity,
                self.sentence_vectors[one.chunk]
                if one.compared
                else np.zeros_like(self.sentence_vectors[one.chunk]),
                self.token_vectors[one.chunk] if one.compared else None,
            )
            for one in put.proposals
            if self.chunks[one.chunk].path not in without
        ]


class Collector(Product):
    """The product, asked for its candidates only."""

    async def collect(self, passages: PassageSet) -> Collected:
        """Ask all questions of a set of paragraphs, which becomes a project."""
        project = await self._project(passages.name, passages.paragraphs)
        return await self._collect(project, [(one, one.text) for one in passages.questions])

    async def collect_items(self, examples: Sequence[Message]) -> Collected:
        """Store examples as Q&A items answered by their labels, and put each as a question."""
        items = [(one.text, one.label) for one in examples]
        project = await self._project_of_items("items to fit", items)
        return await self._collect(project, [(one, one.text) for one in examples])

    async def _collect(
        self, project: ProjectId, asked: Sequence[tuple[Question | Message, str]]
    ) -> Collected:
        numbers: dict[UUID, int] = {}
        chunks: list[Chunk] = []
        vectors: list[NDArray[np.float32]] = []
        tokens: list[NDArray[np.int8] | None] = []
        puts = []
        for about, text in asked:
            question, found = await self._search.find(self.application.account_id, project, text)
            proposals = []
            for one in sorted(found, key=lambda each: (each.chunk.path, each.chunk.text)):
                number = numbers.setdefault(one.chunk.id, len(chunks))
                if number == len(chunks):
                    # Names in place of random ids: the order of equals is the same in every run.
                    chunks.append(replace(one.chunk, id=UUID(int=number)))
                    vectors.append(one.sentence_vectors)
                    tokens.append(one.token_vectors)
                compared = bool(one.sentence_vectors.any())
                if compared:
                    vectors[number] = one.sentence_vectors
                    tokens[number] = one.token_vectors
                proposals.append(Proposal(number, one.bm25, one.similarity, compared))
            puts.append(Put(about, question, tuple(proposals)))
        return Collected(tuple(chunks), tuple(vectors), tuple(tokens), tuple(puts))
