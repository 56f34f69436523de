"""SQL of pages, syncs and changes: reads them, and records the result of ingesting a page."""
# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.pages.types import Page, PageState, Sync, SyncChange, WantedPages


@dataclass(frozen=True, slots=True)
class Ingested:
    """What ingesting a document has changed: chunks added and removed, and whether its text did."""

    chunks_added: int
    chunks_removed: int
    text_changed: bool


# A document names its sync until its content is ingested, so that nothing counts twice.
_SYNC_OF: Final = (
    " select sync_id from document where account_id = :account_id and id = :document_id"
)
_SETTLE: Final = text(
    "update document set sync_id = null where account_id = :account_id and id = :document_id"
)
_COUNT: Final = text(
    "update sync set parsed = parsed + 1, chunks_embedded = chunks_embedded + :added,"
    " unchanged = unchanged + :unchanged"
    " where account_id = :account_id and id = :sync_id"
)
_COUNT_FAILED: Final = text(
    "update sync set failed = failed + 1 where account_id = :account_id and id = :sync_id"
)
# The page's state is left alone: its fetch set it, and a later fetch may have set it since.
_INGESTED: Final = text(
    "with noted as (update page g set title = d.title,"
    " changed_at = case when :text_changed then now() else g.changed_at end"
    " from document d where g.account_id = :account_id and g.document_id = :document_id"
    "  and g.state <> 'gone' and d.account_id = :account_id and d.id = :document_id)"
    f"{_SYNC_OF}"
)
# Only a failure of reading is over; whatever else a later fetch has found stays.
_WAS_UNREADABLE: Final = "g.state = 'failed' and g.reason_code = :failed_with"
_READ_AGAIN: Final = text(
    "update page g set title = d.title,"
    f" state = case when {_WAS_UNREADABLE} then 'good' else g.state end,"
    f" reason_code = case when {_WAS_UNREADABLE} then null else g.reason_code end,"
    f" reason = case when {_WAS_UNREADABLE} then null else g.reason end"
    " from document d where g.account_id = :account_id and g.document_id = :document_id"
    " and g.state <> 'gone' and d.account_id = :account_id and d.id = :document_id"
)
_CHANGE: Final = text(
    "update sync_change c set chunks_added = :added, chunks_removed = :removed, title = g.title"
    " from page g where c.account_id = :account_id and c.sync_id = :sync_id"
    "  and c.change in ('added', 'changed') and c.page_id = g.id"
    "  and g.account_id = :account_id and g.document_id = :document_id"
)
# Other bytes with the same text, such as a new build number in the head, are not a change.
_NO_CHANGE: Final = text(
    "delete from sync_change c using page g"
    " where c.account_id = :account_id and c.sync_id = :sync_id and c.change = 'changed'"
    "  and c.page_id = g.id and g.account_id = :account_id and g.document_id = :document_id"
    " returning 1"
)
_UNREADABLE: Final = text(
    "with noted as (update page set state = 'failed', reason_code = :code, reason = :reason"
    " where account_id = :account_id and document_id = :document_id and state <> 'gone')"
    f"{_SYNC_OF}"
)
_FAILED_CHANGE: Final = text(
    "update sync_change c set change = 'failed', reason = :reason from page g"
    " where c.account_id = :account_id and c.sync_id = :sync_id and c.page_id = g.id"
    "  and g.account_id = :account_id and g.document_id = :document_id"
)


async def note_ingested(
    session: AsyncSession, account_id: AccountId, document_id: UUID, result: Ingested
) -> None:
    """Record that a document is in the index now; no effect if it does not belong to a page."""
    document = {"account_id": account_id, "document_id": document_id}
    sync_id = await session.scalar(_INGESTED, {**document, "text_changed": result.text_changed})
    if sync_id is None:
        return
    sync = {**document, "sync_id": sync_id}
    unchanged = 0
    if result.text_changed:
        counts = {"added": result.chunks_added, "removed": result.chunks_removed}
        await session.execute(_CHANGE, {**sync, **counts})
    else:
        unchanged = len((await session.execute(_NO_CHANGE, sync)).all())
    counted = {"added": result.chunks_added, "unchanged": unchanged}
    await session.execute(_COUNT, {"account_id": account_id, "sync_id": sync_id, **counted})
    await session.execute(_SETTLE, document)


