"""The end of a sync: documents are taken in, pages that are gone go, and who waits is told."""

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
from answerdesk.knowledge.website.scope import Scope

EndState = Literal["done", "failed", "cancelled"]


async def end_sync(
    knowledge: Knowledge,
    source_id: UUID,
    sync_id: UUID,
    state: EndState,
    error: tuple[str | None, str | None] = (None, None),
) -> bool:
    """End a sync and have the next one begin at its time, in the caller's transaction.

    Returns False, having changed nothing, when it has ended already. What it has taken in stays,
    and documents that are on their way into the index go on.
    """
    session = knowledge.session
    if not await syncs.end(session, sync_id, state, *error):
        return False
    seconds = await sources.wait_for_next(session, source_id)
    payload = {
        "source_id": public_id(SOURCE_PREFIX, source_id),
        "sync_id": public_id(SYNC_PREFIX, sync_id),
        "state": state,
        "error_code": error[0],
    }
    await record(session, knowledge.account_id, knowledge.project_id, events.SOURCE_SYNCED, payload)
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
    "The page leads to another one, or says that it is the same as another one, which could not be"
    " taken in. It is kept as it was."
)
_HELD: Final = (
    "The page seems to be gone, and so do so many others that it may be an outage. It is kept. If"
    " they are really gone, sync with “confirm removals”."
)
_HELD_ALL: Final = (
    "Pages that seem to be gone and are kept: {held}. So much at once looks like an outage. If they"
    " are really gone, sync with “confirm removals”."
)
_LIMITED: Final = (
    "{limited} pages were left out: the most that may be taken in are reached. Exclude what is not"
    " needed, or raise the limit of the source or of the plan."
)

_log = structlog.get_logger(__name__)


class Closing:
    """One step of a sync that fetches no more."""

    def __init__(self, database: Database, fetcher: PageFetcher, sync: RunningSync) -> None:
        self._database = database
        self._fetcher = fetcher
        self._sync = sync

    async def go_on(self) -> timedelta | None:
        """Do one step; return when the next is due, None when the sync has ended."""
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
        """Return when to look again for documents that are being taken in.

        An embedder that is away for hours is not asked about several times a second.
        """
        before, waits = self._sync.memory.get("pending", (0, 0))
        waits = min(int(waits) + 1, _MOST_DOUBLINGS) if before == pending else 0
        async with self._database.transaction(self._sync.account_id) as session:
            if not await syncs.remember(session, self._sync.sync_id, {"pending": [pending, waits]}):
                raise SyncEnded
        return min((_SOON if pending < _FEW else _LATER) * (1 << waits), _AT_LAST)

    async def _decide(self) -> None:
        """Decide once which of the missing pages go, so that a crash does not change it."""
        sync = self._sync
        async with self._database.transaction(sync.account_id) as session:
            await self._hold_source(session)
            removals = Removals(session, sync.source_id, sync.sync_id)
            kept = await removals.keep_unless_there(_MOVED_TO_NOWHERE)
            if await syncs.count(session, sync.sync_id, failed=kept) is None:
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
        """Say whether so much is missing that it is not believed.

        The site is asked once more, since it may have gone away while it was read.
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
        """Let some of the pages go that are to; return how many."""
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
                payload = {
                    "page_id": public_id(PAGE_PREFIX, page.page_id),
                    "url": page.url,
                    "source_id": public_id(SOURCE_PREFIX, sync.source_id),
                    "sync_id": public_id(SYNC_PREFIX, sync.sync_id),
                }
                await record(
                    session, sync.account_id, sync.project_id, events.PAGE_REMOVED, payload
                )
            if await syncs.count(session, sync.sync_id, removed=len(pages)) is None:
                raise SyncEnded
        return len(pages)

    async def _look_at_doubles(self) -> int:
        """Fetch pages that were left out as doubles of missing ones; return how many there are."""
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
        payload = {
            "source_id": public_id(SOURCE_PREFIX, sync.source_id),
            "sync_id": public_id(SYNC_PREFIX, sync.sync_id),
            "pages": held,
        }
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
                reason = facts.start_reason or "Look at its pages for the reasons."
                error = (code, f"{failed} {reason}")
                await end_sync(knowledge, sync.source_id, sync.sync_id, "failed", error)
        _log.info("sync_ended", sync_id=str(sync.sync_id))

    async def _hold_source(self, session: AsyncSession) -> None:
        if not await sources.hold(session, self._sync.source_id):
            raise SyncEnded


def is_mass(missing: MissingCount) -> bool:
    """Say whether so many pages would go that it looks like an outage: most of them, or all."""
    if missing.gone >= _SUSPICIOUS and missing.gone * 2 > missing.of:
        return True
    return missing.gone >= 2 and missing.gone == missing.of


def _failed(facts: EndFacts) -> str | None:
    """Return what is told of a sync that has read nothing; None where it has."""
    if facts.removed or facts.held:
        return None
    if facts.taken_in == 0:
        return "No page of this website could be taken in."
    if facts.fetched == 0:
        return "No page of this website could be read. What they said before stays."
    return None


def _remarks(limited: int, held: int, others: list[str]) -> tuple[str | None, str | None]:
    """Return what the owner is to know of a sync that is done: a code, and sentences."""
    told: list[tuple[str, str]] = []
    if held:
        told.append(("removals_held", _HELD_ALL.format(held=held)))
    if limited:
        told.append(("limit_reached", _LIMITED.format(limited=limited)))
    told += [("website_remark", remark) for remark in others]
    if not told:
        return None, None
    return told[0][0], " ".join(sentence for _, sentence in told)
