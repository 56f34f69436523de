"""Due work of the knowledge."""

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
"""Attempts at a document whose ingestion fails for no reason that passes by itself."""
_GUESTS: Final = 8
"""A document that is being taken in is in memory with its vectors, so there is a bound."""
_ATTEMPTS_WHILE_AWAY: Final = 300
"""At most ten minutes apart, about two days."""


async def schedule_ingestion(
    session: AsyncSession,
    account_id: AccountId,
    document_id: UUID,
    delay: timedelta | None = None,
) -> None:
    """Have the document taken into the index once the transaction has committed.

    With `delay`, only after that: the caller means to do it at once, and the job makes up for it if
    the caller dies.
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
            # A part that is away, such as an embedding service, is waited for.
            is_away = isinstance(error, DomainError) and error.retriable
            if is_away or job.attempt < _ATTEMPTS:
                raise
            await give_up(job, f"{type(error).__name__}: {error}")

    async def give_up(job: Job, reason: str) -> None:
        document_id = UUID(str(job.payload["document_id"]))
        await ingestion.give_up(AccountId(job.account_id), document_id, reason)

    # The embedder works on one batch at a time; others are parsed meanwhile, of which two may take
    # as long as parsing is allowed to. Long documents of one account would keep these places for
    # minutes: another account's document has one of its own, and its batches take turns with them.
    return {
        INGEST: Registration(
            ingest,
            concurrency=4,
            guests=_GUESTS,
            max_attempts=_ATTEMPTS_WHILE_AWAY,
            on_failed=give_up,
        )
    }
