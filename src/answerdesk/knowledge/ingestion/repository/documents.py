"""Reads, finishes and deletes documents for ingestion, and stores their readings.

A reading counts only if it is of the document's current content and media type, by the current
reader version.
"""
# ruff: noqa: S608 - statements are put together from constants of this package only.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.errors import DomainError
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.repository.base import LockedBase
from answerdesk.knowledge.ingestion.repository.older import IS_OLDER
from answerdesk.knowledge.ingestion.types import PreparedDocument

# If there is a reading, don't load the bytes, which are much larger.
_PENDING = text(
    "select d.project_id, d.path, d.given_title, d.media_type, d.content_hash, r.packed as reading,"
    "  case when r.packed is null then d.content end as content, null as failed_with"
    " from document d left join reading r on r.account_id = :account_id and r.document_id = d.id"
    "  and r.content_hash = d.content_hash and r.media_type = d.media_type"
    "  and r.reader_version = :reader_version"
    " where d.account_id = :account_id and d.id = :document_id and d.status = 'pending'"
)
# What an older reader has read, or failed to read. A document that waits is read anyway.
_OLDER_CONTENT = text(
    "select project_id, path, given_title, media_type, content_hash, null as reading, content,"
    " case when status = 'failed' then error_code end as failed_with"
    " from document where account_id = :account_id and id = :document_id"
    f" and status <> 'pending' and {IS_OLDER}"
)
_CONTENT = text(
    "select content from document where account_id = :account_id and id = :document_id"
    " and content_hash = :content_hash and status = 'pending'"
)
# The second change of a row in one transaction checks its foreign keys again, whether they changed
# or not, and locks the source: too late, if that happens only after the document and its sync.
_HOLD_SOURCE = text(
    "select 1 from source where account_id = :account_id and id ="
    " (select source_id from document where account_id = :account_id and id = :document_id)"
    " for key share"
)
_PROGRESS = text(
    "update document set chunks_done = :done, chunks_total = :total"
    " where account_id = :account_id and id = :document_id"
)
_FAILED = text(
    "update document set status = 'failed', error_code = :code, error = :message,"
    " failed_reader = :reader_version"
    " where account_id = :account_id and id = :document_id and content_hash = :content_hash"
    " and status = 'pending' returning id"
)
_DOCUMENT_READY = text(
    "update document set status = 'ready', error_code = null, error = null, title = :title,"
    " language = :language, indexed_hash = content_hash, chunk_count = :count,"
    " reader_version = :reader_version, note = :note,"
    " chunks_total = null, chunks_done = null, text_hash = :text_hash, text_changed_at ="
    " case when text_hash is distinct from :text_hash then now() else text_changed_at end,"
    " failed_reader = null"
    " where account_id = :account_id and id = :document_id and content_hash = :content_hash"
    " and (status <> 'pending' or not :again) returning id"
)
# A failed document stays failed; of an earlier reading that answers, its owner is told.
_FAILED_AGAIN = text(
    "update document set failed_reader = :reader_version,"
    " note = case when status = 'ready' then :note else note end,"
    " error_code = case when status = 'failed' then :code else error_code end,"
    " error = case when status = 'failed' then :message else error end"
    " where account_id = :account_id and id = :document_id and content_hash = :content_hash"
    " and status <> 'pending'"
)
_IS_READY = text(
    "select 1 from document where account_id = :account_id and id = :document_id"
    " and content_hash = :content_hash and status = 'ready'"
)
_DELETE_DOCUMENTS = text(
    "delete from document where account_id = :account_id and id = any(:ids) returning id"
)


@dataclass(frozen=True, slots=True)
class StoredContent:
    """A document's content to read or ingest, with what identifies and describes it.

    If the document has been read, `reading` is its packed reading and `content` is None; otherwise
    `content` has its bytes. `failed_with` is the error's code of a failed document.
    """

    project_id: ProjectId
    path: str
    title: str | None
    media_type: str
    content_hash: bytes
    reading: bytes | None
    content: bytes | None
    failed_with: str | None


async def pending_content(
    session: AsyncSession, account_id: AccountId, document_id: UUID
) -> StoredContent | None:
    """Return a document's content to ingest; None if it is gone or needs no ingestion."""
    return await _stored(session, _PENDING, account_id, document_id)


async def older_content(
    session: AsyncSession, account_id: AccountId, document_id: UUID
) -> StoredContent | None:
    """Return the content of a document that an older reader has read, or could not read.

    None if it is gone, waits for ingestion, or has been read by the current reader.
    """
    return await _stored(session, _OLDER_CONTENT, account_id, document_id)


async def _stored(
    session: AsyncSession, statement: TextClause, account_id: AccountId, document_id: UUID
) -> StoredContent | None:
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "reader_version": READER_VERSION,
    }
    row = (await session.execute(statement, parameters)).first()
    if row is None:
        return None
    return StoredContent(
        project_id=ProjectId(row.project_id),
        path=row.path,
        title=row.given_title,
        media_type=row.media_type,
        content_hash=bytes(row.content_hash),
        reading=None if row.reading is None else bytes(row.reading),
        content=None if row.content is None else bytes(row.content),
        failed_with=row.failed_with,
    )


async def content_of(
    session: AsyncSession, account_id: AccountId, document_id: UUID, content_hash: bytes
) -> bytes | None:
    """Return a document's bytes if its reading is unusable; None if it no longer waits."""
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "content_hash": content_hash,
    }
    row = (await session.execute(_CONTENT, parameters)).first()
    return None if row is None else bytes(row.content)


