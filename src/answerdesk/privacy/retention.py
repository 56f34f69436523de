"""Erases what projects keep no longer, of all accounts, in batches that each commit alone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId
from answerdesk.privacy import erasing, repository
from answerdesk.privacy.events import RETENTION_APPLIED, AppliedRetention
from answerdesk.privacy.types import Counts, Old

_AT_ONCE: Final = 50
_RESPONSES_AT_ONCE: Final = 1000

_Find = Callable[[AsyncSession, int], Awaitable[Sequence[tuple[AccountId, Old]]]]
_Erase = Callable[[AsyncSession, Old], Awaitable[Counts]]


async def apply_retention(database: Database) -> None:
    """Erase all that is too old: conversations, the visitors whom that leaves without, leads."""
    for find, erase in (
        (repository.old_conversations, _conversations),
        (repository.old_visitors, _visitors),
        (repository.old_leads, _leads),
    ):
        while await _batch(database, find, erase):
            pass
    full = True
    while full:
        async with database.transaction(None) as session:
            gone = await repository.forget_responses(session, _RESPONSES_AT_ONCE)
        full = gone == _RESPONSES_AT_ONCE


async def _batch(database: Database, find: _Find, erase: _Erase) -> bool:
    """Erase some; tell whether there may be more."""
    async with database.transaction(None) as session:
        found = await find(session, _AT_ONCE)
    erased = 0
    for account_id, old in found:
        async with database.transaction(account_id) as session:
            counts = await erase(session, old)
            told = AppliedRetention(
                conversations=counts.conversations, visitors=counts.visitors, leads=counts.leads
            )
            gone = sum(asdict(counts).values())
            if gone:
                await record(session, account_id, old.project_id, RETENTION_APPLIED, told)
            erased += gone
    # If none of a full batch could be erased, the next run tries again.
    return erased > 0 and sum(len(old.ids) for _, old in found) >= _AT_ONCE


async def _conversations(session: AsyncSession, old: Old) -> Counts:
    locked = await repository.lock_old(session, old.ids)
    return await erasing.erase_conversations(session, old.project_id, locked)


async def _visitors(session: AsyncSession, old: Old) -> Counts:
    return Counts(visitors=await repository.remove_visitors(session, old.project_id, old.ids))


async def _leads(session: AsyncSession, old: Old) -> Counts:
    return await erasing.erase_leads(session, await repository.lock_old_leads(session, old.ids))
