"""The jobs of syncs: one step after another, as the source's rows say what is next."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.pages.tasks import SYNC, schedule_sync
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.closing import Closing, end_sync
from answerdesk.knowledge.sync.fetching import Fetching
from answerdesk.knowledge.sync.repository import sources, syncs
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.sync.types import Rules, RunningSync, SyncEnded
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.projects.service import get_project


class SyncSteps:
    """Runs the steps of all sources' syncs.

    A step is one run of a source's job. It holds no transaction while it fetches, and may die
    anywhere: the next step continues from what is stored.
    """

    def __init__(self, database: Database, fetcher: PageFetcher, rules: Rules) -> None:
        self._database = database
        self._fetcher = fetcher
        self._rules = rules

    async def step(
        self, account_id: AccountId, source_id: UUID, *, is_repeated: bool = False
    ) -> None:
        """Do what is due now, and schedule the next step.

        A repeated step, after a failure or the death of its worker, ends after the first page that
        it fetches. So the job's attempts count for that page alone: a sync survives any number of
        dying workers, but does not repeat for ever a page that kills them.
        """
        sync = await self._running(account_id, source_id)
        if sync is None:
            return
        try:
            delay = await self._go_on(sync, is_repeated)
        except SyncEnded:
            return
        if delay is None:
            return
        async with self._database.transaction(account_id) as session:
            if await syncs.running(session, account_id, source_id) is not None:
                await schedule_sync(session, account_id, source_id, delay)

    async def give_up(self, account_id: AccountId, source_id: UUID, reason: str) -> None:
        """End a sync whose steps keep failing; what it ingested stays."""
        async with self._database.transaction(account_id) as session:
            # The source before the sync: the same lock order as in a cancellation.
            await sources.hold(session, source_id)
            sync = await syncs.running(session, account_id, source_id)
            if sync is None:
                return
            knowledge = Knowledge(session, account_id, sync.project_id)
            error = ("sync_failed", f"The sync could not continue: {reason}")
            await end_sync(knowledge, source_id, sync.sync_id, "failed", error)

    async def _running(self, account_id: AccountId, source_id: UUID) -> RunningSync | None:
        """Return the sync to continue, beginning one if it is due; None if there is none."""
        async with self._database.transaction(account_id) as session:
            if not await sources.hold(session, source_id):
                return None
            sync = await syncs.running(session, account_id, source_id)
            if sync is None:
                if not await self._begin_due(session, account_id, source_id):
                    return None
                sync = await syncs.running(session, account_id, source_id)
            if sync is None:
                return None
            try:
                await get_project(session, sync.project_id)
            except NotFound:
                # The project is deleted, and its rows are being removed.
                return None
            if sync.state == "queued":
                await self._begin(session, sync)
        return sync

    async def _begin_due(
        self, session: AsyncSession, account_id: AccountId, source_id: UUID
    ) -> bool:
        """Begin the scheduled sync if it is due, otherwise schedule it."""
        seconds = await sources.seconds_to_next(session, source_id)
        if seconds is None:
            return False
        if seconds > 0:
            await schedule_sync(session, account_id, source_id, timedelta(seconds=seconds))
            return False
        project_id = await sources.project_of(session, source_id)
        return await syncs.begin(session, project_id, source_id, "scheduled") is not None

    async def _begin(self, session: AsyncSession, sync: RunningSync) -> None:
        """Queue the start page and every known page."""
        pages = SyncPages(session, sync.source_id, sync.sync_id)
        found = await pages.add(sync.project_id, [sync.url], "start", 0)
        found += await pages.queue_known(only_failed=sync.only_failed, only_page=sync.only_page)
        await syncs.move(session, sync.sync_id, "queued", "fetching")
        await syncs.count(session, sync.sync_id, found=found)

    async def _go_on(self, sync: RunningSync, is_repeated: bool) -> timedelta | None:
        if sync.state == "indexing":
            return await Closing(self._database, self._fetcher, sync).go_on()
        rules = replace(self._rules, step_pages=1) if is_repeated else self._rules
        fetching = Fetching(self._database, self._fetcher, rules, sync)
        return await fetching.go_on()


def registrations(steps: SyncSteps) -> dict[str, Registration]:
    """Return the handlers that a worker needs for syncs."""

    async def step(job: Job) -> None:
        source_id = UUID(str(job.payload["source_id"]))
        await steps.step(AccountId(job.account_id), source_id, is_repeated=job.attempt > 1)

    async def give_up(job: Job, reason: str) -> None:
        source_id = UUID(str(job.payload["source_id"]))
        await steps.give_up(AccountId(job.account_id), source_id, reason)

    # A step mostly waits for a website; a few sources at a time keep a worker busy, and owners
    # take turns.
    return {
        SYNC: Registration(
            step,
            concurrency=4,
            max_attempts=12,
            timeout=timedelta(minutes=15),
            on_failed=give_up,
        )
    }
