"""Ingests one document: load, read, embed, swap. No transaction is held during slow steps.

A document is read once. If its upload or fetch already made a reading, the reading is loaded in
place of its bytes; a reading made here is kept until the document is ingested, even if the process
dies in between.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID

import structlog

from answerdesk.core.database import Database
from answerdesk.core.errors import Conflict, DomainError
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ProjectId, public_id
from answerdesk.kit.bm25 import term_weights
from answerdesk.knowledge import events
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.parse import reading_name
from answerdesk.knowledge.ingestion.prepare import chunk_hash, chunk_terms, passage_of
from answerdesk.knowledge.ingestion.readings import UnusableReading, pack, unpack
from answerdesk.knowledge.ingestion.types import (
    KeptChunk,
    KeptSpaces,
    NewChunk,
    Prepare,
    PreparedDocument,
)
from answerdesk.knowledge.ingestion.vector_index import schedule_entering
from answerdesk.knowledge.ingestion.vectors import KeptVectors, Vectors
from answerdesk.knowledge.pages import repository as pages
from answerdesk.knowledge.pages.repository import Ingested
from answerdesk.knowledge.types import DOCUMENT_PREFIX, QA_MEDIA_TYPE
from answerdesk.providers.embedder import Embedder
from answerdesk.providers.embedders import Embedders, catalog

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document's content (its bytes or its reading) and what identifies it."""

    account_id: AccountId
    project_id: ProjectId
    document_id: UUID
    path: str
    title: str | None
    media_type: str
    content_hash: bytes
    reading: bytes | None
    content: bytes | None


class Loader:
    """Loads documents that wait for ingestion, and reads those without a reading."""

    def __init__(self, database: Database, prepare: Prepare) -> None:
        self._database = database
        self._prepare = prepare

    async def load(self, account_id: AccountId, document_id: UUID) -> Loaded | None:
        """Return the document; None if it is gone or needs no ingestion."""
        async with self._database.transaction(account_id) as session:
            found = await index.pending_content(session, account_id, document_id)
        if found is None:
            return None
        return Loaded(
            account_id,
            found.project_id,
            document_id,
            found.path,
            found.title,
            found.media_type,
            found.content_hash,
            found.reading,
            found.content,
        )

    async def read(self, loaded: Loaded) -> PreparedDocument | None:
        """Return the document's reading, under the title that its owner gave it, if any.

        None if its content has changed in the meantime. Raises what `Prepare` raises.
        """
        read = await self._kept(loaded) or await self._read(loaded)
        if read is None or loaded.title is None:
            return read
        return replace(read, title=loaded.title)

    async def _kept(self, loaded: Loaded) -> PreparedDocument | None:
        if loaded.reading is None:
            return None
        try:
            return await unpack(loaded.reading)
        except UnusableReading as error:
            _log.warning("reading_unusable", document_id=str(loaded.document_id), error=str(error))
            return None

    async def _read(self, loaded: Loaded) -> PreparedDocument | None:
        content = loaded.content
        if content is None:
            async with self._database.transaction(loaded.account_id) as session:
                content = await index.content_of(
                    session, loaded.account_id, loaded.document_id, loaded.content_hash
                )
        if content is None:
            return None
        name = reading_name(loaded.path)
        read = await self._prepare(content, loaded.media_type, name)
        if loaded.media_type != QA_MEDIA_TYPE:
            await self._keep(loaded, read)
        return read

    async def _keep(self, loaded: Loaded, read: PreparedDocument) -> None:
        """Keep the reading until ingestion is done: the embedder may be slow or unavailable."""
        packed = await pack(read)
        if packed is None:
            return
        async with self._database.transaction(loaded.account_id) as session:
            await index.keep_reading(
                session, loaded.account_id, loaded.document_id, loaded.content_hash, packed
            )


_MOST_CHANGES: Final = 3
"""Maximum attempts to embed a document while its project changes the model."""


@dataclass(frozen=True, slots=True)
class _Work:
    """The document's chunk hashes, its chunks in the index, and how they compare."""

    hashes: list[bytes]
    present: list[tuple[UUID, bytes]]
    kept: list[KeptChunk]
    new: list[int]
    gone: list[UUID]


