"""Reads documents again that an older reader has read (`readings.READER_VERSION`).

It needs nothing but what is stored: the documents' bytes. A document is one step, and its version
says that it is done; a killed run leaves nothing to repair, and the next one repeats nothing. What
is in the answers stays there until the new reading replaces it.
"""

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.due import Backoff, Job, Registration, RetryLater, cancel
from answerdesk.core.errors import DomainError
from answerdesk.core.tenancy import AccountId, ProjectId, public_id
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.readings import NEEDED_READER, READER_VERSION
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.ingestion.walks import place_of, project_of, schedule_walk, walk_key
from answerdesk.knowledge.types import DOCUMENT_PREFIX

READ_AGAIN: Final = "knowledge.read_again"

_AT_ONCE: Final = 100
"""Documents found by a query."""
_SLICE_SECONDS: Final = 5.0
"""How long a run lasts before others get their turn: that and a document."""
_REST: Final = timedelta(seconds=5)
"""The pause after a run that nobody has asked for."""
_ATTEMPTS: Final = 8
"""Attempts at a document that fails for a reason that doesn't pass by itself."""
_ATTEMPTS_WHILE_AWAY: Final = 300
"""At most ten minutes apart: about two days."""
_WAITING: Final = Backoff()

_log = structlog.get_logger(__name__)


async def begin_reading_again(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, *, by_itself: bool
) -> int | None:
    """Begin, in the background; return the number of documents, None if it is running already.

    With none there is nothing to begin. `by_itself`: only what is needed, and nobody waits for it,
    so it rests in between.
    """
    before = NEEDED_READER if by_itself else READER_VERSION
    total = await index.begin_reading_again(session, account_id, project_id, before)
    if total == 0:
        await index.end_reading_again(session, account_id, project_id)
    elif total is not None:
        await schedule_walk(session, READ_AGAIN, account_id, project_id, None, by_itself=by_itself)
    return total


async def stop_reading_again(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> None:
    """End it; what has been read again stays. It doesn't begin again by itself."""
    await index.end_reading_again(session, account_id, project_id)
    await cancel(session, key=walk_key(READ_AGAIN, project_id))


class Stuck(Exception):
    """A document could not be read again now; those up to `after` are done."""

    def __init__(self, document_id: UUID, after: UUID | None) -> None:
        super().__init__(str(document_id))
        self.document_id = document_id
        self.after = after


class Rereader:
    """Reads a project's older documents again, one by one, in the order of their ids."""

    def __init__(
        self, database: Database, ingestion: Ingestion, *, slice_seconds: float = _SLICE_SECONDS
    ) -> None:
        self._database = database
        self._ingestion = ingestion
        self._slice = slice_seconds

    async def read(
        self, account_id: AccountId, project_id: ProjectId, after: UUID | None
    ) -> UUID | None:
        """Read some documents after `after`; return the last one, None at the end.

        The end is also when it was cancelled. Raises Stuck.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        while True:
            async with self._database.transaction(account_id) as session:
                state = await index.reading_again(session, account_id, project_id)
                if state.before is None:
                    return None
                found = await index.older_documents(
                    session, account_id, project_id, state.before, after, _AT_ONCE
                )
                if not found:
                    await index.end_reading_again(session, account_id, project_id)
                    _log.info("read_again", project_id=str(project_id))
                    return None
            for document_id in found:
                try:
                    await self._ingestion.read_again(account_id, document_id)
                except Exception as error:
                    raise Stuck(document_id, after) from error
                after = document_id
                if clock() - began >= self._slice:
                    return after

    async def skip(self, account_id: AccountId, document_id: UUID, reason: str) -> None:
        """Leave a document as it is for this reader."""
        await self._ingestion.give_up(account_id, document_id, reason, again=True)

    async def note_waiting(
        self, account_id: AccountId, project_id: ProjectId, error: DomainError | None
    ) -> None:
        """Record what it waits for; None if it goes on."""
        code, message = (None, None) if error is None else (error.code, error.message)
        async with self._database.transaction(account_id) as session:
            await index.note_reading_again_waits(session, account_id, project_id, code, message)


def registrations(database: Database, rereader: Rereader) -> dict[str, Registration]:
    """Return the handler that a worker needs for this module's job."""

    async def go_on(job: Job, after: UUID) -> None:
        account_id, by_itself = AccountId(job.account_id), bool(job.payload.get("by_itself"))
        delay = _REST if by_itself else None
        async with database.transaction(account_id) as session:
            await schedule_walk(
                session,
                READ_AGAIN,
                account_id,
                project_of(job),
                after,
                delay=delay,
                by_itself=by_itself,
            )

    async def stop_at(job: Job, stuck: Stuck) -> None:
        """Try the document again later, or leave it; raises RetryLater."""
        account_id, cause = AccountId(job.account_id), stuck.__cause__
        if stuck.after is not None and stuck.after != place_of(job):
            # The next run's attempts are for this document alone.
            await go_on(job, stuck.after)
            return
        is_away = isinstance(cause, DomainError) and cause.retriable
        reason = cause.message if isinstance(cause, DomainError) else type(cause).__name__
        if job.attempt >= (_ATTEMPTS_WHILE_AWAY if is_away else _ATTEMPTS):
            _log.warning(
                "not_read_again",
                document_id=public_id(DOCUMENT_PREFIX, stuck.document_id),
                reason=reason,
            )
            await rereader.skip(account_id, stuck.document_id, reason)
            await go_on(job, stuck.document_id)
            return
        if isinstance(cause, DomainError) and cause.code != "shutting_down":
            await rereader.note_waiting(account_id, project_of(job), cause)
        raise RetryLater(_WAITING.delay(job.attempt), reason) from cause

    async def read_again(job: Job) -> None:
        account_id, project_id = AccountId(job.account_id), project_of(job)
        try:
            after = await rereader.read(account_id, project_id, place_of(job))
        except Stuck as stuck:
            await stop_at(job, stuck)
            return
        if after is not None:
            await rereader.note_waiting(account_id, project_id, None)
            await go_on(job, after)

    # No limit: a service that is away for a day may be back the day after.
    return {READ_AGAIN: Registration(read_again, concurrency=1, max_attempts=None)}
