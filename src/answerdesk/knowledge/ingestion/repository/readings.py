"""Readings: what was read of documents that wait to be taken in.

A reading is of a document's content as it is at the moment, by the present reader, or is none.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.ingestion.readings import READER_VERSION

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
