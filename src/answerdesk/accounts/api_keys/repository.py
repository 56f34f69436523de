"""Reads and writes API keys."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.api_keys.types import ApiKey, KnownKey
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId

_ACCOUNT_OF: Final = text("select account_of_key(:key_hash)")
_KNOWN: Final = text(
    "select k.id, k.name, k.scopes, k.project_ids, k.revoked_at is not null as revoked,"
    "  coalesce(k.expires_at <= now(), false) as expired, a.suspended_at is not null as suspended,"
    "  coalesce(k.last_used_at < now() - interval '1 minute', true) as unused, a.plan"
    " from api_key k join account a on a.account_id = k.account_id"
    " where k.account_id = :account_id and k.key_hash = :key_hash"
)
_USED: Final = text(
    "update api_key set last_used_at = now() where account_id = :account_id and id = :id"
    " and (last_used_at is null or last_used_at < now() - interval '1 minute')"
)
_ADD: Final = text(
    "insert into api_key (account_id, id, name, prefix, hint, key_hash, scopes, project_ids,"
    "  created_by, expires_at)"
    " values (:account_id, :id, :name, :prefix, :hint, :key_hash, cast(:scopes as text[]),"
    "  cast(:project_ids as uuid[]), :created_by, cast(:expires_at as timestamptz))"
    " returning created_at"
)
_COLUMNS: Final = (
    "id, name, prefix, hint, scopes, project_ids, created_by, created_at, expires_at,"
    " last_used_at, revoked_at"
)
_LIST: Final = text(
    f"select {_COLUMNS} from api_key where account_id = :account_id"  # noqa: S608  # Our own names.
    "  and (cast(:at as timestamptz) is null"
    "   or (created_at, id) < (cast(:at as timestamptz), cast(:id as uuid)))"
    " order by created_at desc, id desc limit :limit"
)
_GET: Final = text(
    f"select {_COLUMNS} from api_key"  # noqa: S608
    " where account_id = :account_id and id = :id"
)
_REVOKE: Final = text(
    "update api_key set revoked_at = now()"  # noqa: S608
    f" where account_id = :account_id and id = :id and revoked_at is null returning {_COLUMNS}"
)
_PROJECTS: Final = text(
    "select count(*) from project where account_id = :account_id"
    " and id = any(cast(:ids as uuid[])) and deleted_at is null"
)


async def account_of_key(session: AsyncSession, key_hash: bytes) -> AccountId | None:
    """Return whose key has this hash; needs no tenant."""
    found = await session.scalar(_ACCOUNT_OF, {"key_hash": key_hash})
    return None if found is None else AccountId(found)


async def known_key(session: AsyncSession, key_hash: bytes) -> KnownKey | None:
    """Return the tenant's key with this hash, in whatever state, with its account's."""
    account_id = tenant_of(session)
    parameters = {"account_id": account_id, "key_hash": key_hash}
    row = (await session.execute(_KNOWN, parameters)).one_or_none()
    if row is None:
        return None
    return KnownKey(
        account_id=account_id,
        id=row.id,
        name=row.name,
        scopes=frozenset(row.scopes),
        project_ids=None if row.project_ids is None else frozenset(row.project_ids),
        state="revoked" if row.revoked else "expired" if row.expired else "good",
        suspended=row.suspended,
        unused_for_a_minute=row.unused,
        plan=row.plan,
    )


async def note_use(session: AsyncSession, key_id: UUID) -> None:
    """Keep that the key was used now, unless that is known to the minute."""
    await session.execute(_USED, {"account_id": tenant_of(session), "id": key_id})


async def add(session: AsyncSession, key: ApiKey, key_hash: bytes) -> datetime:
    """Store a new key of the tenant's; return when it was made."""
    made_at: datetime = await session.scalar(
        _ADD,
        {
            "account_id": tenant_of(session),
            "id": key.id,
            "name": key.name,
            "prefix": key.prefix,
            "hint": key.hint,
            "key_hash": key_hash,
            "scopes": list(key.scopes),
            "project_ids": None if key.project_ids is None else list(key.project_ids),
            "created_by": key.created_by,
            "expires_at": key.expires_at,
        },
    )
    return made_at


async def list_keys(
    session: AsyncSession, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[ApiKey]:
    """Return the tenant's keys, newest first, beginning behind `after`."""
    at, key_id = after or (None, None)
    parameters = {"account_id": tenant_of(session), "at": at, "id": key_id, "limit": limit}
    return [_key(row) for row in await session.execute(_LIST, parameters)]


async def get(session: AsyncSession, key_id: UUID) -> ApiKey | None:
    """Return one key of the tenant's."""
    parameters = {"account_id": tenant_of(session), "id": key_id}
    row = (await session.execute(_GET, parameters)).one_or_none()
    return None if row is None else _key(row)


async def revoke(session: AsyncSession, key_id: UUID) -> ApiKey | None:
    """Revoke a key of the tenant's; None when there is none that still holds."""
    parameters = {"account_id": tenant_of(session), "id": key_id}
    row = (await session.execute(_REVOKE, parameters)).one_or_none()
    return None if row is None else _key(row)


async def count_projects(session: AsyncSession, ids: Iterable[ProjectId]) -> int:
    """Count which of these projects are the tenant's."""
    parameters = {"account_id": tenant_of(session), "ids": list(ids)}
    return int(await session.scalar(_PROJECTS, parameters))


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        hint=row.hint,
        scopes=tuple(row.scopes),
        project_ids=None if row.project_ids is None else tuple(row.project_ids),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
