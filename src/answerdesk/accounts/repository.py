"""Reads and writes accounts and their audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.models import AccountRow
from answerdesk.accounts.types import Account, AuditEntry, AuditFilter
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId

_FIRST_ACCOUNT_LOCK: Final = 0x61636374
"""Advisory lock for creating the first account (the letters 'acct')."""


_COLUMNS: Final = (
    "a.account_id as id, a.name, a.plan, a.suspended_at is not null as suspended, a.created_at,"
    " a.trial_ends_at"
)
_GET: Final = text(
    f"select {_COLUMNS} from account a where a.account_id = :account_id"  # noqa: S608
)
# For the operator, whose transactions see every account.
_LIST: Final = text(f"select {_COLUMNS} from account a order by a.created_at, a.account_id")  # noqa: S608
_RENAME: Final = text("update account set name = :name where account_id = :account_id")
_SET_PLAN: Final = text("update account set plan = :plan where account_id = :account_id")
_BEGIN_TRIAL: Final = text(
    "update account set trial_ends_at = now() + make_interval(days => :days)"
    " where account_id = :account_id"
)
_SUSPEND: Final = text(
    "update account set suspended_at = case when :suspended then"
    " coalesce(suspended_at, statement_timestamp()) end where account_id = :account_id"
)


async def get(session: AsyncSession) -> Account | None:
    row = (await session.execute(_GET, {"account_id": tenant_of(session)})).one_or_none()
    return None if row is None else Account(**row._asdict())


async def list_all(session: AsyncSession) -> list[Account]:
    """Return every account that the session's role can see, oldest first."""
    return [Account(**row._asdict()) for row in await session.execute(_LIST)]


async def rename(session: AsyncSession, name: str) -> None:
    await session.execute(_RENAME, {"account_id": tenant_of(session), "name": name})


async def set_plan(session: AsyncSession, plan: str) -> None:
    await session.execute(_SET_PLAN, {"account_id": tenant_of(session), "plan": plan})


async def begin_trial(session: AsyncSession, days: int) -> None:
    await session.execute(_BEGIN_TRIAL, {"account_id": tenant_of(session), "days": days})


async def set_suspended(session: AsyncSession, *, suspended: bool) -> None:
    parameters = {"account_id": tenant_of(session), "suspended": suspended}
    await session.execute(_SUSPEND, parameters)


async def oldest_account(session: AsyncSession) -> AccountId | None:
    """Return the account that was created first; needs no tenant."""
    found = await session.scalar(text("select oldest_account()"))
    return None if found is None else AccountId(found)


async def lock_first_account(session: AsyncSession) -> None:
    """Allow only one transaction at a time to create the first account."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _FIRST_ACCOUNT_LOCK})


async def add_account(session: AsyncSession, account_id: AccountId, name: str) -> None:
    """Store a new account. The session's tenant must be that account."""
    session.add(AccountRow(account_id=account_id, name=name))
    await session.flush()


async def account_of(session: AsyncSession, any_public_id: UUID) -> AccountId | None:
    """Return the account that owns the thing with this public id; needs no tenant."""
    found = await session.scalar(text("select account_of(:id)"), {"id": any_public_id})
    return None if found is None else AccountId(found)


async def register_public_id(
    session: AsyncSession, account_id: AccountId, any_public_id: UUID
) -> None:
    """Make `any_public_id` findable before a tenant is known."""
    await session.execute(
        text("insert into public_id (id, account_id) values (:id, :account_id)"),
        {"id": any_public_id, "account_id": account_id},
    )


async def forget_public_ids(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Make these public ids lead to no tenant any more."""
    await session.execute(text("select forget_public_ids(:ids)"), {"ids": [*ids]})


_ADD_AUDIT: Final = text(
    "insert into audit_entry"
    " (account_id, id, actor_kind, actor_id, actor_name, action, target_kind, target_id,"
    "  address, detail)"
    " values (:account_id, :id, :actor_kind, :actor_id, :actor_name, :action, :target_kind,"
    "  :target_id, cast(:address as text), cast(:detail as jsonb))"
)
_LIST_AUDIT: Final = text(
    "select id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, address,"
    "  detail"
    " from audit_entry where account_id = :account_id"
    "  and (cast(:action as text) is null or action = :action)"
    "  and (cast(:actor_id as uuid) is null or actor_id = :actor_id)"
    "  and (cast(:since as timestamptz) is null or at >= :since)"
    "  and (cast(:until as timestamptz) is null or at < :until)"
    "  and (cast(:at as timestamptz) is null"
    "   or (at, id) < (cast(:at as timestamptz), cast(:id as uuid)))"
    " order by at desc, id desc limit :limit"
)


async def add_audit_entry(session: AsyncSession, entry: Mapping[str, object]) -> None:
    """Store an entry. `entry` has a value for each column, with `detail` as JSON text."""
    await session.execute(_ADD_AUDIT, entry)


async def list_audit_entries(
    session: AsyncSession,
    wanted: AuditFilter,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None,
) -> Sequence[AuditEntry]:
    """Return the tenant's entries that are wanted, newest first, starting behind `after`."""
    at, entry_id = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "action": wanted.action,
        "actor_id": wanted.actor_id,
        "since": wanted.since,
        "until": wanted.until,
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
        for row in await session.execute(_LIST_AUDIT, parameters)
    ]
