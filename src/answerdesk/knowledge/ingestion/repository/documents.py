"""The documents' own rows, where ingestion reads, finishes or deletes them, and their readings.

A reading is of a document's content as it is at the moment, by the present reader, or is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.errors import DomainError
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.repository.base import LockedBase

# What was read of it already spares its bytes, which are far more.
_PENDING = text(
    "select d.project_id, d.path, d.given_title, d.media_type, d.content_hash, r.packed as reading,"
    "  case when r.packed is null then d.content end as content"
    " from document d left join reading r on r.account_id = :account_id and r.document_id = d.id"
    "  and r.content_hash = d.content_hash and r.media_type = d.media_type"
    "  and r.reader_version = :reader_version"
    " where d.account_id = :account_id and d.id = :document_id and d.status = 'pending'"
)
_CONTENT = text(
    "select content from document where account_id = :account_id and id = :document_id"
    " and content_hash = :content_hash and status = 'pending'"
)
_PROGRESS = text(
    "update document set chunks_done = :done, chunks_total = :total"
    " where account_id = :account_id and id = :document_id"
)
_FAILED = text(
    "update document set status = 'failed', error_code = :code, error = :message"
    " where account_id = :account_id and id = :document_id and content_hash = :content_hash"
    " and status = 'pending' returning id"
)
_DOCUMENT_READY = text(
    "update document set status = 'ready', error_code = null, error = null, title = :title,"
    " language = :language, indexed_hash = content_hash, chunk_count = :count,"
    " reader_version = :reader_version,"
    " chunks_total = null, chunks_done = null, text_hash = :text_hash, text_changed_at ="
    " case when text_hash is distinct from :text_hash then now() else text_changed_at end"
    " where account_id = :account_id and id = :document_id and content_hash = :content_hash"
    " returning id"
)
_IS_READY = text(
    "select 1 from document where account_id = :account_id and id = :document_id"
    " and content_hash = :content_hash and status = 'ready'"
)
_DELETE_DOCUMENTS = text(
    "delete from document where account_id = :account_id and id = any(:ids) returning id"
)


@dataclass(frozen=True, slots=True)
class PendingContent:
    """A document's content that is to be ingested, with what identifies and describes it.

    Where it has been read already, `reading` is what was read of it, packed, and `content` None;
    else `content` is its bytes.
    """

    project_id: ProjectId
    path: str
    title: str | None
    media_type: str
    content_hash: bytes
    reading: bytes | None
    content: bytes | None


async def pending_content(
    session: AsyncSession, account_id: AccountId, document_id: UUID
) -> PendingContent | None:
    """Return what is to be ingested of a document; None when it is gone or needs nothing."""
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "reader_version": READER_VERSION,
    }
    row = (await session.execute(_PENDING, parameters)).first()
    if row is None:
        return None
    return PendingContent(
        project_id=ProjectId(row.project_id),
        path=row.path,
        title=row.given_title,
        media_type=row.media_type,
        content_hash=bytes(row.content_hash),
        reading=None if row.reading is None else bytes(row.reading),
        content=None if row.content is None else bytes(row.content),
    )


async def content_of(
    session: AsyncSession, account_id: AccountId, document_id: UUID, content_hash: bytes
) -> bytes | None:
    """Return the bytes of a document whose reading is of no use; None when they wait no more."""
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "content_hash": content_hash,
    }
    row = (await session.execute(_CONTENT, parameters)).first()
    return None if row is None else bytes(row.content)


async def note_progress(
    session: AsyncSession, account_id: AccountId, document_id: UUID, done: int, total: int
) -> None:
    """Note how many of the document's chunks are embedded."""
    parameters = {"account_id": account_id, "document_id": document_id}
    await session.execute(_PROGRESS, {**parameters, "done": done, "total": total})


async def mark_failed(
    session: AsyncSession,
    account_id: AccountId,
    document_id: UUID,
    content_hash: bytes,
    error: DomainError,
) -> bool:
    """Note why this content of the document could not be taken in.

    False when it has moved on, or somebody else could.
    """
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "content_hash": content_hash,
        "code": error.code,
        "message": error.message,
    }
    return await session.scalar(_FAILED, parameters) is not None


async def finish_document(
    session: AsyncSession,
    base: LockedBase,
    document_id: UUID,
    content_hash: bytes,
    *,
    title: str,
    language: str,
    chunk_count: int,
    text_hash: bytes,
) -> bool:
    """Mark the document ready; False when its content has changed meanwhile, or it is gone."""
    found = await session.scalar(
        _DOCUMENT_READY,
        {
            "account_id": base.account_id,
            "document_id": document_id,
            "content_hash": content_hash,
            "title": title,
            "language": language,
            "count": chunk_count,
            "text_hash": text_hash,
            "reader_version": READER_VERSION,
        },
    )
    return found is not None


async def is_ready(
    session: AsyncSession, account_id: AccountId, document_id: UUID, content_hash: bytes
) -> bool:
    """Tell whether this content of the document is in the index already."""
    parameters = {
        "account_id": account_id,
        "document_id": document_id,
        "content_hash": content_hash,
    }
    return (await session.execute(_IS_READY, parameters)).first() is not None


async def delete_documents(
    session: AsyncSession, base: LockedBase, document_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Delete documents whose chunks are gone already; returns those that were there."""
    rows = await session.scalars(
        _DELETE_DOCUMENTS, {"account_id": base.account_id, "ids": list(document_ids)}
    )
    return rows.all()


# The document is locked first, as everybody does who changes it: it may go, or get other content.
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
    """Keep what was read of a document's content; of no effect where that waits no more."""
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
    """Delete what was read of a document, which has been taken in or never will be."""
    await session.execute(_FORGET, {"account_id": account_id, "document_id": document_id})


async def forget_other_readings(
    session: AsyncSession, account_id: AccountId, document_id: UUID
) -> None:
    """Delete what was read of other content than the document has now, or by another reader."""
    await session.execute(
        _FORGET_OTHERS,
        {
            "account_id": account_id,
            "document_id": document_id,
            "reader_version": READER_VERSION,
        },
    )
