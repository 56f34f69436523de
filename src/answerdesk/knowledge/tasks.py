"""The knowledge's jobs: ingesting documents."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.errors import DomainError
from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.ingestion.service import Ingestion

INGEST: Final = "knowledge.ingest"

_ATTEMPTS: Final = 8
"""Attempts at a document whose ingestion fails for a reason that doesn't pass by itself."""
_GUESTS: Final = 8
"""A bound on memory, which holds a document with its vectors while it is ingested."""
_ATTEMPTS_WHILE_AWAY: Final = 300
"""At most ten minutes apart: about two days."""


async def schedule_ingestion(
    session: AsyncSession,
    account_id: AccountId,
    document_id: UUID,
    delay: timedelta | None = None,
) -> None:
    """Queue the document's ingestion, to run once the transaction has committed.

    With `delay`, it runs only after that time: the caller ingests the document immediately, and the
    job covers for a caller that dies.
    """
    await schedule(
        session,
        INGEST,
        account_id=account_id,
        payload={"document_id": str(document_id)},
        delay=delay,
        key=f"{INGEST}:{document_id}",
    )


def registrations(ingestion: Ingestion) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this slice's jobs."""

    async def ingest(job: Job) -> None:
        document_id = UUID(str(job.payload["document_id"]))
        try:
            await ingestion.ingest(AccountId(job.account_id), document_id)
        except Exception as error:
            # If a part such as an embedding service is unavailable, the job waits for it.
            is_away = isinstance(error, DomainError) and error.retriable
            if is_away or job.attempt < _ATTEMPTS:
                raise
            await give_up(job, f"{type(error).__name__}: {error}")

    async def give_up(job: Job, reason: str) -> None:
        document_id = UUID(str(job.payload["document_id"]))
        await ingestion.give_up(AccountId(job.account_id), document_id, reason)

    # The embedder works on one batch at a time; meanwhile other documents are parsed, two of which
    # may take as long as parsing is allowed to. Long documents of one account could hold these
    # places for minutes, so another account's document gets a place of its own, and its batches
    # take turns with theirs.
    return {
        INGEST: Registration(
            ingest,
            concurrency=4,
            guests=_GUESTS,
            max_attempts=_ATTEMPTS_WHILE_AWAY,
            on_failed=give_up,
        )
    }
