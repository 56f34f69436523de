"""Writes syncs: begins, advances and ends them."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.knowledge.pages.types import SyncCause
from answerdesk.knowledge.sync.types import EndFacts, RunningSync
from answerdesk.knowledge.types import SourceSettings

_BEGIN: Final = text(
    "insert into sync (account_id, id, project_id, source_id, cause, state, confirm_removals,"
    " memory) values (:account_id, :id, :project_id, :source_id, :cause, 'queued', :confirmed,"
    " cast(:memory as jsonb))"
    " on conflict (account_id, source_id) where state in ('queued', 'fetching', 'indexing')"
    " do nothing returning id"
)
_RUNNING: Final = text(
    "select s.id as sync_id, s.state, s.confirm_removals, s.memory, o.id as source_id,"
    " o.project_id, o.kind, o.url, o.settings from sync s"
    " join source o on o.account_id = s.account_id and o.id = s.source_id"
    " where s.account_id = :account_id and s.source_id = :source_id"
    "  and s.state in ('queued', 'fetching', 'indexing')"
)
# Every change checks the state in this row, so an ended sync is never changed again.
_MOVE: Final = text(
    "update sync set state = :state, started_at = coalesce(started_at, clock_timestamp())"
    " where account_id = :account_id and id = :sync_id and state = :was returning id"
)
_REMEMBER: Final = text(
    "update sync set memory = memory || cast(:memory as jsonb)"
    " where account_id = :account_id and id = :sync_id"
    "  and state in ('queued', 'fetching', 'indexing') returning id"
)
_COUNT: Final = text(
    "update sync set fetched = fetched + :fetched, unchanged = unchanged + :unchanged,"
    " failed = failed + :failed, skipped = skipped + :skipped, found = found + :found,"
    " removed = removed + :removed, memory = case when cast(:in_a_row as integer) is null"
    "  then memory else jsonb_set(memory, '{in_a_row}', case when cast(:in_a_row as integer) = 0"
    "   then '0' else to_jsonb(coalesce((memory ->> 'in_a_row')::integer, 0) + 1) end) end"
    " where account_id = :account_id and id = :sync_id and state in ('fetching', 'indexing')"
    " returning coalesce((memory ->> 'in_a_row')::integer, 0) as in_a_row"
)
_HOLD_REMOVALS: Final = text(
    "update sync set removals_held = :held where account_id = :account_id and id = :sync_id"
    " and state in ('fetching', 'indexing') returning id"
)
_END: Final = text(
    "update sync set state = :state, error_code = :code, error = :error,"
    " started_at = coalesce(started_at, clock_timestamp()), finished_at = clock_timestamp()"
    " where account_id = :account_id and id = :sync_id"
    "  and state in ('queued', 'fetching', 'indexing') returning id"
)
_PENDING: Final = text(
    "select count(*) from document where account_id = :account_id and source_id = :source_id"
    " and sync_id = :sync_id and status = 'pending'"
)
_END_FACTS: Final = text(
    "select s.fetched, s.removed, s.removals_held as held,"
    " (select count(*) from page g join document d on d.account_id = g.account_id"
    "   and d.id = g.document_id where g.account_id = s.account_id and g.source_id = s.source_id"
    "   and g.state <> 'gone' and d.indexed_hash is not null) as taken_in,"
    " (select count(*) from page g where g.account_id = s.account_id and g.source_id = s.source_id"
    "   and g.seen_in = s.id and g.reason_code = 'limit_reached') as limited,"
    " f.reason_code as start_code, f.reason as start_reason from sync s"
    " left join lateral (select g.reason_code, g.reason from page g"
    "  where g.account_id = s.account_id and g.source_id = s.source_id and g.reason is not null"
    "  order by g.found_by = 'start' desc, g.depth, g.url limit 1) f on true"
    " where s.account_id = :account_id and s.id = :sync_id and s.source_id = :source_id"
)


def _key(session: AsyncSession, sync_id: UUID) -> dict[str, object]:
    return {"account_id": tenant_of(session), "sync_id": sync_id}


async def begin(
    session: AsyncSession,
    project_id: ProjectId,
    source_id: UUID,
    cause: SyncCause,
    *,
    only_failed: bool = False,
    only_page: UUID | None = None,
    confirm_removals: bool = False,
) -> UUID | None:
    """Queue a sync of a source; None if another runs."""
    memory: dict[str, Any] = {"only_failed": True} if only_failed else {}
    if only_page is not None:
        memory["only_page"] = str(only_page)
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "project_id": project_id,
        "source_id": source_id,
        "cause": cause,
        "confirmed": confirm_removals,
        "memory": json.dumps(memory),
    }
    begun: UUID | None = await session.scalar(_BEGIN, parameters)
    return begun


async def running(
    session: AsyncSession, account_id: AccountId, source_id: UUID
) -> RunningSync | None:
    parameters = {"account_id": account_id, "source_id": source_id}
    row = (await session.execute(_RUNNING, parameters)).first()
    if row is None:
        return None
    settings = row.settings
    return RunningSync(
        account_id=account_id,
        project_id=ProjectId(row.project_id),
        source_id=row.source_id,
        sync_id=row.sync_id,
        kind=row.kind,
        url=row.url,
        settings=SourceSettings(
            tuple(settings.get("include", ())),
            tuple(settings.get("exclude", ())),
            settings.get("max_pages"),
        ),
        state=row.state,
        confirm_removals=row.confirm_removals,
        memory=row.memory,
    )


async def move(session: AsyncSession, sync_id: UUID, was: str, state: str) -> bool:
    """Move a sync from one state to the next; False if it is no longer in state `was`."""
    parameters = {**_key(session, sync_id), "was": was, "state": state}
    return await session.scalar(_MOVE, parameters) is not None


async def remember(session: AsyncSession, sync_id: UUID, memory: Mapping[str, Any]) -> bool:
    """Merge into the memory for later steps; False if the sync has ended."""
    parameters = {**_key(session, sync_id), "memory": json.dumps(dict(memory))}
    return await session.scalar(_REMEMBER, parameters) is not None


async def count(
    session: AsyncSession, sync_id: UUID, *, in_a_row: bool | None = None, **more: int
) -> int | None:
    """Increase the counts of a running sync; None if it does not run any more.

    `in_a_row` says that a page could not be fetched at all (True) or that the site responded
    (False). Returns how many pages in a row could not be fetched.
    """
    names = ("fetched", "unchanged", "failed", "skipped", "found", "removed")
    parameters = {name: more.get(name, 0) for name in names}
    row = None if in_a_row is None else int(in_a_row)
    counted: int | None = await session.scalar(
        _COUNT, {**_key(session, sync_id), **parameters, "in_a_row": row}
    )
    return counted


async def hold_removals(session: AsyncSession, sync_id: UUID, held: int) -> bool:
    """Record how many removals are held; False if the sync has ended."""
    parameters = {**_key(session, sync_id), "held": held}
    return await session.scalar(_HOLD_REMOVALS, parameters) is not None


async def end(
    session: AsyncSession, sync_id: UUID, state: str, code: str | None, error: str | None
) -> bool:
    """End a sync; False if it has already ended."""
    parameters = {**_key(session, sync_id), "state": state, "code": code, "error": error}
    return await session.scalar(_END, parameters) is not None


async def pending(session: AsyncSession, source_id: UUID, sync_id: UUID) -> int:
    """Count the documents that a sync has brought and that are still to be ingested."""
    parameters = {**_key(session, sync_id), "source_id": source_id}
    return int(await session.scalar(_PENDING, parameters))


async def end_facts(session: AsyncSession, source_id: UUID, sync_id: UUID) -> EndFacts:
    parameters = {**_key(session, sync_id), "source_id": source_id}
    row = (await session.execute(_END_FACTS, parameters)).one()
    return EndFacts(
        taken_in=row.taken_in,
        fetched=row.fetched,
        removed=row.removed,
        limited=row.limited,
        held=row.held,
        start_code=row.start_code,
        start_reason=row.start_reason,
    )
