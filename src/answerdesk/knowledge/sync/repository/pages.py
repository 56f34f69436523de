"""The queue of a sync: the pages still to be fetched, and what is known of them."""
# ruff: noqa: S608 - statements are put together from constants of this module only.

import struct
from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.pages.types import FoundBy
from answerdesk.knowledge.sync.types import KnownText, QueuedPage
from answerdesk.knowledge.website.signals import Sketch


def pack_sketch(sketch: Sketch) -> bytes:
    """Pack a sketch for storage: 64-bit numbers, big-endian."""
    return struct.pack(f">{len(sketch)}Q", *sketch)


def unpack_sketch(stored: bytes | None) -> Sketch:
    """Read a stored sketch; None gives an empty one."""
    content = bytes(stored or b"")
    return struct.unpack(f">{len(content) // 8}Q", content)


MOST_MOVES: Final = 20
"""Redirects that browsers follow."""

MOVED: Final = "g.redirected_to is not null and g.reason_code in ('moved', 'moved_temporarily')"
"""What is true of a page `g` that redirects to another page of its source."""

# A page that is gone is still fetched for 30 days, because it may come back without a new link to
# it. It counts only if it does.
_QUEUE_KNOWN: Final = text(
    "with queued as (update page set queued_in = :sync_id, attempts = 0, missing_in = null"
    " where account_id = :account_id and source_id = :source_id"
    "  and case when cast(:only_page as uuid) is not null then id = cast(:only_page as uuid)"
    "   when :only_failed then state = 'failed'"
    "   else state <> 'gone' or gone_at > now() - interval '30 days' end"
    "  and queued_in is distinct from :sync_id returning state)"
    " select count(*) filter (where state <> 'gone') from queued"
)
# A page that is known, or was already found in this sync, is not queued twice; a gone page counts
# as found again.
_ADD: Final = text(
    "with given as (select url, min(place) as place"
    "  from unnest(cast(:urls as text[])) with ordinality as u (url, place) group by url),"
    " added as (insert into page as g (account_id, id, project_id, source_id, url, found_by,"
    "  linked_from, depth, queued_in)"
    "  select :account_id, gen_random_uuid(), :project_id, :source_id, url, :found_by,"
    "  :linked_from, :depth, :sync_id from given order by place"
    "  on conflict (account_id, source_id, url) do update set queued_in = :sync_id, attempts = 0,"
    "   found_by = excluded.found_by, linked_from = excluded.linked_from"
    "   where g.state in ('gone', 'found') and g.seen_in is distinct from :sync_id"
    "   and g.queued_in is distinct from :sync_id"
    "  returning g.state) select count(*) filter (where state <> 'gone') from added"
)
_COLUMNS: Final = (
    "g.id, g.url, g.found_by, g.depth, g.attempts, g.state, g.etag, g.last_modified,"
    " g.content_hash, g.text_hash, g.sketch, g.document_id, d.id is not null as has_document"
)
_NEXT: Final = text(
    f"select {_COLUMNS} from page g"
    " left join document d on d.account_id = g.account_id and d.id = g.document_id"
    " where g.account_id = :account_id and g.source_id = :source_id and g.queued_in = :sync_id"
    " and not (g.id = any(cast(:but as uuid[])))"
    " order by g.attempts, g.depth, g.url limit :limit"
)
_OTHER: Final = text(
    f"select {_COLUMNS} from page g"
    " join document d on d.account_id = g.account_id and d.id = g.document_id"
    " where g.account_id = :account_id and g.source_id = :source_id and g.state = 'good'"
    " and not (g.id = any(cast(:but as uuid[]))) order by g.depth, g.url limit 1"
)
_KNOWN: Final = (
    "select g.id, g.url, g.state, g.sketch, g.text_hash, g.seen_in = :sync_id as seen_now,"
    " coalesce(g.missing_in = :sync_id, false) as is_going,"
    " exists (select 1 from sync_change c where c.account_id = g.account_id"
    "  and c.sync_id = :sync_id and c.page_id = g.id and c.change = 'changed') as changed_now,"
    " exists (select 1 from document d where d.account_id = g.account_id"
    "  and d.id = g.document_id) as has_document"
    " from page g where g.account_id = :account_id and g.source_id = :source_id"
)
_SAME_TEXT: Final = text(
    f"{_KNOWN} and g.text_hash = :text_hash and g.id <> :page_id and g.state = 'good'"
    " order by g.seen_in = :sync_id desc nulls last, g.depth, g.url"
)
_AT: Final = text(f"{_KNOWN} and g.url = :url")
# Only what this sync has seen counts: an earlier redirect may have ended.
_LEADS_BACK: Final = text(
    "with recursive led as (select cast(:start as text) as url, 0 as moves"
    " union select g.redirected_to, l.moves + 1 from led l join page g"
    "  on g.account_id = :account_id and g.source_id = :source_id and g.url = l.url"
    f"  where g.seen_in = :sync_id and {MOVED} and l.moves < {MOST_MOVES} and g.url <> :url)"
    " select exists (select 1 from led where url = :url)"
)
_TAKEN_IN: Final = text(
    "select count(*) from page g"
    " join document d on d.account_id = g.account_id and d.id = g.document_id"
    " where g.account_id = :account_id and g.source_id = :source_id and g.state <> 'gone'"
)
_ADDRESSES: Final = text(
    "select url from page where account_id = :account_id and source_id = :source_id"
    " and state <> 'gone'"
)
_BY_SITEMAP: Final = text(
    "select exists (select 1 from page where account_id = :account_id and source_id = :source_id"
    " and found_by = 'sitemap')"
)


