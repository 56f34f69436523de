"""Reads and writes memberships."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Role
from answerdesk.accounts.types import Member
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import UserId

_SELECT: Final = (
    "select m.id, m.user_id, u.email, u.name, m.role, m.created_at"
    " from membership m join app_user u on u.id = m.user_id where m.account_id = :account_id"
)
_LIST: Final = text(
    f"{_SELECT} and (cast(:at as timestamptz) is null or (m.created_at, m.id) > (:at, :after))"
    " order by m.created_at, m.id limit :limit"
)
_GET: Final = text(f"{_SELECT} and m.id = :id")
_OF_USER: Final = text(f"{_SELECT} and m.user_id = :user_id")
_OF_USERS: Final = text(f"{_SELECT} and m.user_id = any(:users) order by m.created_at, m.id")
_LOCK_OF_USER: Final = text(f"{_SELECT} and m.user_id = :user_id for share of m")
_WITH_KEY: Final = text(f"{_SELECT} and u.email_key = :key")
_OWNERS: Final = text(f"{_SELECT} and m.role = 'owner' order by m.created_at, m.id limit :limit")
# In a fixed order, so that concurrent changes of owners wait instead of deadlocking.
_LOCK_OWNERS: Final = text(
    "select user_id from membership where account_id = :account_id and role = 'owner'"
    " order by id for update"
)
_ADD: Final = text(
    "insert into membership (account_id, id, user_id, role)"
    " values (:account_id, :id, :user_id, :role)"
    " on conflict (account_id, user_id) do nothing returning id"
)
_SET_ROLE: Final = text(
    "update membership set role = :role where account_id = :account_id and id = :id"
)
_REMOVE: Final = text("delete from membership where account_id = :account_id and id = :id")


def _member(row: Row[Any] | None) -> Member | None:
    return None if row is None else Member(**row._asdict())


async def list_after(
    session: AsyncSession, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Member]:
    """Return members of the session's account behind a place, in the order of joining."""
    at, last = after or (None, None)
    parameters = {"account_id": tenant_of(session), "at": at, "after": last, "limit": limit}
    return [Member(**row._asdict()) for row in await session.execute(_LIST, parameters)]


async def get(session: AsyncSession, member_id: UUID) -> Member | None:
    parameters = {"account_id": tenant_of(session), "id": member_id}
    return _member((await session.execute(_GET, parameters)).one_or_none())


async def of_user(session: AsyncSession, user_id: UserId, *, lock: bool = False) -> Member | None:
    statement = _LOCK_OF_USER if lock else _OF_USER
    parameters = {"account_id": tenant_of(session), "user_id": user_id}
    return _member((await session.execute(statement, parameters)).one_or_none())


async def of_users(session: AsyncSession, users: Collection[UserId]) -> Sequence[Member]:
    parameters = {"account_id": tenant_of(session), "users": [*users]}
    return [Member(**row._asdict()) for row in await session.execute(_OF_USERS, parameters)]


async def with_email(session: AsyncSession, email_key: str) -> Member | None:
    parameters = {"account_id": tenant_of(session), "key": email_key}
    return _member((await session.execute(_WITH_KEY, parameters)).one_or_none())


async def owners(session: AsyncSession, limit: int) -> Sequence[Member]:
    parameters = {"account_id": tenant_of(session), "limit": limit}
    return [Member(**row._asdict()) for row in await session.execute(_OWNERS, parameters)]


async def lock_owners(session: AsyncSession) -> set[UserId]:
    """Return the account's owners; they stay owners until the transaction ends."""
    rows = await session.execute(_LOCK_OWNERS, {"account_id": tenant_of(session)})
    return {UserId(row.user_id) for row in rows}


async def add(session: AsyncSession, member_id: UUID, user_id: UserId, role: Role) -> bool:
    """Store a membership; return False if there already is one."""
    parameters = {
        "account_id": tenant_of(session),
        "id": member_id,
        "user_id": user_id,
        "role": role,
    }
    return await session.scalar(_ADD, parameters) is not None


async def set_role(session: AsyncSession, member_id: UUID, role: Role) -> None:
    parameters = {"account_id": tenant_of(session), "id": member_id, "role": role}
    await session.execute(_SET_ROLE, parameters)


async def remove(session: AsyncSession, member_id: UUID) -> None:
    """Delete a membership."""
    await session.execute(_REMOVE, {"account_id": tenant_of(session), "id": member_id})
