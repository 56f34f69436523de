"""When a source's syncs run: one job for each source, whatever it finds to do then."""

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
    """Have the source looked after, `delay` from now or earlier; the last thing in a transaction.

    The job finds out from the rows what there is to do: go on with a sync, begin the one that is
    due, or wait for it. So a job too many, or one too early, does no harm.
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
    """Drop the job that waits for the source; one that runs ends by itself."""
    await cancel(session, key=_key(source_id))
