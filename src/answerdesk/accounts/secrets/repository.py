"""Reads and writes sealed secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.crypto import Sealed
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId

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
_PUT_ALL: Final = text(
    "insert into stored_secret (account_id, subject_id, name, key_id, sealed)"
    " select :account_id, subject_id, :name, key_id, sealed"
    " from unnest(cast(:subjects as uuid[]), cast(:key_ids as text[]), cast(:sealed as bytea[]))"
    "  as one (subject_id, key_id, sealed)"
    " on conflict (account_id, subject_id, name) do update"
    "  set key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()"
)
_GET_ALL: Final = text(
    "select subject_id, key_id, sealed from stored_secret"
    " where account_id = :account_id and subject_id = any(:subjects) and name = :name"
)
_DELETE_ALL: Final = text(
    "delete from stored_secret"
    " where account_id = :account_id and subject_id = any(:subjects) and name = :name"
)
_SET_AT: Final = text(
    "select updated_at from stored_secret"
    " where account_id = :account_id and subject_id = :subject_id and name = :name"
)
_NEXT_ACCOUNT: Final = text("select account_to_reseal(:key_id)")
_COUNT_OTHERS: Final = text("select count(*) from stored_secret where key_id <> :key_id")
_OTHERS: Final = text(
    "select subject_id, name, key_id, sealed from stored_secret"
    " where account_id = :account_id and key_id <> :key_id"
    " order by subject_id, name limit :most for update"
)
# The secret itself is unchanged, so `updated_at` stays.
_RESEAL: Final = text(
    "update stored_secret set key_id = :key_id, sealed = :sealed"
    " where account_id = :account_id and subject_id = :subject_id and name = :name"
)
_DELETE: Final = text(
    "delete from stored_secret"
    " where account_id = :account_id and subject_id = :subject_id and name = :name"
)
_COUNT_CLOSED: Final = text(
    "select count(*) from stored_secret where not key_id = any(cast(:key_ids as text[]))"
)
_SHARED: Final = text(
    "select kind, salt, fingerprint, created_at from installation_key order by created_at"
)
_SHARE: Final = text(
    "insert into installation_key (kind, salt, fingerprint) values (:kind, :salt, :fingerprint)"
)
_FORGET_SHARED: Final = text(
    "delete from installation_key where kind = :kind and fingerprint = :fingerprint"
)
_SHARING_LOCK: Final = 0x6B657973
"""Advisory lock for changing which keys are the installation's (the letters 'keys')."""

Kind = Literal["owner", "secret"]


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A key that every node of the installation has, as the database knows it."""

    kind: Kind
    salt: bytes
    fingerprint: bytes
    created_at: datetime


async def put(session: AsyncSession, subject_id: UUID, name: str, sealed: Sealed) -> None:
    """Store a sealed secret, replacing one with the same name."""
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
    key = {"account_id": tenant_of(session), "subject_id": subject_id, "name": name}
    row = (await session.execute(_GET, key)).one_or_none()
    return None if row is None else Sealed(row.key_id, bytes(row.sealed))


async def put_all(session: AsyncSession, name: str, sealed: Mapping[UUID, Sealed]) -> None:
    """Store the sealed secret `name` of each subject, replacing those that are there."""
    parameters = {
        "account_id": tenant_of(session),
        "name": name,
        "subjects": [*sealed],
        "key_ids": [one.key_id for one in sealed.values()],
        "sealed": [one.data for one in sealed.values()],
    }
    await session.execute(_PUT_ALL, parameters)


async def get_all(
    session: AsyncSession, subject_ids: Sequence[UUID], name: str
) -> Mapping[UUID, Sealed]:
    key = {"account_id": tenant_of(session), "subjects": [*subject_ids], "name": name}
    rows = await session.execute(_GET_ALL, key)
    return {row.subject_id: Sealed(row.key_id, bytes(row.sealed)) for row in rows}


async def delete_all(session: AsyncSession, subject_ids: Sequence[UUID], name: str) -> None:
    key = {"account_id": tenant_of(session), "subjects": [*subject_ids], "name": name}
    await session.execute(_DELETE_ALL, key)


async def set_at(session: AsyncSession, subject_id: UUID, name: str) -> datetime | None:
    key = {"account_id": tenant_of(session), "subject_id": subject_id, "name": name}
    found: datetime | None = await session.scalar(_SET_AT, key)
    return found


async def delete(session: AsyncSession, subject_id: UUID, name: str) -> None:
    key = {"account_id": tenant_of(session), "subject_id": subject_id, "name": name}
    await session.execute(_DELETE, key)


async def next_account(session: AsyncSession, key_id: str) -> AccountId | None:
    """Return an account with secrets that another key has sealed; needs no tenant."""
    found = await session.scalar(_NEXT_ACCOUNT, {"key_id": key_id})
    return None if found is None else AccountId(found)


async def count_others(session: AsyncSession, key_id: str) -> int:
    """Count the secrets, in all accounts, that a key other than this one has sealed.

    Only the tables' owner sees them.
    """
    return int(await session.scalar(_COUNT_OTHERS, {"key_id": key_id}))


async def lock_others(
    session: AsyncSession, key_id: str, most: int
) -> Sequence[tuple[UUID, str, Sealed]]:
    """Lock secrets of the tenant that another key has sealed; return subject, name and secret."""
    parameters = {"account_id": tenant_of(session), "key_id": key_id, "most": most}
    return [
        (row.subject_id, row.name, Sealed(row.key_id, bytes(row.sealed)))
        for row in await session.execute(_OTHERS, parameters)
    ]


async def reseal(session: AsyncSession, subject_id: UUID, name: str, sealed: Sealed) -> None:
    """Store the same secret of the tenant, resealed."""
    await session.execute(
        _RESEAL,
        {
            "account_id": tenant_of(session),
            "subject_id": subject_id,
            "name": name,
            "key_id": sealed.key_id,
            "sealed": sealed.data,
        },
    )


async def count_closed(session: AsyncSession, key_ids: Sequence[str]) -> int:
    """Count the secrets that none of these keys opens. Only the tables' owner sees them."""
    return int(await session.scalar(_COUNT_CLOSED, {"key_ids": [*key_ids]}))


async def lock_shared_keys(session: AsyncSession) -> None:
    """Allow only one transaction at a time to change which keys are the installation's."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _SHARING_LOCK})


async def shared_keys(session: AsyncSession) -> Sequence[SharedKey]:
    """Return the installation's keys, the longest known first; needs no tenant."""
    return [
        SharedKey(row.kind, bytes(row.salt), bytes(row.fingerprint), row.created_at)
        for row in await session.execute(_SHARED)
    ]


async def share_key(session: AsyncSession, kind: Kind, salt: bytes, fingerprint: bytes) -> None:
    """Add a key to the installation's."""
    parameters = {"kind": kind, "salt": salt, "fingerprint": fingerprint}
    await session.execute(_SHARE, parameters)


async def forget_shared_key(session: AsyncSession, key: SharedKey) -> None:
    """Remove a key from the installation's."""
    parameters = {"kind": key.kind, "fingerprint": key.fingerprint}
    await session.execute(_FORGET_SHARED, parameters)
