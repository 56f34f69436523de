"""Ingests one document: load, read, embed, swap. No transaction is held during slow steps.

A document is read once. If its upload or fetch already made a reading, the reading is loaded in
place of its bytes; a reading made here is kept until the document is ingested, even if the process
dies in between.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.errors import Conflict, DomainError
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ProjectId, public_id
from answerdesk.kit.bm25 import term_weights
from answerdesk.knowledge import events
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.comparing import Comparison, compare, successors
from answerdesk.knowledge.ingestion.parse import reading_name
from answerdesk.knowledge.ingestion.prepare import chunk_terms, passage_of
from answerdesk.knowledge.ingestion.readings import UnusableReading, pack, unpack
from answerdesk.knowledge.ingestion.repository import LockedBase
from answerdesk.knowledge.ingestion.types import (
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
    """A document's content (its bytes or its reading) and what identifies it.

    `again`: it doesn't wait for ingestion, but an older reader has read it, or could not, with the
    error `failed_with`.
    """

    account_id: AccountId
    project_id: ProjectId
    document_id: UUID
    path: str
    title: str | None
    media_type: str
    content_hash: bytes
    reading: bytes | None
    content: bytes | None
    again: bool
    failed_with: str | None


class Loader:
    """Loads documents that are to be read, and reads those without a reading."""

    def __init__(self, database: Database, prepare: Prepare) -> None:
        self._database = database
        self._prepare = prepare

    async def load(
        self, account_id: AccountId, document_id: UUID, *, again: bool = False
    ) -> Loaded | None:
        """Return the document; None if it is gone, or needs no ingestion or reading `again`."""
        wanted = index.older_content if again else index.pending_content
        async with self._database.transaction(account_id) as session:
            found = await wanted(session, account_id, document_id)
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
            again,
            found.failed_with,
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
        if loaded.media_type != QA_MEDIA_TYPE and not loaded.again:
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
    """How the document compares with the index, and which ids its new chunks take over."""

    compared: Comparison
    ids: Mapping[int, UUID]


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
        await self._ingest(await self._loader.load(account_id, document_id))

    async def read_again(self, account_id: AccountId, document_id: UUID) -> None:
        """Read a document that an older reader has read, or could not read.

        Only what comes out otherwise is embedded. If it can't be read now, what was read of it
        before stays in the answers, and its note says so. Raises as `ingest` does.
        """
        await self._ingest(await self._loader.load(account_id, document_id, again=True))

    async def _ingest(self, loaded: Loaded | None) -> None:
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

    async def give_up(
        self, account_id: AccountId, document_id: UUID, reason: str, *, again: bool = False
    ) -> None:
        """Mark a document failed after too many attempts; its content can be uploaded again.

        One that was to be read `again` keeps its earlier reading.
        """
        loaded = await self._loader.load(account_id, document_id, again=again)
        if loaded is not None:
            message = f"{loaded.path} could not be ingested: {reason}"
            await self._fail(loaded, DomainError(message, code="ingestion_failed"))

    async def _fail(self, loaded: Loaded, error: DomainError) -> None:
        async with self._database.transaction(loaded.account_id) as session:
            await index.hold_source(session, loaded.account_id, loaded.document_id)
            if loaded.again:
                await index.keep_earlier_reading(
                    session, loaded.account_id, loaded.document_id, loaded.content_hash, error
                )
                return
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
        drafts = [prepared.drafts[position] for position in work.compared.new]
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
        async with self._database.transaction(loaded.account_id) as session:
            present = await index.present_chunks(session, loaded.account_id, loaded.document_id)
            compared = compare(prepared, present)
            texts: Sequence[tuple[UUID, str]] = []
            if compared.new and compared.gone:
                texts = await index.chunk_texts(session, loaded.account_id, compared.gone)
            spaces = await index.kept_spaces(session, loaded.account_id, loaded.project_id)
        drafts = [(position, prepared.drafts[position]) for position in compared.new]
        return _Work(compared, successors(drafts, texts)), spaces

    async def _replace(
        self,
        loaded: Loaded,
        prepared: PreparedDocument,
        work: _Work,
        terms: Sequence[dict[str, float]],
        vectors: Vectors,
    ) -> bool:
        """Replace the chunks; False if the project now serves a space that `vectors` lacks."""
        compared = work.compared
        async with self._database.transaction(loaded.account_id) as session:
            base = await index.lock_base(session, loaded.account_id, loaded.project_id)
            served = self._vectors.served(base.spaces)
            if served not in vectors:
                return False
            await index.hold_source(session, loaded.account_id, loaded.document_id)
            current = await index.present_chunks(session, loaded.account_id, loaded.document_id)
            if current != compared.present:
                # Whoever has changed the chunks of what is read again has read the new content.
                if loaded.again or await index.is_ready(
                    session, loaded.account_id, loaded.document_id, loaded.content_hash
                ):
                    return True
                raise Conflict("The document changed in the meantime", code="document_changed")
            text_hash = sha256(b"".join(compared.hashes)).digest()
            if not await index.finish_document(
                session,
                base,
                loaded.document_id,
                loaded.content_hash,
                prepared,
                text_hash,
                again=loaded.again,
            ):
                return True
            await index.forget_reading(session, loaded.account_id, loaded.document_id)
            kept = [one for one in (served, *base.spaces.beside(served)) if one in vectors]
            added = [
                NewChunk(
                    prepared.drafts[position],
                    compared.hashes[position],
                    prepared.language,
                    terms[place],
                    {space: vectors[space][place] for space in kept},
                    work.ids.get(position),
                )
                for place, position in enumerate(compared.new)
            ]
            grew_large = False
            if not (loaded.again and compared.same):
                grew_large = await self._change_index(session, base, loaded, compared, added)
            await _tell(session, loaded, compared)
            if grew_large:
                await schedule_entering(session, loaded.account_id, loaded.project_id)
            return True

    async def _change_index(
        self,
        session: AsyncSession,
        base: LockedBase,
        loaded: Loaded,
        compared: Comparison,
        added: Sequence[NewChunk],
    ) -> bool:
        """Store what has changed, live on commit; tell whether the project has become large."""
        await index.remove_chunks(session, base, compared.gone)
        await index.move_chunks(session, base, compared.kept)
        await index.add_chunks(session, base, loaded.document_id, added)
        if added and base.spaces.previous not in (None, *added[0].vectors):
            await index.lose_way_back(session, base)
        grown = len(added) - len(compared.gone)
        served = self._vectors.served(base.spaces)
        return await index.go_live(session, base, grown, served, large=self._large)

    async def _note(self, loaded: Loaded, total: int, done: int) -> None:
        if loaded.again:
            return
        async with self._database.transaction(loaded.account_id) as session:
            await index.note_progress(session, loaded.account_id, loaded.document_id, done, total)


async def _tell(session: AsyncSession, loaded: Loaded, compared: Comparison) -> None:
    """Record on the document's page, and as an event, that it is in the answers now."""
    changed = bool(compared.new or compared.gone)
    if loaded.again:
        await pages.note_read_again(
            session, loaded.account_id, loaded.document_id, loaded.failed_with
        )
        if not changed and loaded.failed_with is None:
            return
    else:
        result = Ingested(len(compared.new), len(compared.gone), text_changed=changed)
        await pages.note_ingested(session, loaded.account_id, loaded.document_id, result)
    payload = events.DocumentChange(
        document_id=public_id(DOCUMENT_PREFIX, loaded.document_id), chunks=len(compared.hashes)
    )
    await record(session, loaded.account_id, loaded.project_id, events.DOCUMENT_READY, payload)