async def note_read_again(
    session: AsyncSession, account_id: AccountId, document_id: UUID, failed_with: str | None
) -> None:
    """Record that a page's document was read again; the page itself has not changed.

    If reading it had failed with this error, the page is good now.
    """
    document = {"account_id": account_id, "document_id": document_id}
    await session.execute(_READ_AGAIN, {**document, "failed_with": failed_with})


async def note_unreadable(
    session: AsyncSession, account_id: AccountId, document_id: UUID, code: str, reason: str
) -> None:
    """Record that a document could not be ingested; its earlier content still answers."""
    document = {"account_id": account_id, "document_id": document_id}
    sync_id = await session.scalar(_UNREADABLE, {**document, "code": code, "reason": reason})
    if sync_id is None:
        return
    await session.execute(_COUNT_FAILED, {"account_id": account_id, "sync_id": sync_id})
    await session.execute(_FAILED_CHANGE, {**document, "sync_id": sync_id, "reason": reason})
    await session.execute(_SETTLE, document)


# Counts that are not stored come from few rows, which an index finds; an ended sync has no waiting
# pages. A page counts as changed only once its text is known to differ, so that no count falls.
_RUNNING: Final = "s.state in ('queued', 'fetching', 'indexing')"
_SYNC: Final = (
    "select s.*,"
    f" case when {_RUNNING} then (select count(*) from page g where g.account_id = s.account_id"
    "  and g.source_id = s.source_id and g.queued_in = s.id) else 0 end as waiting,"
    " (select count(*) from document d where d.account_id = s.account_id"
    "  and d.source_id = s.source_id and d.sync_id = s.id and d.status = 'pending') as indexing,"
    " case when s.state = 'fetching' then (select count(*) from page g"
    "  where g.account_id = s.account_id and g.source_id = s.source_id and g.seen_in = s.id"
    "  and g.looked_at > clock_timestamp() - interval '1 minute') else 0 end as recent,"
    " c.added, c.changed,"
    " least(60.0, extract(epoch from clock_timestamp() - s.started_at))::float8 as recent_seconds,"
    " extract(epoch from clock_timestamp() - s.started_at)::float8 as running_seconds"
    " from sync s cross join lateral ("
    "  select count(*) filter (where n.change = 'added') as added,"
    "   count(*) filter (where n.change = 'changed' and n.chunks_added + n.chunks_removed > 0)"
    "    as changed"
    "  from sync_change n where n.account_id = s.account_id and n.sync_id = s.id) c"
    " where s.account_id = :account_id"
)
_ONE_SYNC: Final = text(f"{_SYNC} and s.source_id = :source_id and s.id = :sync_id")
_SYNCS_OF: Final = text(f"{_SYNC} and s.id = any(:sync_ids)")
_SYNCS: Final = text(
    f"{_SYNC} and s.source_id = :source_id and (cast(:at as timestamptz) is null"
    "  or (s.created_at, s.id) < (cast(:at as timestamptz), cast(:id as uuid)))"
    " order by s.created_at desc, s.id desc limit :limit"
)
_LAST_SYNCS: Final = text(
    f"{_SYNC} and s.id in (select last.id"
    "  from unnest(cast(:source_ids as uuid[])) as wanted (source_id) cross join lateral ("
    "   select n.id from sync n where n.account_id = :account_id"
    "    and n.source_id = wanted.source_id order by n.created_at desc, n.id desc limit 1) last)"
)
_PAGE: Final = (
    "select g.*, d.chunk_count from page g"
    " left join document d on d.account_id = g.account_id and d.id = g.document_id"
    " where g.account_id = :account_id"
)
_ONE_PAGE: Final = text(f"{_PAGE} and g.project_id = :project_id and g.id = :page_id")
_PAGES: Final = text(
    f"{_PAGE} and g.source_id = :source_id"
    " and (cast(:state as text) is null or g.state = :state)"
    " and (cast(:after as uuid) is null or g.url > (select o.url from page o"
    "  where o.account_id = :account_id and o.id = cast(:after as uuid)))"
    " order by g.url limit :limit"
)
# An address that is the same in two sources is listed twice, so the id decides as well.
_OF_PROJECT: Final = (
    " from page g where g.account_id = :account_id and g.project_id = :project_id"
    " and (cast(:source_id as uuid) is null or g.source_id = cast(:source_id as uuid))"
    " and (cast(:part as text) is null or position(lower(:part) in lower(g.url)) > 0"
    "  or position(lower(:part) in lower(g.title)) > 0)"
)
_PAGES_OF_PROJECT: Final = text(
    f"with found as (select g.*{_OF_PROJECT}"
    "  and (cast(:state as text) is null or g.state = :state)"
    "  and (cast(:after as uuid) is null or (g.url, g.id) > (select o.url, o.id from page o"
    "   where o.account_id = :account_id and o.id = cast(:after as uuid)))"
    "  order by g.url, g.id limit :limit)"
    " select g.*, d.chunk_count from found g"
    " left join document d on d.account_id = g.account_id and d.id = g.document_id"
    " where g.account_id = :account_id order by g.url, g.id"
)
_COUNTS: Final = text(f"select g.state, count(*) as pages{_OF_PROJECT} group by g.state")
_CHANGES: Final = text(
    "select page_id, change, url, title, reason, chunks_added, chunks_removed, at"
    " from sync_change where account_id = :account_id and sync_id = :sync_id"
    " and (cast(:after as uuid) is null or page_id > cast(:after as uuid))"
    " order by page_id limit :limit"
)
# Only the state of a page before the first and after the last of these syncs counts: added and
# removed again is nothing, removed and added again is a change.
_NET: Final = text(
    "with between_them as ("
    "  select n.*, s.created_at as synced_at from sync_change n"
    "  join sync s on s.account_id = n.account_id and s.id = n.sync_id"
    "  where n.account_id = :account_id and n.source_id = :source_id"
    "   and n.change in ('added', 'changed', 'removed')"
    "   and (s.created_at, s.id) > (select o.created_at, o.id from sync o"
    "    where o.account_id = :account_id and o.id = :since)"
    "   and (s.created_at, s.id) <= (select o.created_at, o.id from sync o"
    "    where o.account_id = :account_id and o.id = :until)"
    "), net as (select page_id,"
    "  (array_agg(change order by synced_at))[1] as first,"
    "  (array_agg(change order by synced_at desc))[1] as last,"
    "  (array_agg(url order by synced_at desc))[1] as url,"
    "  (array_agg(title order by synced_at desc))[1] as title,"
    "  (array_agg(reason order by synced_at desc))[1] as reason,"
    "  sum(chunks_added)::int as chunks_added, sum(chunks_removed)::int as chunks_removed,"
    "  max(at) as at from between_them"
    "  where cast(:after as uuid) is null or page_id > cast(:after as uuid) group by page_id)"
    " select page_id, case when last = 'removed' then 'removed' when first = 'added' then 'added'"
    "  else 'changed' end as change, url, title, reason, chunks_added, chunks_removed, at"
    " from net where not (first = 'added' and last = 'removed') order by page_id limit :limit"
)


