"""Pages found missing by a sync: which are removed, which are held, which stay."""

# ruff: noqa: S608 - statements are built from constants of this module only.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.knowledge.sync.repository.pages import MOST_MOVES, MOVED

_MOST_MOVES: Final = 10

_BY_OWNER: Final = "g.reason_code in ('excluded', 'not_included')"
_MISSING: Final = (
    " from page g join document d on d.account_id = g.account_id and d.id = g.document_id"
    " where g.account_id = :account_id and g.source_id = :source_id and g.missing_in = :sync_id"
)
# A page that has moved stays until its content is in the answers from the new address. If it has
# moved only temporarily, it stays unless the new address has exactly the same text. The new address
# may redirect further.
_KEEP_UNLESS_THERE: Final = text(
    "with recursive led as (select g.id, g.text_hash, g.redirected_to as url, 1 as moves,"
    "   coalesce(g.reason_code = 'moved_temporarily', false) as for_now from page g"
    "  where g.account_id = :account_id and g.source_id = :source_id"
    "   and g.missing_in = :sync_id and g.redirected_to is not null"
    " union all select l.id, l.text_hash, o.redirected_to, l.moves + 1,"
    "   l.for_now or coalesce(o.reason_code = 'moved_temporarily', false) from led l"
    "  join page o on o.account_id = :account_id and o.source_id = :source_id and o.url = l.url"
    f"  where o.redirected_to is not null and l.moves < {_MOST_MOVES}),"
    " there as (select l.id from led l"
    "  join page o on o.account_id = :account_id and o.source_id = :source_id and o.url = l.url"
    "  join document d on d.account_id = o.account_id and d.id = o.document_id"
    "  where o.state = 'good' and d.status = 'ready' and o.missing_in is null"
    "   and (not l.for_now or o.text_hash = l.text_hash)),"
    " kept as (update page set missing_in = null, state = 'failed', reason = :reason"
    " where account_id = :account_id and source_id = :source_id and missing_in = :sync_id"
    "  and redirected_to is not null and not exists (select 1 from there where there.id = page.id)"
    "  returning id, project_id, source_id, url, title),"
    " told as (insert into sync_change"
    "  (account_id, sync_id, page_id, project_id, source_id, change, url, title, reason)"
    "  select :account_id, :sync_id, id, project_id, source_id, 'failed', url, title, :reason"
    "  from kept on conflict do nothing returning 1)"
    " select (select count(*) from kept) as kept, (select count(*) from told) as told"
)
# Pages whose redirects end at one that failed with its own, or do not end. A page that is gone
# stays so.
_FAIL_CIRCLES: Final = text(
    "with recursive led as (select g.id, g.redirected_to as url, 1 as moves from page g"
    "  where g.account_id = :account_id and g.source_id = :source_id"
    f"   and g.seen_in = :sync_id and {MOVED}"
    " union all select l.id, g.redirected_to, l.moves + 1 from led l join page g"
    "  on g.account_id = :account_id and g.source_id = :source_id and g.url = l.url"
    f"  where g.seen_in = :sync_id and {MOVED} and l.moves <= {MOST_MOVES}),"
    f" ids as (select id from led where moves > {MOST_MOVES}"
    "  union select l.id from led l join page g"
    "   on g.account_id = :account_id and g.source_id = :source_id and g.url = l.url"
    "  where g.seen_in = :sync_id and g.reason_code = 'http_error'"
    "   and g.http_status between 300 and 399),"
    " lost as (select g.id, g.state, g.missing_in is not null as is_missing from page g"
    "  join ids on ids.id = g.id where g.account_id = :account_id),"
    " failed as (update page g set missing_in = null, reason_code = 'http_error',"
    "  reason = :reason, state = case when g.state = 'gone' then g.state else 'failed' end"
    "  from lost where g.account_id = :account_id and g.id = lost.id"
    "  returning g.id, g.project_id, g.source_id, g.url, g.title, g.state),"
    " told as (insert into sync_change"
    "  (account_id, sync_id, page_id, project_id, source_id, change, url, title, reason)"
    "  select :account_id, :sync_id, id, project_id, source_id, 'failed', url, title, :reason"
    "  from failed where state <> 'gone' on conflict do nothing returning 1)"
    " select count(*) filter (where is_missing) as missing,"
    "  count(*) filter (where not is_missing and state = 'skipped') as skipped,"
    "  (select count(*) from told) as told from lost"
)
_COUNT: Final = text(
    f"select count(*) filter (where not coalesce({_BY_OWNER}, false)) as gone,"
    f" count(*) filter (where {_BY_OWNER}) as by_owner {_MISSING}"
)
_GOOD: Final = text(
    "select count(*) from page g"
    " join document d on d.account_id = g.account_id and d.id = g.document_id"
    " where g.account_id = :account_id and g.source_id = :source_id and g.state <> 'gone'"
    f" and not (coalesce(g.missing_in = :sync_id, false) and coalesce({_BY_OWNER}, false))"
)
_HOLD: Final = text(
    "with held as (update page g set missing_in = null, reason_code = 'removal_held',"
    " reason = :reason where g.account_id = :account_id and g.source_id = :source_id"
    f" and g.missing_in = :sync_id and not coalesce({_BY_OWNER}, false)"
    "  returning g.id, g.project_id, g.source_id, g.url, g.title),"
    " told as (insert into sync_change"
    "  (account_id, sync_id, page_id, project_id, source_id, change, url, title, reason)"
    "  select :account_id, :sync_id, id, project_id, source_id, 'held', url, title, :reason"
    "  from held on conflict do nothing returning 1)"
    " select count(*) from held cross join (select count(*) from told) as written"
)
_NEXT: Final = text(f"select g.id, g.url, g.document_id {_MISSING} order by g.url limit :limit")
_CHUNKS: Final = text(
    "insert into sync_change (account_id, sync_id, page_id, project_id, source_id, change, url,"
    " title, reason, chunks_removed)"
    " select g.account_id, :sync_id, g.id, g.project_id, g.source_id, 'removed', g.url, g.title,"
    f" g.reason, d.chunk_count {_MISSING} and g.id = any(cast(:page_ids as uuid[]))"
    " on conflict (account_id, sync_id, page_id) do update set change = 'removed',"
    "  reason = excluded.reason, chunks_removed = excluded.chunks_removed"
)
_GO: Final = text(
    "update page set state = 'gone', gone_at = now(), missing_in = null"
    " where account_id = :account_id and id = any(cast(:page_ids as uuid[]))"
)
# Pages skipped as duplicates of a page that would go are fetched again before it goes.
_AGAIN: Final = text(
    "with again as (update page set queued_in = :sync_id, attempts = 0, redirected_to = null"
    " where account_id = :account_id and source_id = :source_id and state = 'skipped'"
    "  and reason_code = 'duplicate' and redirected_to in (select g.url from page g"
    "   where g.account_id = :account_id and g.source_id = :source_id"
    "    and g.missing_in = :sync_id) returning seen_in)"
    " select count(*) as queued, count(*) filter (where seen_in = :sync_id) as counted from again"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A page to remove, and its document."""

    page_id: UUID
    url: str
    document_id: UUID


@dataclass(frozen=True, slots=True)
class MissingCount:
    """How many pages would go, how many more by the owner's patterns, and out of how many."""

    gone: int
    by_owner: int
    of: int


class Removals:
    """The pages of a source that a sync has found missing, in the caller's transaction."""

    def __init__(self, session: AsyncSession, source_id: UUID, sync_id: UUID) -> None:
        self._session = session
        self._key = {
            "account_id": tenant_of(session),
            "source_id": source_id,
            "sync_id": sync_id,
        }

    async def fail_circles(self, reason: str) -> tuple[int, int]:
        """Record pages as failed whose redirects go in a circle, or are too many.

        Returns how many of them were missing, and how many skipped.
        """
        row = (await self._session.execute(_FAIL_CIRCLES, {**self._key, "reason": reason})).one()
        return int(row.missing), int(row.skipped)

    async def keep_unless_there(self, reason: str) -> int:
        """Keep pages whose new address is not in the answers; return how many."""
        row = (
            await self._session.execute(_KEEP_UNLESS_THERE, {**self._key, "reason": reason})
        ).one()
        return int(row.kept)

    async def count(self) -> MissingCount:
        """Count the pages that would go, and the source's pages in the answers."""
        row = (await self._session.execute(_COUNT, self._key)).one()
        return MissingCount(row.gone, row.by_owner, await self._session.scalar(_GOOD, self._key))

    async def hold(self, reason: str) -> int:
        """Hold all removals except those by the owner's patterns; return how many."""
        return int(await self._session.scalar(_HOLD, {**self._key, "reason": reason}) or 0)

    async def next(self, limit: int) -> Sequence[Missing]:
        rows = await self._session.execute(_NEXT, {**self._key, "limit": limit})
        return [Missing(row.id, row.url, row.document_id) for row in rows]

    async def note(self, pages: Sequence[Missing]) -> None:
        """Record the removals in the sync's changes; call it while the documents still exist."""
        await self._session.execute(_CHUNKS, {**self._key, **_ids(pages)})

    async def go(self, pages: Sequence[Missing]) -> None:
        await self._session.execute(_GO, {**self._key, **_ids(pages)})

    async def look_at_doubles(self) -> tuple[int, int]:
        """Queue the pages that were skipped as duplicates of missing pages.

        Returns how many, and how many of these the sync has already counted as skipped.
        """
        row = (await self._session.execute(_AGAIN, self._key)).one()
        return row.queued, row.counted


def _ids(pages: Sequence[Missing]) -> dict[str, object]:
    return {"page_ids": [page.page_id for page in pages]}
