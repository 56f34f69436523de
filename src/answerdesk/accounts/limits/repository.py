"""Reads an account's plan, and counts what it has."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId

_PLAN: Final = text("select plan from account where account_id = :account_id")
_LOCK: Final = text(
    "select pg_advisory_xact_lock(hashtextextended('limit:' || :metric || :account_id, 0))"
)
# The only place that names tables of slices above: a limit is worth something only where counting
# and locking cannot be forgotten by the one who adds.
_COUNT: Final[Mapping[str, TextClause]] = {
    "projects": text(
        "select count(*) from project where account_id = :account_id and deleted_at is null"
    ),
    "agents": text(
        "select count(*) from agent a"
        " join project p on p.account_id = a.account_id and p.id = a.project_id"
        " where a.account_id = :account_id and p.deleted_at is null"
    ),
    "items": text(
        "select count(*) from source s"
        " join project p on p.account_id = s.account_id and p.id = s.project_id"
        " join document d on d.account_id = s.account_id and d.source_id = s.id"
        " where s.account_id = :account_id and s.kind = 'qa' and p.deleted_at is null"
    ),
    "members": text("select count(*) from membership where account_id = :account_id"),
}


async def plan_name(session: AsyncSession, account_id: AccountId) -> str:
    """Return the name of the plan that the account is on."""
    return str(await session.scalar(_PLAN, {"account_id": account_id}))


async def lock(session: AsyncSession, account_id: AccountId, metric: str) -> None:
    """Let one transaction at a time add to `metric` of the account."""
    await session.execute(_LOCK, {"metric": metric, "account_id": str(account_id)})


async def count(session: AsyncSession, account_id: AccountId, metric: str) -> int:
    """Count what the account has of `metric`."""
    return int(await session.scalar(_COUNT[metric], {"account_id": account_id}))
