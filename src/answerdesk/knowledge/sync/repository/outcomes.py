"""Records the result for a page, and stores its signals."""
# ruff: noqa: S608 - statements are put together from constants of this module only.

import zlib
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.sandbox import values
from answerdesk.knowledge.pages.types import Change
from answerdesk.knowledge.sync.repository.pages import pack_sketch, unpack_sketch
from answerdesk.knowledge.sync.types import Looked
from answerdesk.knowledge.website.outcomes import NotModified, PageFetched
from answerdesk.knowledge.website.signals import PageSignals

# The page's document is locked before the page, in ingestion's order, which prevents deadlocks.
_LOCK_DOCUMENT: Final = text(
    "select 1 from document where account_id = :account_id and id ="
    " (select document_id from page where account_id = :account_id and id = :page_id) for update"
)
_TAKE: Final = text(
    "select 1 from page where account_id = :account_id and id = :page_id"
    " and queued_in = :sync_id for update"
)
_LOOKED: Final = (
    "update page set queued_in = null, attempts = 0, seen_in = :sync_id,"
    " looked_at = clock_timestamp()"
)
_TRIED: Final = "fetched_at = case when :was_asked then clock_timestamp() else fetched_at end"
_WHERE: Final = " where account_id = :account_id and id = :page_id"
_NOT_TAKEN: Final = text(
    f"{_LOOKED}, state = case when state = 'gone' then state else :state end, reason_code = :code,"
    " reason = :reason, http_status = coalesce(:status, http_status),"
    f" redirected_to = :moved_to, missing_in = null, {_TRIED} {_WHERE}"
)
_MISSING: Final = text(
    f"{_LOOKED}, missing_in = :sync_id, reason_code = :code, reason = :reason,"
    f" http_status = coalesce(:status, http_status), redirected_to = :moved_to, {_TRIED} {_WHERE}"
)
_UNMODIFIED: Final = text(
    f"{_LOOKED}, state = 'good', reason_code = null, reason = null, http_status = :status,"
    " redirected_to = null, missing_in = null, last_seen_at = now(), fetched_at = now(),"
    " etag = coalesce(:etag, etag), last_modified = coalesce(:last_modified, last_modified)"
    f"{_WHERE}"
)
_GOOD: Final = text(
    f"{_LOOKED}, state = 'good', reason_code = null, reason = null, http_status = :status,"
    " redirected_to = null, missing_in = null, gone_at = null, last_seen_at = now(),"
    " fetched_at = now(), etag = :etag, last_modified = :last_modified, media_type = :media_type,"
    " content_hash = :content_hash, text_hash = :text_hash, sketch = :sketch,"
    " title = coalesce(title, :title), document_id = :document_id"
    f"{_WHERE}"
)
_LATER: Final = text(
    "update page set attempts = attempts + 1"
    " where account_id = :account_id and id = :page_id and queued_in = :sync_id returning id"
)
_BRING: Final = text(
    "update document set sync_id = :sync_id where account_id = :account_id and id = :document_id"
)
_CHANGE: Final = text(
    "insert into sync_change (account_id, sync_id, page_id, project_id, source_id, change, url,"
    " title, reason) select account_id, :sync_id, id, :project_id, source_id, :change, url, title,"
    f" :reason from page {_WHERE}"
    " on conflict (account_id, sync_id, page_id) do update set change = excluded.change,"
    " reason = excluded.reason, at = clock_timestamp()"
)
_IS_TEXT_KNOWN: Final = text(
    "select indexed_hash is not null from document"
    " where account_id = :account_id and id = :document_id"
)


class PageOutcomes:
    """Records the result for one page of a sync, in the caller's transaction."""

    def __init__(self, session: AsyncSession, sync_id: UUID, page_id: UUID) -> None:
        self._session = session
        self._key = {
            "account_id": tenant_of(session),
            "sync_id": sync_id,
            "page_id": page_id,
        }

    async def take(self) -> bool:
        """Lock the page; False if this sync has already recorded a result for it."""
        await self._session.execute(_LOCK_DOCUMENT, self._key)
        return await self._session.scalar(_TAKE, self._key) is not None

    async def later(self) -> bool:
        """Move the page to the end of the queue; False if it is no longer queued."""
        return await self._session.scalar(_LATER, self._key) is not None

    async def not_taken(self, looked: Looked, state: str) -> None:
        """Record why the page was not ingested; its earlier content stays."""
        await self._session.execute(_NOT_TAKEN, {**self._why(looked), "state": state})

    async def missing(self, looked: Looked) -> None:
        """Record that the page's content is missing; the end of the sync decides what happens."""
        await self._session.execute(_MISSING, self._why(looked))

    def _why(self, looked: Looked) -> dict[str, object]:
        return {
            **self._key,
            "code": looked.code,
            "reason": looked.reason,
            "status": looked.status,
            "moved_to": looked.moved_to,
            "was_asked": looked.site_failed is not None,
        }

    async def unmodified(self, answer: NotModified) -> None:
        parameters = {
            "status": answer.status,
            "etag": answer.etag,
            "last_modified": answer.last_modified,
        }
        await self._session.execute(_UNMODIFIED, {**self._key, **parameters})

    async def good(self, page: PageFetched, document_id: UUID) -> None:
        title = page.signals.title
        parameters = {
            "status": page.status,
            "etag": page.etag,
            "last_modified": page.last_modified,
            "media_type": page.media_type,
            "content_hash": page.content_hash,
            "text_hash": page.signals.text_hash,
            "sketch": pack_sketch(page.signals.sketch),
            "title": None if title is None else title.replace("\0", ""),
            "document_id": document_id,
        }
        await self._session.execute(_GOOD, {**self._key, **parameters})

    async def bring(self, document_id: UUID) -> bool:
        """Count a document in this sync; tell whether it was in the index before."""
        parameters = {**self._key, "document_id": document_id}
        await self._session.execute(_BRING, parameters)
        return bool(await self._session.scalar(_IS_TEXT_KNOWN, parameters))

    async def change(self, project_id: ProjectId, change: Change, reason: str | None) -> None:
        """Record a change of the page by this sync."""
        parameters = {"project_id": project_id, "change": change, "reason": reason}
        await self._session.execute(_CHANGE, {**self._key, **parameters})


_MOST_BYTES: Final = 512 * 1024
"""Maximum size stored, uncompressed: a page with thousands of links is read again instead."""

_KEEP: Final = text(
    "insert into page_signals (account_id, document_id, content_hash, reader_version, packed)"
    " values (:account_id, :document_id, :content_hash, :reader_version, :packed)"
    " on conflict (account_id, document_id) do update set content_hash = excluded.content_hash,"
    "  reader_version = excluded.reader_version, packed = excluded.packed"
)
_FORGET: Final = text(
    "delete from page_signals where account_id = :account_id and document_id = :document_id"
)
# Text hash and sketch come from the page's row; they are not stored twice.
_RECALL: Final = text(
    "select g.text_hash, g.sketch, s.packed from page g join page_signals s"
    "  on s.account_id = :account_id and s.document_id = g.document_id"
    "  and s.content_hash = g.content_hash and s.reader_version = :reader_version"
    " where g.account_id = :account_id and g.source_id = :source_id and g.url = :url"
    "  and g.state = 'good' and g.content_hash = :content_hash and g.media_type = :media_type"
)


async def keep_signals(session: AsyncSession, document_id: UUID, page: PageFetched) -> None:
    """Store the signals of an ingested page for as long as its document exists.

    Has no effect if the page was not read because its signals are already stored.
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
    """Return the stored signals of a good page with exactly these bytes; None if there are none."""
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
