"""Accounts: the installation's own, and finding whose account an id belongs to."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts import repository
from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.plans import Plans, plans_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import ACCOUNT_PREFIX, TRIAL_DAYS, Account
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.faults import did_you_mean
from answerdesk.core.tenancy import AccountId, new_id, public_id

LONGEST_NAME: Final = 200
_MOST_OWNERS: Final = 10_000
_owners: dict[UUID, AccountId] = {}


async def installation_account(database: Database) -> AccountId:
    """Return the installation's account. The first use creates it, once, even if many start."""
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
    """Return the account that `any_public_id` belongs to; None if there is no such id.

    Results are cached: an id never changes hands, and a deleted thing is still not found, because
    its row is read afterwards as its tenant.
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
    """Make a new id findable before its tenant is known, in the transaction that creates it."""
    await repository.register_public_id(session, account_id, any_public_id)


async def get_account(session: AsyncSession) -> Account:
    """Return the session's own account; raises NotFound if it does not exist."""
    found = await repository.get(session)
    if found is None:
        raise NotFound("Account not found", code="account_not_found")
    return found


async def every_account(session: AsyncSession) -> list[Account]:
    """Return all accounts, oldest first. The session must be the operator's."""
    return await repository.list_all(session)


async def create_account(
    session: AsyncSession,
    account_id: AccountId,
    name: str,
    plan: str,
    *,
    caller: Principal | None = None,
) -> None:
    """Create an account. The session's tenant must be that account.

    With a `caller` (the operator), it is recorded in the audit log. Raises InvalidInput.
    """
    require_plan(plans_of(session), plan)
    await repository.add_account(session, account_id, _checked(name))
    await repository.set_plan(session, plan)
    if caller is not None:
        await _record(session, caller, "account.created", {"plan": plan})


async def begin_trial(session: AsyncSession) -> None:
    """Note when the trial of the session's account ends: in 14 days."""
    await repository.begin_trial(session, TRIAL_DAYS)


def require_plan(plans: Plans, name: str) -> None:
    """Raise InvalidInput, listing the plans, unless `name` is one of them."""
    if name not in plans:
        known = ", ".join(plans)
        raise InvalidInput(
            f"There is no plan {name!r}; choose from {known}{did_you_mean(name, plans)}",
            code="plan_unknown",
        )


async def rename_account(session: AsyncSession, caller: Principal, name: str) -> Account:
    """Rename the caller's account. Raises InvalidInput."""
    before = await get_account(session)
    await repository.rename(session, _checked(name))
    await _record(session, caller, "account.renamed", {"from": before.name, "to": name.strip()})
    return await get_account(session)


async def set_plan(session: AsyncSession, caller: Principal, plan: str) -> Account:
    """Put the caller's account on another plan. Raises InvalidInput, listing the plans."""
    require_plan(plans_of(session), plan)
    before = await get_account(session)
    await repository.set_plan(session, plan)
    await _record(session, caller, "account.plan_changed", {"from": before.plan, "to": plan})
    return await get_account(session)


async def set_suspended(session: AsyncSession, caller: Principal, *, suspended: bool) -> Account:
    """Suspend the caller's account, so that all its credentials are refused, or end that."""
    await get_account(session)
    await repository.set_suspended(session, suspended=suspended)
    await _record(session, caller, "account.suspended" if suspended else "account.resumed", {})
    return await get_account(session)


def _checked(name: str) -> str:
    stripped = name.strip()
    if not 0 < len(stripped) <= LONGEST_NAME:
        raise InvalidInput(
            f"An account's name must have 1 to {LONGEST_NAME} characters", code="account_name"
        )
    return stripped


async def _record(
    session: AsyncSession, caller: Principal, action: str, detail: dict[str, str]
) -> None:
    target = public_id(ACCOUNT_PREFIX, caller.account_id)
    await record_audit(session, caller, action, "account", target, {**detail})


async def forget_public_ids(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Make the public ids of these deleted things lead to no tenant any more."""
    await repository.forget_public_ids(session, ids)
