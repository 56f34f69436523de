"""A project some of whose documents an older reader has read, otherwise than the current one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from answerdesk.core.due import Job, RetryLater
from answerdesk.kit.spans import Span
from answerdesk.knowledge.ingestion.prepare import prepare, prepare_in_thread
from answerdesk.knowledge.ingestion.reading_again import READ_AGAIN, Rereader, registrations
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.ingestion.types import Prepare, PreparedDocument, ReadingAgain
from answerdesk.knowledge.ingestion.walks import schedule_walk
from answerdesk.knowledge.rereading.service import Rereading
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import Document
from tests.knowledge.spaces.changing import OLD, Changing, MoodyEmbedder

Reading = Callable[[PreparedDocument], PreparedDocument]
"""What an older reader made of a document, by what the current one makes of it."""

_LONG = "Whoever wants to know more asks the porter at the door, who knows it all. " * 10
SECTIONS = {
    "Opening": "We open at nine. We close at six. ",
    "Köln": "The shop in Köln is in the Hohe Straße. ",
    "Parking": "Cars park behind the house. Bikes park in front. ",
}
HANDBOOK = "# Handbook\n\n" + "".join(
    f"## {name}\n\n{text}{_LONG}\n\n" for name, text in SECTIONS.items()
)
"""Three passages."""


def garbled(document: PreparedDocument) -> PreparedDocument:
    """Return the document with its umlauts as an older reader has read them."""
    return replace(
        document,
        drafts=tuple(
            replace(
                one,
                text=one.text.replace("ö", "ø"),
                heading_path=tuple(step.replace("ö", "ø") for step in one.heading_path),
            )
            for one in document.drafts
        ),
    )


def untitled(document: PreparedDocument) -> PreparedDocument:
    """Return the document as a reader has read it that didn't find its title."""
    return replace(document, title="Untitled")


def unsplit(document: PreparedDocument) -> PreparedDocument:
    """Return the document as a reader has read it that found one sentence in each passage."""
    return replace(
        document,
        drafts=tuple(replace(one, sentences=(Span(0, len(one.text)),)) for one in document.drafts),
    )


def as_read(document: PreparedDocument) -> PreparedDocument:
    """Return the document as the current reader has read it."""
    return document


class Older:
    """A project, and the means to read its documents with an older reader and again."""

    def __init__(self, project: Changing) -> None:
        self.project = project
        self.account_id, self.project_id = project.account_id, project.project_id
        self.admin = project.admin

    @property
    def embedder(self) -> MoodyEmbedder:
        """The embedder of the space that the project serves at first."""
        return self.project.fakes[OLD]

    def ingestion(self, read: Prepare = prepare_in_thread) -> Ingestion:
        return Ingestion(self.project.database, self.project.embedders, read)

    async def put(self, name: str, text: str, reading: Reading = as_read) -> UUID:
        """Store a document and have it ingested by an older reader."""
        document_id = await self.project.put(name, text, ingest=False)

        async def read(content: bytes, media_type: str, name: str) -> PreparedDocument:
            return reading(await asyncio.to_thread(prepare, content, media_type, name))

        await self.ingestion(read).ingest(self.account_id, document_id)
        self.age(document_id)
        self.embedder.embedded_passages = 0
        return document_id

    def age(self, document_id: UUID, version: int | None = READER_VERSION - 1) -> None:
        """Make an older reader the one that has read, or failed to read, the document."""
        self.admin.execute(
            "update document set failed_reader = null, reader_version = case when reader_version"
            " is null then null else %s::int end where id = %s",
            (version, document_id),
        )

    async def begin(self) -> ReadingAgain:
        async with self.readings() as readings:
            return await readings.begin()

    async def state(self) -> ReadingAgain:
        async with self.readings() as readings:
            return await readings.state()

    @asynccontextmanager
    async def readings(self) -> AsyncIterator[Rereading]:
        """Open a transaction on the project's readings."""
        async with self.project.database.transaction(self.account_id) as session:
            yield Rereading(Knowledge(session, self.account_id, self.project_id))

    async def read_again(self, read: Prepare = prepare_in_thread) -> None:
        """Begin to read again, and bring it to its end."""
        await self.begin()
        assert await self.rereader(read).read(self.account_id, self.project_id, None) is None
        assert not (await self.state()).running

    def rereader(self, read: Prepare = prepare_in_thread, *, seconds: float = 60.0) -> Rereader:
        return Rereader(self.project.database, self.ingestion(read), slice_seconds=seconds)

    def jobs(self) -> list[Job]:
        """Return the project's waiting jobs that read again."""
        rows = self.admin.execute(
            "select id, name, account_id, payload from due_job where name = %s"
            " and account_id = %s and payload ->> 'project_id' = %s",
            (READ_AGAIN, self.account_id, str(self.project_id)),
        ).fetchall()
        return [
            Job(int(str(id_)), str(name), UUID(str(account)), dict(payload), 1)  # type: ignore[call-overload]
            for id_, name, account, payload in rows
        ]

    async def run(self, rereader: Rereader, most: int = 100) -> int:
        """Run the project's job as a worker does, again and again; return how often it failed.

        A run that fails last leaves its job behind.
        """
        handler = registrations(self.project.database, rereader)[READ_AGAIN].handler
        failures = 0
        job: Job | None = None
        for _ in range(most):
            if job is None:
                waiting = self.jobs()
                if not waiting:
                    break
                (job,) = waiting
                self.admin.execute("delete from due_job where id = %s", (job.id,))
            try:
                await handler(job)
            except RetryLater:
                failures += 1
                job = replace(job, attempt=job.attempt + 1)
            else:
                job = None
        if job is not None:
            async with self.project.database.transaction(self.account_id) as session:
                await schedule_walk(session, READ_AGAIN, self.account_id, self.project_id, None)
        return failures

    async def document(self, document_id: UUID) -> Document:
        async with self.project.database.transaction(self.account_id) as session:
            return await Knowledge(session, self.account_id, self.project_id).document(document_id)

    def chunks(self, document_id: UUID) -> dict[str, tuple[UUID, list[str], str, str]]:
        """Return the document's chunks by text: id, heading path, vector, vectors of sentences."""
        rows = self.admin.execute(
            "select c.content, c.id, c.heading_path, e.vector::text,"
            " encode(e.sentence_vectors, 'hex') from chunk c join embedding e"
            " on e.account_id = c.account_id and e.chunk_id = c.id and e.space = %s"
            " where c.document_id = %s order by c.ordinal",
            (OLD, document_id),
        ).fetchall()
        return {str(text): tuple(rest) for text, *rest in rows}  # type: ignore[misc]

    def versions(self, document_id: UUID) -> tuple[object, ...]:
        """Return who has read the document, and who could not."""
        row = self.admin.execute(
            "select reader_version, failed_reader from document where id = %s", (document_id,)
        ).fetchone()
        assert row is not None
        return row

    def revision(self) -> object:
        return self.project.base()[-1]

    def events(self) -> int:
        """Return how many times it was told that a document is ready."""
        row = self.admin.execute(
            "select count(*) from event where type = 'document.ready' and project_id = %s",
            (self.project_id,),
        ).fetchone()
        assert row is not None
        return int(str(row[0]))
