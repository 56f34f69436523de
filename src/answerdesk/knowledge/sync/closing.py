"""The end of a sync: wait for ingestion, remove pages that are gone, record the result."""

from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.events import record
from answerdesk.core.tenancy import public_id
from answerdesk.knowledge import events
from answerdesk.knowledge.pages.tasks import cancel_sync_job, schedule_sync
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.opening import SiteAway, SourceMemory, ask_site
from answerdesk.knowledge.sync.repository import sources, syncs
from answerdesk.knowledge.sync.repository.removals import MissingCount, Removals
from answerdesk.knowledge.sync.types import EndFacts, RunningSync, SyncEnded
from answerdesk.knowledge.types import PAGE_PREFIX, SOURCE_PREFIX, SYNC_PREFIX
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outcomes import sentence
from answerdesk.knowledge.website.scope import Scope

EndState = Literal["done", "failed", "cancelled"]


async def end_sync(
    knowledge: Knowledge,
    source_id: UUID,
    sync_id: UUID,
    state: EndState,
    error: tuple[str | None, str | None] = (None, None),
) -> bool:
    """End a sync and schedule the next one, in the caller's transaction.

    Returns False and changes nothing if it has already ended. Documents that it brought stay, and
    their ingestion continues.
    """
    session = knowledge.session
    if not await syncs.end(session, sync_id, state, *error):
        return False
    seconds = await sources.wait_for_next(session, source_id)
    payload = events.SyncEnd(
        source_id=public_id(SOURCE_PREFIX, source_id),
        sync_id=public_id(SYNC_PREFIX, sync_id),
        state=state,
        error_code=error[0],
    )
    event_type = events.SOURCE_FAILED if state == "failed" else events.SOURCE_SYNCED
    await record(session, knowledge.account_id, knowledge.project_id, event_type, payload)
    await cancel_sync_job(session, source_id)
    if seconds is not None:
        delay = timedelta(seconds=max(seconds, 0.0))
        await schedule_sync(session, knowledge.account_id, source_id, delay)
    return True


_SOON: Final = timedelta(seconds=0.25)
_LATER: Final = timedelta(seconds=1)
_AT_LAST: Final = timedelta(seconds=15)
_MOST_DOUBLINGS: Final = 6
_FEW: Final = 50
_AT_ONCE: Final = 25
_SUSPICIOUS: Final = 5

_MOVED_TO_NOWHERE: Final = (
    "The page redirects to another page, or has the same content as another page, and that page"
    " could not be ingested. This page is kept as it was."
)
_MOVED_IN_A_CIRCLE: Final = sentence(
    "http_error", "The page's redirects lead nowhere: they go in a circle, or are too many."
)
_HELD: Final = (
    "The page seems to be gone, but so do so many others that it may be an outage. It is kept. If"
    " the pages are really gone, sync with “confirm removals”."
)
_HELD_ALL: Final = (
    "Pages that seem to be gone but are kept: {held}. So many together look like an outage. If they"
    " are really gone, sync with “confirm removals”."
)
_LIMITED: Final = (
    "{limited} pages were left out because the maximum number of pages is reached. Exclude pages"
    " that you don't need, or raise the limit of the source or of the plan."
)

_log = structlog.get_logger(__name__)