def _sync(row: Row[Any]) -> Sync:
    return Sync(
        id=row.id,
        project_id=ProjectId(row.project_id),
        source_id=row.source_id,
        cause=row.cause,
        state=row.state,
        error_code=row.error_code,
        error=row.error,
        found=row.found,
        waiting=row.waiting,
        fetched=row.fetched,
        unchanged=row.unchanged,
        failed=row.failed,
        skipped=row.skipped,
        added=row.added,
        changed=row.changed,
        removed=row.removed,
        removals_held=row.removals_held,
        parsed=row.parsed,
        indexing=row.indexing,
        chunks_embedded=row.chunks_embedded,
        recent=row.recent,
        recent_seconds=row.recent_seconds or 0.0,
        running_seconds=row.running_seconds or 0.0,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _page(row: Row[Any]) -> Page:
    return Page(
        id=row.id,
        project_id=ProjectId(row.project_id),
        source_id=row.source_id,
        url=row.url,
        title=row.title,
        state=row.state,
        reason_code=row.reason_code,
        reason=row.reason,
        found_by=row.found_by,
        linked_from=row.linked_from,
        http_status=row.http_status,
        etag=row.etag,
        last_modified=row.last_modified,
        content_hash=None if row.content_hash is None else bytes(row.content_hash),
        redirected_to=row.redirected_to,
        document_id=row.document_id,
        chunk_count=row.chunk_count,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        fetched_at=row.fetched_at,
        changed_at=row.changed_at,
        gone_at=row.gone_at,
    )


def _change(row: Row[Any]) -> SyncChange:
    return SyncChange(
        page_id=row.page_id,
        change=row.change,
        url=row.url,
        title=row.title,
        reason=row.reason,
        chunks_added=row.chunks_added,
        chunks_removed=row.chunks_removed,
        at=row.at,
    )


async def find_sync(session: AsyncSession, source_id: UUID, sync_id: UUID) -> Sync | None:
    parameters = {
        "account_id": tenant_of(session),
        "source_id": source_id,
        "sync_id": sync_id,
    }
    row = (await session.execute(_ONE_SYNC, parameters)).first()
    return None if row is None else _sync(row)


async def syncs_of(session: AsyncSession, sync_ids: Sequence[UUID]) -> Sequence[Sync]:
    """Return the syncs that exist among these ids of the session's tenant, in any order."""
    parameters = {"account_id": tenant_of(session), "sync_ids": list(sync_ids)}
    return [_sync(row) for row in await session.execute(_SYNCS_OF, parameters)]


async def list_syncs(
    session: AsyncSession, source_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Sync]:
    """Return a source's syncs after `after` (created at, id), newest first."""
    at, last = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "source_id": source_id,
        "at": at,
        "id": last,
        "limit": limit,
    }
    return [_sync(row) for row in await session.execute(_SYNCS, parameters)]


