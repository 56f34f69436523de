"""Ingestion of one document: load, parse, split, embed, swap. No transaction is held meanwhile."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from answerdesk.core.database import Database
from answerdesk.core.errors import Conflict, DomainError
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.bm25 import term_weights
from answerdesk.knowledge import events
from answerdesk.knowledge import repository as documents
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.prepare import chunk_hash, chunk_terms, passage_of
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import KeptChunk, NewChunk, Prepare, PreparedDocument
from answerdesk.knowledge.ledger import repository as ledger
from answerdesk.knowledge.ledger.repository import Ingested
from answerdesk.providers.embedder import EmbeddedPassage, Embedder

_BATCH: Final = 16
"""Chunks embedded between two notes of progress."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A document's bytes, and what identifies them."""

    account_id: AccountId
    project_id: ProjectId
    document_id: UUID
    path: str
    title: str | None
    media_type: str
    content: bytes
    content_hash: bytes


class Ingestion:
    """Takes stored documents into the index.

    Running it twice, or anew after a crash, changes nothing but what is missing.
    """

    def __init__(self, database: Database, embedder: Embedder, prepare: Prepare) -> None:
        """Take what reads a document, `prepare`, which may be far from this process."""
        self._database = database
        self._embedder = embedder
        self._prepare = prepare

    async def ingest(self, account_id: AccountId, document_id: UUID) -> None:
        """Make the document's present content searchable.

        Content that cannot be read marks the document failed and leaves what it held before in the
        answers. Raises only what a later attempt may cure.
        """
        loaded = await self._load(account_id, document_id)
        if loaded is None:
            return
        try:
            prepared = await self._prepare(
                loaded.content, loaded.media_type, loaded.path, loaded.title
            )
        except DomainError as error:
            if error.retriable:
                raise
            await self._fail(loaded, error)
            return
        await self._swap(loaded, prepared)

    async def give_up(self, account_id: AccountId, document_id: UUID, reason: str) -> None:
        """Mark a document failed whose ingestion was tried often enough; it can be put in again."""
        loaded = await self._load(account_id, document_id)
        if loaded is not None:
            message = f"{loaded.path} could not be taken in: {reason}"
            await self._fail(loaded, DomainError(message, code="ingestion_failed"))

    async def _load(self, account_id: AccountId, document_id: UUID) -> _Loaded | None:
        """Read the document unless it is gone or needs nothing."""
        async with self._database.transaction(account_id) as session:
            found = await documents.content_of(session, document_id)
            if found is None or found[0].status != "pending":
                return None
            row, content = found
            return _Loaded(
                account_id,
                ProjectId(row.project_id),
                document_id,
                row.path,
                row.title,
                row.media_type,
                content,
                row.content_hash,
            )

    async def _fail(self, loaded: _Loaded, error: DomainError) -> None:
        async with self._database.transaction(loaded.account_id) as session:
            if await documents.mark_failed(
                session, loaded.document_id, loaded.content_hash, error.code, error.message
            ):
                await ledger.note_unreadable(
                    session, loaded.account_id, loaded.document_id, error.code, error.message
                )
                payload = {"document_id": str(loaded.document_id), "code": error.code}
                await record(
                    session, loaded.account_id, loaded.project_id, events.DOCUMENT_FAILED, payload
                )

    async def _swap(self, loaded: _Loaded, prepared: PreparedDocument) -> None:
        """Embed what is new, then replace the document's chunks in one transaction.

        Somebody else may take in the same content meanwhile, or the content may change: then
        nothing is swapped here. Raises Conflict when neither explains what is found.
        """
        hashes = [chunk_hash(prepared, draft) for draft in prepared.drafts]
        async with self._database.transaction(loaded.account_id) as session:
            present = await index.chunk_hashes(session, loaded.account_id, loaded.document_id)
        kept, new, gone = _compare(hashes, present)
        drafts = [prepared.drafts[position] for position in new]
        embedded = await self._embed(loaded, prepared, drafts)
        terms = await asyncio.to_thread(
            lambda: [term_weights(chunk_terms(prepared, draft)) for draft in drafts]
        )
        added = [
            NewChunk(draft, hashes[position], prepared.language, weights, vectors)
            for position, draft, weights, vectors in zip(new, drafts, terms, embedded, strict=True)
        ]
        async with self._database.transaction(loaded.account_id) as session:
            base = await index.lock_base(session, loaded.account_id, loaded.project_id)
            current = await index.chunk_hashes(session, loaded.account_id, loaded.document_id)
            if current != present:
                if await index.is_ready(
                    session, loaded.account_id, loaded.document_id, loaded.content_hash
                ):
                    return
                raise Conflict("The document was changed meanwhile", code="document_changed")
            if not await index.finish_document(
                session,
                base,
                loaded.document_id,
                loaded.content_hash,
                title=prepared.title,
                language=prepared.language,
                chunk_count=len(prepared.drafts),
                text_hash=sha256(b"".join(hashes)).digest(),
            ):
                return
            await index.remove_chunks(session, base, gone)
            await index.move_chunks(session, base, kept)
            await index.add_chunks(session, base, loaded.document_id, self._embedder.space, added)
            await index.go_live(session, base, len(added) - len(gone), self._embedder.space)
            await ledger.note_ingested(
                session,
                loaded.account_id,
                loaded.document_id,
                Ingested(len(added), len(gone), text_changed=bool(added or gone)),
            )
            payload = {"document_id": str(loaded.document_id), "chunks": len(prepared.drafts)}
            await record(
                session, loaded.account_id, loaded.project_id, events.DOCUMENT_READY, payload
            )

    async def _embed(
        self, loaded: _Loaded, prepared: PreparedDocument, drafts: Sequence[ChunkDraft]
    ) -> list[EmbeddedPassage]:
        embedded: list[EmbeddedPassage] = []
        for start in range(0, len(drafts), _BATCH):
            batch = [passage_of(prepared, draft) for draft in drafts[start : start + _BATCH]]
            embedded += await self._embedder.embed_passages(batch)
            if len(drafts) > _BATCH:
                async with self._database.transaction(loaded.account_id) as session:
                    await documents.note_progress(
                        session, loaded.document_id, len(embedded), len(drafts)
                    )
        return embedded


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
