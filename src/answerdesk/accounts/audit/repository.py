"""Reads and writes the audit log."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_ADD: Final = text(
    "insert into audit_entry"
    " (account_id, id, actor_kind, actor_id, actor_name, action, target_kind, target_id,"
    "  address, detail)"
    " values (:account_id, :id, :actor_kind, :actor_id, :actor_name, :action, :target_kind,"
    "  :target_id, cast(:address as text), cast(:detail as jsonb))"
)


async def add(session: AsyncSession, entry: Mapping[str, object]) -> None:
    """Store an entry; `entry` has a value for each column, `detail` as JSON text."""
    await session.execute(_ADD, entry)
