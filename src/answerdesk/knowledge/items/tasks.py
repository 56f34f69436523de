"""The items' jobs: making many items searchable."""

import asyncio
from collections.abc import Sequence
from typing import Final, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.due import Job, JsonValue, Registration, schedule_many
from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.ingestion.service import Ingestion

INGEST_ITEMS: Final = "knowledge.ingest_items"

_OF_ONE_JOB: Final = 100
"""Items per job: few jobs, none of them long, and a payload that can hold the ids."""

_AT_ONCE: Final = 4
"""Items of a job that are ingested concurrently, so that the embedder gets whole batches."""


async def schedule_items(
    session: AsyncSession, account_id: AccountId, item_ids: Sequence[UUID]
) -> None:
    """Queue the ingestion of new items, to run once the transaction has committed."""
    payloads: list[dict[str, JsonValue]] = [
        {"item_ids": [one.hex for one in item_ids[start : start + _OF_ONE_JOB]]}
        for start in range(0, len(item_ids), _OF_ONE_JOB)
    ]
    if payloads:
        await schedule_many(session, INGEST_ITEMS, account_id=account_id, payloads=payloads)


def registrations(ingestion: Ingestion) -> dict[str, Registration]:
    """Return the handlers that a worker needs for the items' jobs."""

    async def ingest(job: Job) -> None:
        account_id = AccountId(job.account_id)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(item_id: UUID) -> None:
            async with gate:
                await ingestion.ingest(account_id, item_id)

        outcomes = await asyncio.gather(*map(one, _items_of(job)), return_exceptions=True)
        # Items that are searchable by now need nothing when the job runs again.
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def give_up(job: Job, reason: str) -> None:
        for item_id in _items_of(job):
            await ingestion.give_up(AccountId(job.account_id), item_id, reason)

    return {INGEST_ITEMS: Registration(ingest, concurrency=1, on_failed=give_up)}


def _items_of(job: Job) -> Sequence[UUID]:
    return [UUID(one) for one in cast("list[str]", job.payload["item_ids"])]