async def last_syncs(session: AsyncSession, source_ids: Sequence[UUID]) -> dict[UUID, Sync]:
    """Return the newest sync of each source that has one, by source id."""
    if not source_ids:
        return {}
    parameters = {"account_id": tenant_of(session), "source_ids": list(source_ids)}
    rows = await session.execute(_LAST_SYNCS, parameters)
    return {row.source_id: _sync(row) for row in rows}


async def find_page(session: AsyncSession, project_id: ProjectId, page_id: UUID) -> Page | None:
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "page_id": page_id,
    }
    row = (await session.execute(_ONE_PAGE, parameters)).first()
    return None if row is None else _page(row)


async def list_pages(
    session: AsyncSession, source_id: UUID, state: PageState | None, after: UUID | None, limit: int
) -> Sequence[Page]:
    """Return a source's pages after the page `after`, by address; of one state if given."""
    parameters = {
        "account_id": tenant_of(session),
        "source_id": source_id,
        "state": state,
        "after": after,
        "limit": limit,
    }
    return [_page(row) for row in await session.execute(_PAGES, parameters)]


async def pages_of_project(
    session: AsyncSession,
    project_id: ProjectId,
    wanted: WantedPages,
    after: UUID | None,
    limit: int,
) -> Sequence[Page]:
    """Return a project's pages after the page `after`, by address."""
    parameters = {
        **_wanted(session, project_id, wanted),
        "state": wanted.state,
        "after": after,
        "limit": limit,
    }
    return [_page(row) for row in await session.execute(_PAGES_OF_PROJECT, parameters)]


async def count_pages(
    session: AsyncSession, project_id: ProjectId, wanted: WantedPages
) -> Mapping[PageState, int]:
    """Count a project's pages by state, whatever state is wanted."""
    rows = await session.execute(_COUNTS, _wanted(session, project_id, wanted))
    return {row.state: row.pages for row in rows}


def _wanted(session: AsyncSession, project_id: ProjectId, wanted: WantedPages) -> dict[str, object]:
    return {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "source_id": wanted.source_id,
        "part": wanted.part,
    }


async def list_changes(
    session: AsyncSession, sync_id: UUID, after: UUID | None, limit: int
) -> Sequence[SyncChange]:
    """Return what one sync has changed, ordered by page id, after the page `after`."""
    parameters = {
        "account_id": tenant_of(session),
        "sync_id": sync_id,
        "after": after,
        "limit": limit,
    }
    return [_change(row) for row in await session.execute(_CHANGES, parameters)]


async def list_net_changes(
    session: AsyncSession,
    source_id: UUID,
    between: tuple[UUID, UUID],
    after: UUID | None,
    limit: int,
) -> Sequence[SyncChange]:
    """Return the net changes from the first sync to the second, ordered by page id."""
    since, until = between
    parameters = {
        "account_id": tenant_of(session),
        "source_id": source_id,
        "since": since,
        "until": until,
        "after": after,
        "limit": limit,
    }
    return [_change(row) for row in await session.execute(_NET, parameters)]