class SyncPages:
    """The pages of one source in one sync, in the caller's transaction."""

    def __init__(self, session: AsyncSession, source_id: UUID, sync_id: UUID) -> None:
        self._session = session
        self._key = {
            "account_id": tenant_of(session),
            "source_id": source_id,
            "sync_id": sync_id,
        }

    async def queue_known(self, *, only_failed: bool, only_page: UUID | None = None) -> int:
        """Queue the known pages, or one of them; return how many, not counting gone pages."""
        wanted = {"only_failed": only_failed, "only_page": only_page}
        return int(await self._session.scalar(_QUEUE_KNOWN, {**self._key, **wanted}))

    async def add(
        self,
        project_id: ProjectId,
        urls: Sequence[str],
        found_by: FoundBy,
        depth: int,
        *,
        linked_from: str | None = None,
    ) -> int:
        """Queue found pages unless they are known; return how many, not counting gone pages.

        `linked_from` is the address of the page that links to them, if any.
        """
        if not urls:
            return 0
        parameters = {
            "project_id": project_id,
            "urls": list(urls),
            "found_by": found_by,
            "linked_from": linked_from,
            "depth": depth,
        }
        return int(await self._session.scalar(_ADD, {**self._key, **parameters}))

    async def next(self, limit: int, but: Collection[UUID]) -> Sequence[QueuedPage]:
        """Return pages to fetch, except those in `but`: fewest attempts first, then least depth."""
        rows = await self._session.execute(_NEXT, {**self._key, "limit": limit, "but": list(but)})
        return [_queued(row) for row in rows]

    async def another(self, but: Collection[UUID]) -> QueuedPage | None:
        """Return a page that is in the answers, except those in `but`."""
        row = (await self._session.execute(_OTHER, {**self._key, "but": list(but)})).first()
        return None if row is None else _queued(row)

    async def with_text(self, text_hash: bytes, page_id: UUID) -> Sequence[KnownText]:
        """Return the other pages with the same text, those seen in this sync first."""
        parameters = {"text_hash": text_hash, "page_id": page_id}
        rows = await self._session.execute(_SAME_TEXT, {**self._key, **parameters})
        return [_known(row) for row in rows]

    async def at(self, url: str) -> KnownText | None:
        row = (await self._session.execute(_AT, {**self._key, "url": url})).first()
        return None if row is None else _known(row)

    async def leads_back(self, start: str, url: str) -> bool:
        """Tell whether the redirects that begin at `start` lead to `url`, as far as is known."""
        parameters = {"start": start, "url": url}
        return bool(await self._session.scalar(_LEADS_BACK, {**self._key, **parameters}))

    async def taken_in(self) -> int:
        """Count the source's pages that are ingested or being ingested."""
        return int(await self._session.scalar(_TAKEN_IN, self._key))

    async def addresses(self) -> Sequence[str]:
        """Return the addresses of the known pages, except gone pages."""
        return [row.url for row in await self._session.execute(_ADDRESSES, self._key)]

    async def has_sitemap(self) -> bool:
        """Tell whether any page of this source was found by a sitemap."""
        return bool(await self._session.scalar(_BY_SITEMAP, self._key))


def _queued(row: Row[Any]) -> QueuedPage:
    return QueuedPage(
        id=row.id,
        url=row.url,
        found_by=row.found_by,
        depth=row.depth,
        attempts=row.attempts,
        state=row.state,
        etag=row.etag,
        last_modified=row.last_modified,
        content_hash=None if row.content_hash is None else bytes(row.content_hash),
        text_hash=None if row.text_hash is None else bytes(row.text_hash),
        sketch=unpack_sketch(row.sketch),
        document_id=row.document_id,
        has_document=row.has_document,
    )


def _known(row: Row[Any]) -> KnownText:
    return KnownText(
        page_id=row.id,
        url=row.url,
        state=row.state,
        sketch=unpack_sketch(row.sketch),
        text_hash=None if row.text_hash is None else bytes(row.text_hash),
        has_document=row.has_document,
        seen_now=bool(row.seen_now),
        changed_now=row.changed_now,
        is_going=row.is_going,
    )