class Ingestion:
    """Ingests stored documents into the index.

    Idempotent: a second run, or a run after a crash, changes only what is missing.
    """

    def __init__(
        self,
        database: Database,
        embedders: Embedders | Embedder,
        prepare: Prepare,
        *,
        large: int = index.LARGE,
    ) -> None:
        """Take the embedders, and what reads documents, possibly in another process.

        Projects of more than `large` chunks use the index of nearest vectors.
        """
        self._database = database
        self._large = large
        self._vectors = KeptVectors(catalog(embedders))
        self._loader = Loader(database, prepare)

    async def ingest(self, account_id: AccountId, document_id: UUID) -> None:
        """Make the document's current content searchable.

        If the content can't be read, the document is marked failed and its previous content stays
        in the answers. Raises only errors that a later attempt may cure.
        """
        loaded = await self._loader.load(account_id, document_id)
        if loaded is None:
            return
        try:
            prepared = await self._loader.read(loaded)
        except DomainError as error:
            if error.retriable:
                raise
            await self._fail(loaded, error)
            return
        if prepared is not None:
            await self._swap(loaded, prepared)

    async def give_up(self, account_id: AccountId, document_id: UUID, reason: str) -> None:
        """Mark a document failed after too many attempts; its content can be uploaded again."""
        loaded = await self._loader.load(account_id, document_id)
        if loaded is not None:
            message = f"{loaded.path} could not be ingested: {reason}"
            await self._fail(loaded, DomainError(message, code="ingestion_failed"))

    async def _fail(self, loaded: Loaded, error: DomainError) -> None:
        async with self._database.transaction(loaded.account_id) as session:
            await index.hold_source(session, loaded.account_id, loaded.document_id)
            if await index.mark_failed(
                session, loaded.account_id, loaded.document_id, loaded.content_hash, error
            ):
                await index.forget_reading(session, loaded.account_id, loaded.document_id)
                await pages.note_unreadable(
                    session, loaded.account_id, loaded.document_id, error.code, error.message
                )
                payload = events.DocumentChange(
                    document_id=public_id(DOCUMENT_PREFIX, loaded.document_id), code=error.code
                )
                await record(
                    session, loaded.account_id, loaded.project_id, events.DOCUMENT_FAILED, payload
                )

    async def _swap(self, loaded: Loaded, prepared: PreparedDocument) -> None:
        """Embed new chunks, then replace the document's chunks in one transaction.

        If somebody else ingests the same content in the meantime, or the content changes, nothing
        is swapped here. Raises Conflict if neither explains the index's state.
        """
        work, spaces = await self._plan(loaded, prepared)
        drafts = [prepared.drafts[position] for position in work.new]
        passages = [passage_of(prepared, draft) for draft in drafts]
        terms = await asyncio.to_thread(
            lambda: [term_weights(chunk_terms(prepared, draft)) for draft in drafts]
        )
        vectors: Vectors = {}
        for _ in range(_MOST_CHANGES):
            await self._vectors.embed(
                passages, spaces, vectors, partial(self._note, loaded, len(passages))
            )
            if await self._replace(loaded, prepared, work, terms, vectors):
                return
            async with self._database.transaction(loaded.account_id) as session:
                spaces = await index.kept_spaces(session, loaded.account_id, loaded.project_id)
        raise Conflict(
            "The embedding model changed in the meantime", code="embedding_space_changed"
        )

    async def _plan(self, loaded: Loaded, prepared: PreparedDocument) -> tuple[_Work, KeptSpaces]:
        """Return the work, and the spaces that the project keeps."""
        hashes = [chunk_hash(prepared, draft) for draft in prepared.drafts]
        async with self._database.transaction(loaded.account_id) as session:
            present = await index.chunk_hashes(session, loaded.account_id, loaded.document_id)
            spaces = await index.kept_spaces(session, loaded.account_id, loaded.project_id)
        return _Work(hashes, present, *_compare(hashes, present)), spaces

    async def _replace(
        self,
        loaded: Loaded,
        prepared: PreparedDocument,
        work: _Work,
        terms: Sequence[dict[str, float]],
        vectors: Vectors,
    ) -> bool:
        """Replace the chunks; False if the project now serves a space that `vectors` lacks."""
        async with self._database.transaction(loaded.account_id) as session:
            base = await index.lock_base(session, loaded.account_id, loaded.project_id)
            served = self._vectors.served(base.spaces)
            if served not in vectors:
                return False
            await index.hold_source(session, loaded.account_id, loaded.document_id)
            current = await index.chunk_hashes(session, loaded.account_id, loaded.document_id)
            if current != work.present:
                if await index.is_ready(
                    session, loaded.account_id, loaded.document_id, loaded.content_hash
                ):
                    return True
                raise Conflict("The document changed in the meantime", code="document_changed")
            text_hash = sha256(b"".join(work.hashes)).digest()
            if not await index.finish_document(
                session, base, loaded.document_id, loaded.content_hash, prepared, text_hash
            ):
                return True
            await index.forget_reading(session, loaded.account_id, loaded.document_id)
            await index.remove_chunks(session, base, work.gone)
            await index.move_chunks(session, base, work.kept)
            kept = [one for one in (served, *base.spaces.beside(served)) if one in vectors]
            added = [
                NewChunk(
                    prepared.drafts[position],
                    work.hashes[position],
                    prepared.language,
                    terms[place],
                    {space: vectors[space][place] for space in kept},
                )
                for place, position in enumerate(work.new)
            ]
            await index.add_chunks(session, base, loaded.document_id, added)
            if added and base.spaces.previous not in (None, *kept):
                await index.lose_way_back(session, base)
            grown = len(added) - len(work.gone)
            grew_large = await index.go_live(session, base, grown, served, large=self._large)
            await pages.note_ingested(
                session,
                loaded.account_id,
                loaded.document_id,
                Ingested(len(added), len(work.gone), text_changed=bool(added or work.gone)),
            )
            payload = events.DocumentChange(
                document_id=public_id(DOCUMENT_PREFIX, loaded.document_id),
                chunks=len(prepared.drafts),
            )
            await record(
                session, loaded.account_id, loaded.project_id, events.DOCUMENT_READY, payload
            )
            if grew_large:
                await schedule_entering(session, loaded.account_id, loaded.project_id)
            return True

    async def _note(self, loaded: Loaded, total: int, done: int) -> None:
        async with self._database.transaction(loaded.account_id) as session:
            await index.note_progress(session, loaded.account_id, loaded.document_id, done, total)


def _compare(
    hashes: Sequence[bytes], present: Sequence[tuple[UUID, bytes]]
) -> tuple[list[KeptChunk], list[int], list[UUID]]:
    """Match a document's chunks with those in the index.

    Returns the chunks to keep, the positions of those to add, and the ids of those to remove.
    """
    available: dict[bytes, list[UUID]] = defaultdict(list)
    for chunk_id, digest in reversed(present):
        available[digest].append(chunk_id)
    kept: list[KeptChunk] = []
    new: list[int] = []
    for position, digest in enumerate(hashes):
        if available[digest]:
            kept.append(KeptChunk(available[digest].pop(), position))
        else:
            new.append(position)
    gone = [chunk_id for left in available.values() for chunk_id in left]
    return kept, new, gone
