"""Reads and writes sealed secrets."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.crypto import Sealed
from answerdesk.core.database import tenant_of

_PUT: Final = text(
    "insert into stored_secret (account_id, subject_id, name, key_id, sealed)"
    " values (:account_id, :subject_id, :name, :key_id, :sealed)"
    " on conflict (account_id, subject_id, name) do update"
    "  set key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()"
)
_GET: Final = text(
    "select key_id, sealed from stored_secret"
    " where account_id = :account_id and subject_id = :subject_id and name = :name"
)
_SET_AT: Final = text(
    "select updated_at from stored_secret"
    " where account_id = :account_id and subject_id = :subject_id and name = :name"
)
_DELETE: Final = text(
    "delete from stored_secret"
    " where account_id = :account_id and subject_id = :subject_id and name = :name"
)


async def put(session: AsyncSession, subject_id: UUID, name: str, sealed: Sealed) -> None:
    """Store a sealed secret in place of what has its name."""
    await session.execute(
        _PUT,
        {
            "account_id": tenant_of(session),
            "subject_id": subject_id,
            "name": name,
            "key_id": sealed.key_id,
            "sealed": sealed.data,
        },
    )


async def get(session: AsyncSession, subject_id: UUID, name: str) -> Sealed | None:
    """Return a sealed secret of the tenant's."""
    key = {"account_id": tenant_of(session), "subject_id": subject_id, "name": name}
    row = (await session.execute(_GET, key)).one_or_none()
    return None if row is None else Sealed(row.key_id, bytes(row.sealed))


async def set_at(session: AsyncSession, subject_id: UUID, name: str) -> datetime | None:
    """Return when a secret of the tenant's was stored."""
    key = {"account_id": tenant_of(session), "subject_id": subject_id, "name": name}
    found: datetime | None = await session.scalar(_SET_AT, key)
    return found


async def delete(session: AsyncSession, subject_id: UUID, name: str) -> None:
    """Remove a secret of the tenant's, if there is one."""
    key = {"account_id": tenant_of(session), "subject_id": subject_id, "name": name}
    await session.execute(_DELETE, key)