class Closing:
    """One step of a sync that has finished fetching."""

    def __init__(self, database: Database, fetcher: PageFetcher, sync: RunningSync) -> None:
        self._database = database
        self._fetcher = fetcher
        self._sync = sync

    async def go_on(self) -> timedelta | None:
        """Do one step; return the delay until the next, or None if the sync has ended."""
        sync = self._sync
        async with self._database.transaction(sync.account_id) as session:
            pending = await syncs.pending(session, sync.source_id, sync.sync_id)
        if pending:
            return await self._wait_for(pending)
        if sync.memory.get("removals") is None:
            if await self._look_at_doubles():
                return timedelta(0)
            await self._decide()
        while await self._remove_some():
            pass
        await self._end()
        return None

    async def _wait_for(self, pending: int) -> timedelta:
        """Return the delay before checking again on documents that are being ingested.

        It grows, so that an embedder that is away for hours isn't polled several times a second.
        """
        before, waits = self._sync.memory.get("pending", (0, 0))
        waits = min(int(waits) + 1, _MOST_DOUBLINGS) if before == pending else 0
        async with self._database.transaction(self._sync.account_id) as session:
            if not await syncs.remember(session, self._sync.sync_id, {"pending": [pending, waits]}):
                raise SyncEnded
        return min((_SOON if pending < _FEW else _LATER) * (1 << waits), _AT_LAST)

    async def _decide(self) -> None:
        """Decide once which of the missing pages go, so that a crash can't change the decision."""
        sync = self._sync
        async with self._database.transaction(sync.account_id) as session:
            await self._hold_source(session)
            removals = Removals(session, sync.source_id, sync.sync_id)
            lost, skipped = await removals.fail_circles(_MOVED_IN_A_CIRCLE)
            kept = await removals.keep_unless_there(_MOVED_TO_NOWHERE)
            failed = lost + skipped + kept
            if await syncs.count(session, sync.sync_id, failed=failed, skipped=-skipped) is None:
                raise SyncEnded
            missing = await removals.count()
        is_outage = bool(missing.gone) and await self._is_outage(missing)
        async with self._database.transaction(sync.account_id) as session:
            await self._hold_source(session)
            held = 0
            if is_outage:
                held = await Removals(session, sync.source_id, sync.sync_id).hold(_HELD)
                await syncs.hold_removals(session, sync.sync_id, held)
                await self._tell_of_held(session, held)
            if not await syncs.remember(session, sync.sync_id, {"removals": held}):
                raise SyncEnded

    async def _is_outage(self, missing: MissingCount) -> bool:
        """Say whether so many pages are missing that it looks like an outage.

        Checks the site once more, because it may have gone down during the sync.
        """
        sync = self._sync
        try:
            scope = Scope(sync.url, sync.settings.include, sync.settings.exclude)
            memory = SourceMemory(self._database, sync.account_id, sync.source_id)
            site, _ = await ask_site(self._fetcher, scope, sync, memory, follow_links=False)
        except SiteAway:
            return True
        if sync.confirm_removals:
            return False
        return site.state.state == "catch_all" or is_mass(missing)

    async def _remove_some(self) -> int:
        """Remove some of the pages that go; return how many."""
        sync = self._sync
        async with self._database.transaction(sync.account_id) as session:
            knowledge = Knowledge(session, sync.account_id, sync.project_id)
            await knowledge.lock_index()
            await self._hold_source(session)
            removals = Removals(session, sync.source_id, sync.sync_id)
            pages = await removals.next(_AT_ONCE)
            if not pages:
                return 0
            await removals.note(pages)
            await knowledge.remove_documents([page.document_id for page in pages])
            await removals.go(pages)
            for page in pages:
                payload = events.PageRemoval(
                    page_id=public_id(PAGE_PREFIX, page.page_id),
                    url=page.url,
                    source_id=public_id(SOURCE_PREFIX, sync.source_id),
                    sync_id=public_id(SYNC_PREFIX, sync.sync_id),
                )
                await record(
                    session, sync.account_id, sync.project_id, events.PAGE_REMOVED, payload
                )
            if await syncs.count(session, sync.sync_id, removed=len(pages)) is None:
                raise SyncEnded
        return len(pages)

    async def _look_at_doubles(self) -> int:
        """Queue pages that were skipped as duplicates of missing pages; return how many."""
        sync = self._sync
        async with self._database.transaction(sync.account_id) as session:
            await self._hold_source(session)
            removals = Removals(session, sync.source_id, sync.sync_id)
            queued, counted = await removals.look_at_doubles()
            if not queued:
                return 0
            new = queued - counted
            if await syncs.count(session, sync.sync_id, skipped=-counted, found=new) is None:
                raise SyncEnded
            await syncs.move(session, sync.sync_id, "indexing", "fetching")
        return queued

    async def _tell_of_held(self, session: AsyncSession, held: int) -> None:
        sync = self._sync
        payload = events.HeldRemovals(
            source_id=public_id(SOURCE_PREFIX, sync.source_id),
            sync_id=public_id(SYNC_PREFIX, sync.sync_id),
            pages=held,
        )
        await record(session, sync.account_id, sync.project_id, events.REMOVALS_HELD, payload)

    async def _end(self) -> None:
        sync = self._sync
        async with self._database.transaction(sync.account_id) as session:
            await self._hold_source(session)
            facts = await syncs.end_facts(session, sync.source_id, sync.sync_id)
            knowledge = Knowledge(session, sync.account_id, sync.project_id)
            failed = None if sync.only_failed and facts.taken_in else _failed(facts)
            if failed is None:
                error = _remarks(facts.limited, facts.held, sync.memory.get("remarks") or [])
                await end_sync(knowledge, sync.source_id, sync.sync_id, "done", error)
            else:
                code = facts.start_code or "nothing_found"
                reason = facts.start_reason or "See its pages for the reasons."
                error = (code, f"{failed} {reason}")
                await end_sync(knowledge, sync.source_id, sync.sync_id, "failed", error)
        _log.info("sync_ended", sync_id=str(sync.sync_id))

    async def _hold_source(self, session: AsyncSession) -> None:
        if not await sources.hold(session, self._sync.source_id):
            raise SyncEnded


def is_mass(missing: MissingCount) -> bool:
    """Say whether the removals look like an outage: five or more and most pages, or all pages."""
    if missing.gone >= _SUSPICIOUS and missing.gone * 2 > missing.of:
        return True
    return missing.gone >= 2 and missing.gone == missing.of


def _failed(facts: EndFacts) -> str | None:
    if facts.removed or facts.held:
        return None
    if facts.taken_in == 0:
        return "No page of this website could be ingested."
    if facts.fetched == 0:
        return "No page of this website could be read. Their earlier content stays."
    return None


def _remarks(limited: int, held: int, others: list[str]) -> tuple[str | None, str | None]:
    """Return what the owner should know about a finished sync: a code, and sentences."""
    told: list[tuple[str, str]] = []
    if held:
        told.append(("removals_held", _HELD_ALL.format(held=held)))
    if limited:
        told.append(("limit_reached", _LIMITED.format(limited=limited)))
    told += [("website_remark", remark) for remark in others]
    if not told:
        return None, None
    return told[0][0], " ".join(sentence for _, sentence in told)
