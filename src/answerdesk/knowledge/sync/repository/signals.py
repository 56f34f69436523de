"""What was read of pages besides their text: a page with the same bytes is not read again."""

import zlib
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.knowledge.crawl.outcomes import PageFetched
from answerdesk.knowledge.crawl.signals import PageSignals
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.sandbox import values
from answerdesk.knowledge.sync.repository.sketches import unpack_sketch

_MOST_BYTES: Final = 512 * 1024
"""The largest that are kept, before they are packed: a page of thousands of links is read again."""

_KEEP: Final = text(
    "insert into page_signals (account_id, document_id, content_hash, reader_version, packed)"
    " values (:account_id, :document_id, :content_hash, :reader_version, :packed)"
    " on conflict (account_id, document_id) do update set content_hash = excluded.content_hash,"
    "  reader_version = excluded.reader_version, packed = excluded.packed"
)
_FORGET: Final = text(
    "delete from page_signals where account_id = :account_id and document_id = :document_id"
)
# What the ledger has of the page itself is not kept twice.
_RECALL: Final = text(
    "select g.text_hash, g.sketch, s.packed from page g join page_signals s"
    "  on s.account_id = :account_id and s.document_id = g.document_id"
    "  and s.content_hash = g.content_hash and s.reader_version = :reader_version"
    " where g.account_id = :account_id and g.source_id = :source_id and g.url = :url"
    "  and g.state = 'good' and g.content_hash = :content_hash and g.media_type = :media_type"
)


async def keep_signals(session: AsyncSession, document_id: UUID, page: PageFetched) -> None:
    """Keep what was read of a page that is taken in, for as long as its document is there.

    Of no effect where nothing was read because it is kept already.
    """
    if page.reading is None:
        return
    parameters = {"account_id": tenant_of(session), "document_id": document_id}
    written = values.dump(replace(page.reading.signals, text_hash=b"", sketch=()))
    if len(written) > _MOST_BYTES:
        await session.execute(_FORGET, parameters)
        return
    read = {
        "content_hash": page.content_hash,
        "reader_version": READER_VERSION,
        "packed": zlib.compress(written),
    }
    await session.execute(_KEEP, {**parameters, **read})


async def recall_signals(
    session: AsyncSession, source_id: UUID, url: str, content_hash: bytes, media_type: str
) -> PageSignals | None:
    """Return what was read of a good page with just these bytes; None where none is kept."""
    parameters = {
        "account_id": tenant_of(session),
        "source_id": source_id,
        "url": url,
        "content_hash": content_hash,
        "media_type": media_type,
        "reader_version": READER_VERSION,
    }
    row = (await session.execute(_RECALL, parameters)).first()
    if row is None:
        return None
    try:
        content = zlib.decompressobj().decompress(bytes(row.packed), _MOST_BYTES)
        kept = values.load(PageSignals, content)
    except (zlib.error, values.WrongShape):
        return None
    return replace(kept, text_hash=bytes(row.text_hash), sketch=unpack_sketch(row.sketch))
