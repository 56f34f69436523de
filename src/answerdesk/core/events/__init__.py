"""The record of what happened, written in the transaction that made it happen.

Slices declare their types of events in `<slice>/events.py`. Consumers (webhooks, live views) read
the record without knowing who wrote it: by its cursor, or as a job with the ids of new events,
which the writing transaction schedules for whoever asked for their types (`consume`).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.events.types import (
    RECORD_ALL,
    Event,
    EventType,
    EventTypes,
    NewEvents,
    P,
    Payload,
    encoded,
)
from answerdesk.core.tenancy import AccountId, ProjectId

__all__ = [
    "EVERY_TYPE",
    "RECORD_ALL",
    "Event",
    "EventType",
    "EventTypes",
    "NewEvents",
    "Payload",
    "consume",
    "events_after",
    "events_by_id",
    "new_events",
    "record",
    "record_new",
    "settled",
]

EVERY_TYPE: Final = "*"
"""Stands for all types of events, also those of later releases (`consume`)."""

_RECORD = text(
    "insert into event (account_id, project_id, type, payload)"
    " values (:account_id, :project_id, :type, cast(:payload as jsonb))"
)
# Ids are assigned before commit, so a lower id can appear after a higher one. Up to this id, every
# event of the tenant is there or never will be (migration 0018 says how that is known).
_SETTLED: Final = text("select settled_event_id()")
_COLUMNS: Final = "select id, project_id, type, payload, created_at from event"
_AFTER: Final = text(
    f"{_COLUMNS} where account_id = :account_id and id > :after and id <= :settled"
    " and (cast(:projects as uuid[]) is null or project_id = any(:projects))"
    " order by id limit :limit"
)
_SETTLED_NOW: Final = text(
    f"with {TENANT} select case when {IS_SET} then settled_event_id() end as upto"
)
_NEW: Final = text(
    f"with {TENANT} {_COLUMNS} where account_id = :account_id and id > :after and id <= :settled"
    f" and {IS_SET} order by id limit :limit"
)
_BY_ID: Final = text(f"{_COLUMNS} where account_id = :account_id and id = any(:ids) order by id")
_RECORD_NEW: Final = text(RECORD_ALL.format(source="(select) as once"))
_CONSUME: Final = text(
    "insert into event_consumer (account_id, job, types)"
    " values (:account_id, :job, cast(:types as text[]))"
    " on conflict (account_id, job) do update set types = excluded.types"
)
_CONSUME_NOTHING: Final = text(
    "delete from event_consumer where account_id = :account_id and job = :job"
)


async def record(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    event_type: EventType[P],
    payload: P,
) -> None:
    """Write an event; it exists only if the transaction commits."""
    await session.execute(
        _RECORD,
        {
            "account_id": account_id,
            "project_id": project_id,
            "type": event_type.name,
            "payload": encoded(payload),
        },
    )


async def record_new(session: AsyncSession, project_id: ProjectId, events: NewEvents) -> None:
    """Write several events of the session's account in one statement, in their order."""
    if events.names:
        key = {"account_id": tenant_of(session), "project_id": project_id}
        await session.execute(_RECORD_NEW, {**key, **events.parameters})


async def events_after(
    session: AsyncSession,
    after: int,
    *,
    projects: Sequence[ProjectId] | None = None,
    limit: int = 100,
) -> tuple[Sequence[Event], int]:
    """Return events of the account with ids above `after`, oldest first, and the next cursor.

    The cursor skips nothing, however late a transaction commits; only open transactions of the same
    account delay it. With `projects`, only their events are returned.
    """
    upto = await settled(session)
    parameters = {
        "account_id": tenant_of(session),
        "after": after,
        "settled": upto,
        "projects": projects,
        "limit": limit,
    }
    events = _events(await session.execute(_AFTER, parameters))
    return events, events[-1].id if len(events) == limit else max(upto, after)


async def new_events(executor: Executor, after: int, *, limit: int) -> tuple[Sequence[Event], int]:
    """Do what `events_after` does, in one round trip if nothing is new, and in two otherwise."""
    (found,) = await executor.rows(_SETTLED_NOW, {})
    if found.upto <= after:
        return [], after
    # A statement of its own, since what is settled may not be there for the one that has asked.
    parameters = {"after": after, "settled": found.upto, "limit": limit}
    events = _events(await executor.rows(_NEW, parameters))
    return events, events[-1].id if len(events) == limit else found.upto


async def settled(session: AsyncSession) -> int:
    """Return the cursor behind all of the account's events that are there or never will be."""
    upto: int = (await session.execute(_SETTLED)).scalar_one()
    return upto


async def events_by_id(session: AsyncSession, ids: Sequence[int]) -> Sequence[Event]:
    """Return those of these events that are still there, oldest first."""
    parameters = {"account_id": tenant_of(session), "ids": list(ids)}
    return _events(await session.execute(_BY_ID, parameters))


async def consume(session: AsyncSession, job: str, types: Sequence[str]) -> None:
    """Have the job `job` scheduled with the ids of new events of these types, as `{"events": […]}`.

    `EVERY_TYPE` among them means all. `message.sent/human` and the like mean only those in a
    conversation that a person has. It holds for the account, and replaces what the job was
    scheduled for before. Each transaction that records such events schedules its own job, which
    runs after its commit.
    """
    key = {"account_id": tenant_of(session), "job": job}
    if types:
        await session.execute(_CONSUME, {**key, "types": list(types)})
    else:
        await session.execute(_CONSUME_NOTHING, key)


def _events(rows: Iterable[Any]) -> Sequence[Event]:
    return [
        Event(row.id, ProjectId(row.project_id), row.type, row.payload, row.created_at)
        for row in rows
    ]
