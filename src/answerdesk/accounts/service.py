"""Accounts: the one of this installation, and whose an id is."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts import repository
from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, new_id

_MOST_OWNERS: Final = 10_000
_owners: dict[UUID, AccountId] = {}


async def installation_account(database: Database) -> AccountId:
    """Return the installation's account, made on first use, once, whoever else starts now."""
    async with database.transaction(None) as session:
        found = await repository.oldest_account(session)
    if found is not None:
        return found
    account_id = AccountId(new_id())
    async with database.transaction(account_id) as session:
        await repository.lock_first_account(session)
        found = await repository.oldest_account(session)
        if found is not None:
            return found
        await repository.add_account(session, account_id, "Owner")
    return account_id


async def account_of(database: Database, any_public_id: UUID) -> AccountId | None:
    """Return the account that `any_public_id` belongs to; None when nobody has it.

    What is found is remembered: an id never changes hands, and a deleted thing is still not found,
    because its row is read as its tenant afterwards.
    """
    known = _owners.get(any_public_id)
    if known is None:
        async with database.transaction(None) as session:
            known = await repository.account_of(session, any_public_id)
        if known is not None:
            if len(_owners) >= _MOST_OWNERS:
                _owners.pop(next(iter(_owners)))
            _owners[any_public_id] = known
    return known


async def register_public_id(
    session: AsyncSession, account_id: AccountId, any_public_id: UUID
) -> None:
    """Make a new id findable before its tenant is known, in the transaction that makes it."""
    await repository.register_public_id(session, account_id, any_public_id)
