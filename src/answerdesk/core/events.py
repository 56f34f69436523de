"""The record of what happened, written in the transaction that made it happen.

Slices declare their event types in `<slice>/events.py`. Consumers (webhooks, analytics, live views)
read them here without knowing who wrote them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a project: its `type` (snake_case) and the data about it."""

    id: int
    project_id: ProjectId
    type: str
    payload: Mapping[str, Any]
    created_at: datetime


_RECORD = text(
    "insert into event (account_id, project_id, type, payload)"
    " values (:account_id, :project_id, :type, cast(:payload as jsonb))"
)
# Ids are assigned before commit, so a lower id can appear after a higher one. A row is returned
# only once every transaction that might still commit a lower id has ended.
_SETTLED = text(
    "select id, project_id, type, payload, created_at from event"
    " where project_id = :project_id and id > :after"
    " and written_by < pg_snapshot_xmin(pg_current_snapshot())"
    " order by id limit :limit"
)


async def record(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    event_type: str,
    payload: Mapping[str, Any],
) -> None:
    """Write an event; it exists only if the transaction commits."""
    await session.execute(
        _RECORD,
        {
            "account_id": account_id,
            "project_id": project_id,
            "type": event_type,
            "payload": json.dumps(payload),
        },
    )


async def events_after(
    session: AsyncSession, project_id: ProjectId, after: int, limit: int = 100
) -> Sequence[Event]:
    """Return the settled events of a project with ids above `after`, oldest first.

    The largest id returned is a cursor that skips nothing, however late a transaction commits.
    """
    rows = await session.execute(
        _SETTLED, {"project_id": project_id, "after": after, "limit": limit}
    )
    return [
        Event(row.id, ProjectId(row.project_id), row.type, row.payload, row.created_at)
        for row in rows
    ]
