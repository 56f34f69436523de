"""Reads and writes the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit.types import AuditEntry
from answerdesk.core.database import tenant_of

_ADD: Final = text(
    "insert into audit_entry"
    " (account_id, id, actor_kind, actor_id, actor_name, action, target_kind, target_id,"
    "  address, detail)"
    " values (:account_id, :id, :actor_kind, :actor_id, :actor_name, :action, :target_kind,"
    "  :target_id, cast(:address as text), cast(:detail as jsonb))"
)
_LIST: Final = text(
    "select id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, address,"
    "  detail"
    " from audit_entry where account_id = :account_id"
    "  and (cast(:action as text) is null or action = :action)"
    "  and (cast(:at as timestamptz) is null"
    "   or (at, id) < (cast(:at as timestamptz), cast(:id as uuid)))"
    " order by at desc, id desc limit :limit"
)


async def add(session: AsyncSession, entry: Mapping[str, object]) -> None:
    """Store an entry; `entry` has a value for each column, `detail` as JSON text."""
    await session.execute(_ADD, entry)


async def list_entries(
    session: AsyncSession, *, action: str | None, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[AuditEntry]:
    """Return the tenant's entries, newest first, beginning behind `after`."""
    at, entry_id = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "action": action,
        "at": at,
        "id": entry_id,
        "limit": limit,
    }
    return [
        AuditEntry(
            id=row.id,
            at=row.at,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            actor_name=row.actor_name,
            action=row.action,
            target_kind=row.target_kind,
            target_id=row.target_id,
            address=row.address,
            detail=row.detail,
        )
        for row in await session.execute(_LIST, parameters)
    ]
