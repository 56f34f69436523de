"""The product under measurement: started by its composition root, asked by its public services."""

import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from answerdesk.answering.service import Answering
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Exchange, FoundDocument
from answerdesk.bootstrap import Application, running
from answerdesk.core.database import Database
from answerdesk.core.environment import load_settings
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.sentences import sentences
from answerdesk.knowledge.items.service import Items
from answerdesk.knowledge.items.types import ItemDraft
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import FoundChunk, IncomingDocument, SearchQuestion
from answerdesk.projects.service import create_project
from answerdesk.providers.embedders import Embedders
from benchmarks.data import Message, Paragraph, PassageSet, Question

_CONSOLE = Console(stderr=True)
_PLAIN_TEXT = "text/plain"
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What search proposes for one question, a row a document, each by its best chunk.

    All arrays have the shape (documents,): BM25, cosine of the chunk, cosine of the best sentence.
    """

    documents: tuple[str, ...]
    bm25: NDArray[np.float64]
    chunk: NDArray[np.float64]
    sentence: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the product made of it.

    `found` is the product's own order, best first; `answer` is None where none was asked for.
    """

    question: Question
    candidates: Candidates
    found: tuple[FoundDocument, ...]
    answer: Answer | Abstain | None

    @property
    def score(self) -> float:
        """Return the product's score of the first document, -1 without one."""
        return self.found[0].score if self.found else -1.0

    @property
    def first_is_relevant(self) -> bool:
        return bool(self.found) and self.found[0].document in self.question.relevant


def sentences_shown(answer: Answer | Abstain, language: str) -> int:
    """Count the sentences that an answer quotes; what an ellipsis parts are several."""
    parts = [part for citation in answer.citations for part in citation.quote.split(" … ")]
    return sum(len(sentences(part, language)) for part in parts)


def progress(rows: Sequence[_Row], label: str) -> Iterable[_Row]:
    if not _CONSOLE.is_terminal:
        _CONSOLE.print(f"{label} ({len(rows)})")
    return track(rows, description=label, console=_CONSOLE, disable=not _CONSOLE.is_terminal)


class _Remembering(Search):
    """Search that remembers its latest result: each question is put three times, for three ends."""

    def __init__(self, database: Database, embedders: Embedders) -> None:
        super().__init__(database, embedders)
        self._latest: tuple[object, tuple[SearchQuestion, list[FoundChunk]]] | None = None

    async def find(
        self, account_id: AccountId, project_id: ProjectId, text: str
    ) -> tuple[SearchQuestion, list[FoundChunk]]:
        asked = (account_id, project_id, text)
        if self._latest is None or self._latest[0] != asked:
            self._latest = (asked, await super().find(account_id, project_id, text))
        return self._latest[1]


class Product:
    """One running installation, with a project for each set of paragraphs that is asked about.

    Questions are asked one after another: batches of other sizes round differently, and the figures
    should come out the same each time.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self._search = _Remembering(application.database, application.embedders)
        self._answering = Answering(self._search)
        self._projects: dict[str, ProjectId] = {}
        self._asked: dict[str, list[Asked]] = {}

    async def ask(self, passages: PassageSet, *, answers: bool = True) -> list[Asked]:
        """Ask all questions of a set about all its paragraphs; asked once, remembered."""
        key = f"{passages.name}, {'answers' if answers else 'found'}"
        if key not in self._asked:
            project = await self._project(passages.name, passages.paragraphs)
            self._asked[key] = [
                await self._ask(project, question, answers=answers)
                for question in progress(passages.questions, f"{passages.name}: ask")
            ]
        return self._asked[key]

    async def ask_items(
        self, name: str, items: Sequence[tuple[str, str]], asked: Sequence[Message]
    ) -> list[tuple[Candidates, tuple[FoundDocument, ...], Answer | Abstain]]:
        """Store items (question, answer) in a project of their own and send it messages."""
        project = await self._project_of_items(name, items)
        return [
            (
                await self._candidates(project, message.text),
                await self._found(project, message.text),
                await self.answer(project, message.text),
            )
            for message in progress(asked, f"{name}: ask")
        ]

    async def _ask(self, project: ProjectId, question: Question, *, answers: bool) -> Asked:
        return Asked(
            question,
            await self._candidates(project, question.text),
            await self._found(project, question.text),
            await self.answer(project, question.text) if answers else None,
        )

    async def _candidates(self, project: ProjectId, text: str) -> Candidates:
        asked, found = await self._search.find(self.application.account_id, project, text)
        best: dict[str, list[float]] = {}
        for one in found:
            closest = (one.sentence_vectors @ asked.vector).max(initial=-1.0)
            scores = [one.bm25, one.similarity, float(closest)]
            known = best.get(one.chunk.path, scores)
            best[one.chunk.path] = [max(pair) for pair in zip(known, scores, strict=True)]
        documents = tuple(sorted(best))
        table = np.array([best[one] for one in documents], dtype=float).reshape(-1, 3)
        return Candidates(documents, table[:, 0], table[:, 1], table[:, 2])

    async def _found(self, project: ProjectId, text: str) -> tuple[FoundDocument, ...]:
        request = AnswerRequest(self.application.account_id, project, text)
        return tuple(await self._answering.find_documents(request, 10))

    async def answer(
        self, project: ProjectId, text: str, history: tuple[Exchange, ...] = ()
    ) -> Answer | Abstain:
        """Return the product's answer to a message, after those before it in a conversation."""
        request = AnswerRequest(self.application.account_id, project, text, history)
        return await self._answering.answer_whole(request)

    async def _project(self, name: str, paragraphs: Sequence[Paragraph]) -> ProjectId:
        if name not in self._projects:
            documents = [
                IncomingDocument(
                    one.id, one.text.encode(), _PLAIN_TEXT, one.title.replace("_", " ")
                )
                for one in paragraphs
            ]
            self._projects[name] = await self.ingest(name, documents)
        return self._projects[name]

    async def ingest(self, name: str, documents: Sequence[IncomingDocument]) -> ProjectId:
        """Ingest documents into a project of their own."""
        project = await self._new_project(name)
        async with self.application.database.transaction(self.application.account_id) as session:
            knowledge = Knowledge(session, self.application.account_id, project)
            source = await knowledge.open_source("text", name)
            intake = await knowledge.put_documents(source, documents)
        await self._ingest(name, intake.queued)
        return project

    async def _project_of_items(self, name: str, items: Sequence[tuple[str, str]]) -> ProjectId:
        project = await self._new_project(name)
        stored: list[UUID] = []
        async with self.application.database.transaction(self.application.account_id) as session:
            kept = Items(Knowledge(session, self.application.account_id, project))
            for question, answer in items:
                item = await kept.add(ItemDraft(question.strip(), answer.strip()))
                stored += [item.id] if item.created else []
        await self._ingest(name, stored)
        return project

    async def _new_project(self, name: str) -> ProjectId:
        async with self.application.database.transaction(self.application.account_id) as session:
            project = await create_project(session, self.application.account_id, name)
        return project.id

    async def _ingest(self, name: str, documents: Sequence[UUID]) -> None:
        for document in progress(documents, f"{name}: ingest"):
            await self.application.ingestion.ingest(self.application.account_id, document)


@asynccontextmanager
async def product() -> AsyncIterator[Product]:
    """Start an installation in a temporary folder, and take it away afterwards.

    It has a database of its own, whatever the environment says.
    """
    own = {"database_url": None, "database_admin_url": None, "demo": False, "worker": False}
    with tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder:
        settings = load_settings().model_copy(update={**own, "data_dir": Path(folder)})
        async with running(settings) as application:
            yield Product(application)
