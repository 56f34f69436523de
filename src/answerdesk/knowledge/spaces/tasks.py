"""The jobs of changing the embedding model: fill a space, swap to it, drop unused vectors.

Nothing here holds a transaction while an embedder works. If killed anywhere, it resumes with the
chunks that still have no vector: finished vectors are stored, and a swap is final.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.disk import DiskFull
from answerdesk.core.due import Backoff, Job, Registration, RetryLater, schedule
from answerdesk.core.errors import DomainError
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge import events
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.prepare import chunk_hash, passage_of
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.ingestion.walks import place_of, project_of, schedule_walk
from answerdesk.knowledge.spaces import repository
from answerdesk.knowledge.spaces.types import BaseSpaces, LackingChunk
from answerdesk.providers.embedder import EmbeddedPassage, Passage
from answerdesk.providers.embedders import Embedders

_AT_ONCE: Final = 32
"""Chunks embedded and stored together."""

_SLICE_SECONDS: Final = 5.0
"""How long a run lasts before others get their turn."""

_DROPPED_AT_ONCE: Final = 1000

_BEING_TAKEN_IN: Final = "Documents are being ingested; the change continues when they are done."

_log = structlog.get_logger(__name__)


class FillerWaits(Exception):
    """Nothing can be filled at the moment; `reason` says why. Try again later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Pass:
    """One pass over the project's chunks: its position, and what it has found so far."""

    after: UUID | None
    embedded: int = 0
    unready: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """How a run ended: whether there is more to do, and after which chunk."""

    more: bool
    after: UUID | None = None


class Filler:
    """Fills next spaces, and drops vectors of spaces that the project no longer keeps."""

    def __init__(
        self, database: Database, embedders: Embedders, *, slice_seconds: float = _SLICE_SECONDS
    ) -> None:
        self._database = database
        self._embedders = embedders
        self._slice = slice_seconds

    async def fill(
        self, account_id: AccountId, project_id: ProjectId, after: UUID | None
    ) -> Filled:
        """Embed chunks without a vector in the project's next space; swap when there are none.

        Begins after the chunk `after`. Raises FillerWaits if the embedder is unavailable, or if all
        remaining chunks belong to documents that are being ingested again.
        """
        project = (account_id, project_id)
        async with self._database.transaction(account_id) as session:
            space = (await repository.base_spaces(session, project)).next
        if space is None:
            return Filled(more=False)
        try:
            return await self._fill(project, space, _Pass(after))
        except DiskFull:
            raise
        except DomainError as error:
            if error.code == "shutting_down":
                raise FillerWaits(error.message) from error
            raise await self._waits(project, error.code, error.message) from error

    async def _waits(self, project: repository.Project, code: str, reason: str) -> FillerWaits:
        """Record why the change is waiting; return the exception to raise."""
        async with self._database.transaction(project[0]) as session:
            await repository.note_waiting(session, project, code, reason)
        return FillerWaits(reason)

    async def _fill(self, project: repository.Project, space: str, walk: _Pass) -> Filled:
        clock = asyncio.get_running_loop().time
        began = clock()
        from_the_start = walk.after is None
        while clock() - began < self._slice or not walk.embedded:
            async with self._database.transaction(project[0]) as session:
                found = await repository.lacking(session, project, space, walk.after, _AT_ONCE)
            ready = [one for one in found if is_ready(one)]
            walk.unready += len(found) - len(ready)
            if ready:
                vectors = await self._embed(space, ready)
                walk.embedded += len(ready)
                pace = walk.embedded / max(clock() - began, 0.001) * 60
                revisions = {one.id: one.added_rev for one in ready}
                if not await self._store(project, space, vectors, revisions, pace):
                    return Filled(more=False)
            if found:
                walk.after = found[-1].id
            elif not from_the_start or walk.embedded:
                # Chunks may have been added meanwhile before our position.
                return Filled(more=True)
            elif await self._swap(project, space):
                return Filled(more=False)
            elif walk.unready:
                raise await self._waits(project, "documents_pending", _BEING_TAKEN_IN)
            else:
                return Filled(more=True)
        return Filled(more=True, after=walk.after)

    async def _embed(self, space: str, chunks: list[LackingChunk]) -> dict[UUID, EmbeddedPassage]:
        embedder = await self._embedders.of(space)
        embedded = await embedder.embed_passages([passage_of_chunk(one) for one in chunks])
        return {one.id: vectors for one, vectors in zip(chunks, embedded, strict=True)}

    async def _store(
        self,
        project: repository.Project,
        space: str,
        vectors: dict[UUID, EmbeddedPassage],
        revisions: dict[UUID, int],
        pace: float,
    ) -> bool:
        """Store vectors of the chunks that are still as embedded; False if the change has ended."""
        async with self._database.transaction(project[0]) as session:
            base = await index.lock_base(session, *project)
            if base.spaces.next != space:
                return False
            unchanged = await index.unchanged_chunks(session, project[0], revisions)
            kept = {key: one for key, one in vectors.items() if key in unchanged}
            await index.add_vectors(session, base, space, kept, base.live_rev)
            await repository.note_filling(session, project, pace)
            return True

    async def _swap(self, project: repository.Project, space: str) -> bool:
        """Serve the next space if no chunk lacks a vector; True also if the change has ended."""
        async with self._database.transaction(project[0]) as session:
            base = await index.lock_base(session, *project)
            if base.spaces.next != space:
                return True
            if await repository.lacks(session, project, space):
                return False
            before = base.spaces.served
            stored = await repository.base_spaces(session, project)
            await repository.set_spaces(
                session,
                base,
                BaseSpaces(
                    space, None, before, previous_complete=True, chunk_count=stored.chunk_count
                ),
            )
            await repository.end_change(session, base, done=True)
            payload = events.SpaceChange(space=space, previous=before)
            await record(session, *project, events.SPACE_CHANGED, payload)
        _log.info("embedding_space_changed", project_id=str(project[1]), space=space)
        return True

    async def drop(self, account_id: AccountId, project_id: ProjectId) -> bool:
        """Delete some vectors of spaces that the project does not keep; tell if there were any."""
        project = (account_id, project_id)
        async with self._database.transaction(account_id) as session:
            stored = await repository.spaces_with_vectors(session, project)
        for space in stored:
            async with self._database.transaction(account_id) as session:
                await index.lock_base(session, *project)
                spaces = await repository.base_spaces(session, project)
                if space not in (spaces.space, spaces.next, spaces.previous):
                    return bool(
                        await repository.drop_vectors(session, project, space, _DROPPED_AT_ONCE)
                    )
        return False


