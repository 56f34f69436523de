"""Reads and writes accounts."""

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.models import AccountRow
from answerdesk.core.tenancy import AccountId

_FIRST_ACCOUNT_LOCK: Final = 0x61636374
"""Advisory lock of whoever makes the first account (the letters 'acct')."""


async def oldest_account(session: AsyncSession) -> AccountId | None:
    """Return the account that was made first; needs no tenant."""
    found = await session.scalar(text("select oldest_account()"))
    return None if found is None else AccountId(found)


async def lock_first_account(session: AsyncSession) -> None:
    """Let one transaction at a time make the first account."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _FIRST_ACCOUNT_LOCK})


async def add_account(session: AsyncSession, account_id: AccountId, name: str) -> None:
    """Store a new account; the session's tenant must be that account."""
    session.add(AccountRow(account_id=account_id, name=name))
    await session.flush()


async def account_of(session: AsyncSession, any_public_id: UUID) -> AccountId | None:
    """Return whose the thing with this public id is; needs no tenant."""
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
