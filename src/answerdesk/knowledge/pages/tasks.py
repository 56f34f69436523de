"""Schedules the syncs of a source: one job for each source."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.due import cancel, schedule
from answerdesk.core.tenancy import AccountId

SYNC: Final = "knowledge.sync"


def _key(source_id: UUID) -> str:
    return f"{SYNC}:{source_id}"


async def schedule_sync(
    session: AsyncSession, account_id: AccountId, source_id: UUID, delay: timedelta
) -> None:
    """Schedule the source's job for `delay` from now, or earlier; call it last in a transaction.

    The job learns from the rows what to do: continue a sync, begin the one that is due, or wait
    for it. So an extra job, or one that runs too early, does no harm.
    """
    await schedule(
        session,
        SYNC,
        account_id=account_id,
        payload={"source_id": str(source_id)},
        delay=delay,
        key=_key(source_id),
    )


async def cancel_sync_job(session: AsyncSession, source_id: UUID) -> None:
    """Cancel the source's waiting job; a running job ends by itself."""
    await cancel(session, key=_key(source_id))