def _document(chunk: LackingChunk) -> PreparedDocument:
    return PreparedDocument(chunk.title or "", chunk.language, ())


def passage_of_chunk(chunk: LackingChunk) -> Passage:
    """Return what its document's ingestion has had embedded."""
    return passage_of(_document(chunk), chunk.draft)


def is_ready(chunk: LackingChunk) -> bool:
    """Tell whether the chunk can be embedded as its document's ingestion would have done it.

    A document that waits to be ingested again may have another title by now. Its chunks are left to
    its ingestion, which replaces or keeps them.
    """
    return not chunk.pending or chunk_hash(_document(chunk), chunk.draft) == chunk.content_hash


FILL: Final = "knowledge.fill_space"
DROP: Final = "knowledge.drop_vectors"

_WAITING: Final = Backoff(first=timedelta(seconds=1), factor=2.0, longest=timedelta(minutes=1))
_SEARCHES_END: Final = timedelta(seconds=60)
"""Searches that began in a space just before it was given up end within this time."""


async def schedule_filling(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, after: UUID | None = None
) -> None:
    """Queue filling the project's next space, once the transaction has committed."""
    await schedule_walk(session, FILL, account_id, project_id, after)


async def schedule_dropping(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    delay: timedelta = _SEARCHES_END,
) -> None:
    """Queue deleting the vectors that are in none of the project's spaces."""
    payload = {"project_id": str(project_id)}
    key = f"{DROP}:{project_id}"
    await schedule(session, DROP, account_id=account_id, payload=payload, key=key, delay=delay)


def registrations(database: Database, filler: Filler) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this package's jobs."""

    async def fill(job: Job) -> None:
        account_id, project_id = AccountId(job.account_id), project_of(job)
        try:
            filled = await filler.fill(account_id, project_id, place_of(job))
        except FillerWaits as waits:
            raise RetryLater(_WAITING.delay(job.attempt), waits.reason) from waits
        async with database.transaction(account_id) as session:
            if filled.more:
                await schedule_filling(session, account_id, project_id, filled.after)
            else:
                # The space before the previous one can no longer be rolled back to.
                await schedule_dropping(session, account_id, project_id)

    async def drop(job: Job) -> None:
        account_id, project_id = AccountId(job.account_id), project_of(job)
        if await filler.drop(account_id, project_id):
            async with database.transaction(account_id) as session:
                await schedule_dropping(session, account_id, project_id, timedelta(0))

    return {
        # No limit: a service that is away for a day may be back the day after.
        FILL: Registration(fill, concurrency=2, max_attempts=None, backoff=_WAITING),
        DROP: Registration(drop, concurrency=1),
    }
