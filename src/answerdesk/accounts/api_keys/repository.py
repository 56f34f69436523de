"""Reads and writes API keys."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.api_keys.types import ApiKey, KeyFilter, KnownKey
from answerdesk.core.database import IS_SET, Executor, tenant_of
from answerdesk.core.ratelimit import TAKE_OF_WINDOWS
from answerdesk.core.tenancy import TENANT_SETTING, AccountId, ProjectId, UserId

# A function that reveals nothing else first finds the key's account; everything after that is
# filtered by the account, and row-level security shows only its rows.
_CALLER: Final = text(
    "with found as materialized ("
    "  select account_of_key(:key_hash) as account_id"
    "), tenant as materialized ("
    f"  select set_config('{TENANT_SETTING}', coalesce(account_id::text, ''), true) is not null"
    "   as is_set from found"
    "), known as materialized ("
    "  select k.account_id, k.id, k.name, k.scopes, k.project_ids,"
    "   case when k.revoked_at is not null then 'revoked'"
    "    when k.expires_at <= now() then 'expired' else 'good' end as state,"
    "   a.suspended_at is not null as suspended, a.plan,"
    "   coalesce(k.last_used_at < now() - interval '1 minute', true) as unused_for_a_minute"
    "  from api_key k join account a on a.account_id = k.account_id"
    "  where k.account_id = (select account_id from found) and k.key_hash = :key_hash"
    f"   and {IS_SET}"
    ") select known.*, rate.* from known left join "
    + TAKE_OF_WINDOWS.format(
        name="cast(:windows as text) || replace(known.id::text, '-', '')",
        rates="case when known.state = 'good' and not known.suspended"
        " then cast(:rates as jsonb) -> known.plan end",
    )
    + " on true"
)
_USED: Final = text(
    "update api_key set last_used_at = now() where account_id = :account_id and id = :id"
    " and (last_used_at is null or last_used_at < now() - interval '1 minute')"
)
_ADD: Final = text(
    "insert into api_key (account_id, id, name, prefix, hint, key_hash, scopes, project_ids,"
    "  created_by, created_by_id, expires_at)"
    " values (:account_id, :id, :name, :prefix, :hint, :key_hash, cast(:scopes as text[]),"
    "  cast(:project_ids as uuid[]), :created_by, cast(:created_by_id as uuid),"
    "  cast(:expires_at as timestamptz))"
    " returning created_at"
)
_COLUMNS: Final = (
    "id, name, prefix, hint, scopes, project_ids, created_by, created_by_id, created_at,"
    " expires_at, last_used_at, revoked_at"
)
_WORKS: Final = "revoked_at is null and (expires_at is null or expires_at > now())"
_OF_PERSON: Final = f"account_id = :account_id and created_by_id = :user_id and {_WORKS}"
_LIST: Final = text(
    f"select {_COLUMNS} from api_key where account_id = :account_id"
    "  and (cast(:at as timestamptz) is null"
    "   or (created_at, id) < (cast(:at as timestamptz), cast(:id as uuid)))"
    "  and (cast(:user_id as uuid) is null or created_by_id = cast(:user_id as uuid))"
    f"  and (not cast(:working as boolean) or ({_WORKS}))"
    " order by created_at desc, id desc limit :limit"
)
_GET: Final = text(f"select {_COLUMNS} from api_key where account_id = :account_id and id = :id")
_REVOKE: Final = text(
    "update api_key set revoked_at = now()"
    f" where account_id = :account_id and id = :id and revoked_at is null returning {_COLUMNS}"
)
_REVOKE_OF_PERSON: Final = text(
    f"update api_key set revoked_at = now() where {_OF_PERSON} returning {_COLUMNS}"
)
_COUNT_OF_PERSON: Final = text(f"select count(*) from api_key where {_OF_PERSON}")
# Removing a member deletes this row, and so waits for keys that are being created.
_HOLD_MEMBER: Final = text(
    "select 1 from membership where account_id = :account_id and user_id = :user_id for key share"
)
_PROJECTS: Final = text(
    "select count(*) from project where account_id = :account_id"
    " and id = any(cast(:ids as uuid[])) and deleted_at is null"
)


async def known_key(
    executor: Executor, key_hash: bytes, windows: str, rates: str
) -> tuple[KnownKey, Any] | None:
    """Return the key with this hash, of any account and in any state; needs no tenant.

    The second value is for `require_taken`: a request with a valid key is counted against the rates
    of its account's plan, in windows whose names begin with `windows`.
    """
    parameters = {"key_hash": key_hash, "windows": windows, "rates": rates}
    found = await executor.rows(_CALLER, parameters)
    if not found:
        return None
    (row,) = found
    known = KnownKey(
        account_id=AccountId(row.account_id),
        id=row.id,
        name=row.name,
        scopes=frozenset(row.scopes),
        project_ids=None if row.project_ids is None else frozenset(row.project_ids),
        state=row.state,
        suspended=row.suspended,
        unused_for_a_minute=row.unused_for_a_minute,
        plan=row.plan,
    )
    return known, row


async def note_use(session: AsyncSession, key_id: UUID) -> None:
    """Note that the key was used now, unless a use within the last minute is noted."""
    await session.execute(_USED, {"account_id": tenant_of(session), "id": key_id})


async def add(session: AsyncSession, key: ApiKey, key_hash: bytes) -> datetime:
    """Store a new key of the tenant; return its creation time."""
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
            "created_by_id": key.created_by_id,
            "expires_at": key.expires_at,
        },
    )
    return made_at


async def list_keys(
    session: AsyncSession, only: KeyFilter, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[ApiKey]:
    """Return the tenant's keys, newest first, starting behind `after`."""
    at, key_id = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "at": at,
        "id": key_id,
        "user_id": only.created_by_id,
        "working": only.working,
        "limit": limit,
    }
    return [_key(row) for row in await session.execute(_LIST, parameters)]


async def get(session: AsyncSession, key_id: UUID) -> ApiKey | None:
    parameters = {"account_id": tenant_of(session), "id": key_id}
    row = (await session.execute(_GET, parameters)).one_or_none()
    return None if row is None else _key(row)


async def revoke(session: AsyncSession, key_id: UUID) -> ApiKey | None:
    """Revoke a key of the tenant; return None if there is none that is not yet revoked."""
    parameters = {"account_id": tenant_of(session), "id": key_id}
    row = (await session.execute(_REVOKE, parameters)).one_or_none()
    return None if row is None else _key(row)


async def revoke_of_person(session: AsyncSession, user_id: UserId) -> Sequence[ApiKey]:
    """Revoke the tenant's keys that a person created; return those that worked until now."""
    parameters = {"account_id": tenant_of(session), "user_id": user_id}
    return [_key(row) for row in await session.execute(_REVOKE_OF_PERSON, parameters)]


async def count_of_person(session: AsyncSession, user_id: UserId) -> int:
    """Count the tenant's keys that a person created and that still work."""
    parameters = {"account_id": tenant_of(session), "user_id": user_id}
    return int(await session.scalar(_COUNT_OF_PERSON, parameters))


async def hold_member(session: AsyncSession, user_id: UserId) -> bool:
    """Tell whether a person is a member; if so, they stay one until the transaction ends."""
    parameters = {"account_id": tenant_of(session), "user_id": user_id}
    return await session.scalar(_HOLD_MEMBER, parameters) is not None


async def count_projects(session: AsyncSession, ids: Iterable[ProjectId]) -> int:
    """Count how many of these projects are the tenant's."""
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
        created_by_id=row.created_by_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