async def hold_source(session: AsyncSession, account_id: AccountId, document_id: UUID) -> None:
    """Prevent removal of the document's source until the transaction ends.

    Whoever records a document's result calls it first, because all writers lock the source before
    the document, its page and its sync.
    """
    parameters = {"account_id": account_id, "document_id": document_id}
    await session.execute(_HOLD_SOURCE, parameters)


async def note_progress(
    session: AsyncSession, account_id: AccountId, document_id: UUID, done: int, total: int
) -> None:
    """Store how many of the document's chunks are embedded."""
    parameters = {"account_id": account_id, "document_id": document_id}
    await session.execute(_PROGRESS, {**parameters, "done": done, "total": total})


async def mark_failed(
    session: AsyncSession,
    account_id: AccountId,
    document_id: UUID,
    content_hash: bytes,
    error: DomainError,
) -> bool:
    """Store why this content of the document could not be ingested.

    Return False if its content has changed, or somebody else has ingested it.
    """
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "content_hash": content_hash,
        "code": error.code,
        "message": error.message,
        "reader_version": READER_VERSION,
    }
    return await session.scalar(_FAILED, parameters) is not None


async def keep_earlier_reading(
    session: AsyncSession,
    account_id: AccountId,
    document_id: UUID,
    content_hash: bytes,
    error: DomainError,
) -> None:
    """Store that this reader can't read the document's content, and why.

    No effect on content that waits for ingestion. What an earlier reader made of it stays.
    """
    note = (
        f"It could not be read again by a newer version: {error.message.rstrip('.')}."
        " Answers use what an earlier version has read."
    )
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "content_hash": content_hash,
        "code": error.code,
        "message": error.message,
        "note": note,
        "reader_version": READER_VERSION,
    }
    await session.execute(_FAILED_AGAIN, parameters)


async def finish_document(
    session: AsyncSession,
    base: LockedBase,
    document_id: UUID,
    content_hash: bytes,
    prepared: PreparedDocument,
    text_hash: bytes,
    *,
    again: bool,
) -> bool:
    """Mark the document ready; False if its content has changed or it is gone.

    False as well if it was read `again` and waits for ingestion by now.
    """
    found = await session.scalar(
        _DOCUMENT_READY,
        {
            "account_id": base.account_id,
            "document_id": document_id,
            "content_hash": content_hash,
            "title": prepared.title,
            "language": prepared.language,
            "count": len(prepared.drafts),
            "text_hash": text_hash,
            "note": prepared.note,
            "again": again,
            "reader_version": READER_VERSION,
        },
    )
    return found is not None


async def is_ready(
    session: AsyncSession, account_id: AccountId, document_id: UUID, content_hash: bytes
) -> bool:
    """Tell whether this content of the document is already in the index."""
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "content_hash": content_hash,
    }
    return (await session.execute(_IS_READY, parameters)).first() is not None


async def delete_documents(
    session: AsyncSession, base: LockedBase, document_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Delete documents whose chunks are already gone; return those that existed."""
    rows = await session.scalars(
        _DELETE_DOCUMENTS, {"account_id": base.account_id, "ids": list(document_ids)}
    )
    return rows.all()


# Lock the document first, as every writer does: it may be deleted or get other content.
_KEEP: Final = text(
    "with waiting as materialized ("
    "  select account_id, id, content_hash, media_type from document"
    "   where account_id = :account_id and id = :document_id and content_hash = :content_hash"
    "    and status = 'pending' for no key update)"
    " insert into reading (account_id, document_id, content_hash, media_type, reader_version,"
    "  packed) select account_id, id, content_hash, media_type, :reader_version, :packed"
    "   from waiting"
    " on conflict (account_id, document_id) do update set content_hash = excluded.content_hash,"
    "  media_type = excluded.media_type, reader_version = excluded.reader_version,"
    "  packed = excluded.packed, created_at = now()"
)
_FORGET: Final = text(
    "delete from reading where account_id = :account_id and document_id = :document_id"
)
_FORGET_OTHERS: Final = text(
    "delete from reading r using document d where r.account_id = :account_id"
    " and r.document_id = :document_id and d.account_id = :account_id and d.id = r.document_id"
    " and (r.content_hash, r.media_type, r.reader_version)"
    "  is distinct from (d.content_hash, d.media_type, :reader_version)"
)


async def keep_reading(
    session: AsyncSession,
    account_id: AccountId,
    document_id: UUID,
    content_hash: bytes,
    packed: bytes,
) -> None:
    """Keep the reading of a document's content; no effect if that content no longer waits."""
    await session.execute(
        _KEEP,
        {
            "account_id": account_id,
            "document_id": document_id,
            "content_hash": content_hash,
            "reader_version": READER_VERSION,
            "packed": packed,
        },
    )


async def forget_reading(session: AsyncSession, account_id: AccountId, document_id: UUID) -> None:
    """Delete a document's reading, which has been ingested or never will be."""
    await session.execute(_FORGET, {"account_id": account_id, "document_id": document_id})


async def forget_other_readings(
    session: AsyncSession, account_id: AccountId, document_id: UUID
) -> None:
    """Delete a reading of other content than the document's, or by another reader version."""
    await session.execute(
        _FORGET_OTHERS,
        {
            "account_id": account_id,
            "document_id": document_id,
            "reader_version": READER_VERSION,
        },
    )
