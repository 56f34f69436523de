"""The part of a sync that fetches: opens the site, then looks at page after page."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from answerdesk.core.database import Database
from answerdesk.core.errors import DomainError
from answerdesk.knowledge.crawl.fetch import PageFetcher
from answerdesk.knowledge.crawl.outcomes import PageOutcome
from answerdesk.knowledge.crawl.scope import Scope
from answerdesk.knowledge.crawl.traps import Variants
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.endings import end_sync
from answerdesk.knowledge.sync.looking import Looker, LookLater
from answerdesk.knowledge.sync.opening import SiteAway, ask_site, read_sitemaps
from answerdesk.knowledge.sync.pace import HostPace, NotYet
from answerdesk.knowledge.sync.recording import Recorder
from answerdesk.knowledge.sync.repository import sources, syncs
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.sync.suspects import Judge, is_suspect
from answerdesk.knowledge.sync.types import (
    Looked,
    QueuedPage,
    Rules,
    RunningSync,
    Site,
    SyncEnded,
)

NOW: Final = timedelta(0)
_AT_ONCE: Final = 20
_MOST_SUSPECTS: Final = 20
_LONGEST_PAUSE: Final = 300.0
_ONE_PAGE_AND_ITS_MOVES: Final = 20
_KNOWN_PER_PAGE: Final = 4
_INTERNAL: Final = (
    "Something went wrong with this page on our side; it is tried again with the next sync. Tell"
    " your operator, who finds the cause in the log."
)

_log = structlog.get_logger(__name__)


class Paused(Exception):
    """The step ends before its time, to go on after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds:g} s")
        self.delay = timedelta(seconds=min(seconds, _LONGEST_PAUSE))


class Fetching:
    """One step of a sync that fetches. Raises SyncEnded when the sync ends meanwhile."""

    def __init__(
        self, database: Database, fetcher: PageFetcher, rules: Rules, sync: RunningSync
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._rules = rules
        self._sync = sync
        settings = sync.settings
        self._scope = Scope(sync.url, settings.include, settings.exclude)
        self._most = min(settings.max_pages or rules.most_pages, rules.most_pages)
        self._most_known = (
            _ONE_PAGE_AND_ITS_MOVES
            if sync.kind == "page"
            else _KNOWN_PER_PAGE * self._most + _ONE_PAGE_AND_ITS_MOVES
        )
        self._recorder = Recorder(database, sync)
        self._pace = HostPace(database, rules.delay.total_seconds())
        self._answers: dict[str, PageOutcome] = {}
        self._known: set[str] = set()
        self._variants = Variants()
        self._taken_in = 0

    async def go_on(self) -> timedelta | None:
        """Do one step; return when the next is due, None when the sync has ended."""
        try:
            site = await self._site()
            await self._recall()
            is_through = await self._look_at_pages(site)
        except SiteAway as away:
            return await self._away(away)
        except Paused as paused:
            return paused.delay
        except NotYet as later:
            return timedelta(seconds=later.seconds)
        if is_through:
            async with self._database.transaction(self._sync.account_id) as session:
                if not await syncs.move(session, self._sync.sync_id, "fetching", "indexing"):
                    raise SyncEnded
        return NOW

    async def _site(self) -> Site:
        """Return what the steps before have found out about the site, or find it out."""
        memory = self._sync.memory
        if memory.get("site") is not None:
            return Site.load(memory["site"])
        site, start = await ask_site(
            self._fetcher, self._scope, self._sync, follow_links=bool(memory.get("follow", True))
        )
        if start is not None and start.url == self._scope.start:
            self._answers[start.url] = start
        if memory.get("listed"):
            await self._remember({"site": site.dump(), "retries": 0})
            return site
        return await self._list(site)

    async def _list(self, site: Site) -> Site:
        """Queue the pages that the sitemaps list, and keep what was found out."""
        sync = self._sync
        urls: tuple[str, ...] = ()
        remarks: tuple[str, ...] = () if site.robots.remark is None else (site.robots.remark,)
        follow = sync.kind == "site"
        if follow and sync.only_failed:
            async with self._database.transaction(sync.account_id) as session:
                follow = not await self._pages(session).has_sitemap()
        elif follow:
            listing = await read_sitemaps(self._fetcher, self._scope, site.robots, self._most_known)
            urls, remarks, follow = listing.urls, listing.remarks, not listing.complete
        site = Site(site.robots, site.probe, site.state, follow)
        memory: dict[str, Any] = {"site": site.dump(), "listed": True, "follow": follow}
        async with self._database.transaction(sync.account_id) as session:
            if not await sources.hold(session, sync.source_id):
                raise SyncEnded
            found = await self._pages(session).add(sync.project_id, urls, "sitemap", 1)
            if await syncs.count(session, sync.sync_id, found=found) is None:
                raise SyncEnded
            memory |= {"remarks": list(remarks), "retries": 0}
            await syncs.remember(session, sync.sync_id, memory)
        return site

    def _pages(self, session: Any) -> SyncPages:  # noqa: ANN401  # The session of a transaction.
        return SyncPages(session, self._sync.source_id, self._sync.sync_id)

    async def _remember(self, memory: dict[str, Any]) -> None:
        async with self._database.transaction(self._sync.account_id) as session:
            if not await syncs.remember(session, self._sync.sync_id, memory):
                raise SyncEnded

    async def _recall(self) -> None:
        async with self._database.transaction(self._sync.account_id) as session:
            pages = self._pages(session)
            self._known = set(await pages.addresses())
            self._taken_in = await pages.taken_in()
        self._variants = Variants(self._known)

    async def _look_at_pages(self, site: Site) -> bool:
        """Look at pages until the step's time is over; tell whether none is left."""
        sync = self._sync
        looker = Looker(
            self._database, self._fetcher, self._pace, sync, self._scope, site, self._answers
        )
        judge = Judge(self._database, self._fetcher, sync, self._scope, site)
        clock = asyncio.get_running_loop().time
        ends_at = clock() + self._rules.step_time.total_seconds()
        left = self._rules.step_pages
        suspects: list[Looked] = []
        answered_since = False
        while left > 0 and clock() < ends_at:
            async with self._database.transaction(sync.account_id) as session:
                batch = await self._pages(session).next(_AT_ONCE, [one.page.id for one in suspects])
            if not batch:
                break
            for page in batch:
                looked = await self._look(looker, page)
                left -= 1
                if looked is not None and is_suspect(looked):
                    suspects.append(looked)
                    answered_since = False
                elif looked is not None:
                    answered_since = answered_since or looked.verdict in ("good", "unchanged")
                    await self._record(looked, site)
                if len(suspects) >= _MOST_SUSPECTS or left <= 0 or clock() >= ends_at:
                    break
            if len(suspects) >= _MOST_SUSPECTS:
                await self._settle(judge, suspects, site, answered_since=answered_since)
        await self._settle(judge, suspects, site, answered_since=answered_since)
        async with self._database.transaction(sync.account_id) as session:
            return not await self._pages(session).next(1, ())

    async def _settle(
        self, judge: Judge, suspects: list[Looked], site: Site, *, answered_since: bool
    ) -> None:
        for looked in await judge.judge(suspects, answered_since=answered_since):
            await self._record(looked, site)
        suspects.clear()

    async def _look(self, looker: Looker, page: QueuedPage) -> Looked | None:
        """Look at one page; None where that has to wait for another. Its faults are its own."""
        try:
            return await looker.look(page, is_full=self._taken_in >= self._most)
        except LookLater as later:
            await self._recorder.look_later(None, page, later.first)
            return None
        except (DomainError, NotYet, SQLAlchemyError, OSError):
            raise
        except Exception as error:  # noqa: BLE001  # One page must not end the whole sync.
            _log.error("page_raised", page_id=str(page.id), exc_info=error)
            return Looked(page, "failed", "internal_error", _INTERNAL)

    async def _record(self, looked: Looked, site: Site) -> None:
        page, rules = looked.page, self._rules
        if looked.retriable and page.attempts + 1 < rules.page_attempts:
            in_a_row = await self._recorder.look_later(looked, page, None)
        else:
            links = self._new_links(looked.links) if site.follow_links else ()
            in_a_row, is_new = await self._recorder.record(looked, links)
            self._taken_in += is_new
        if looked.retry_after is not None:
            raise Paused(looked.retry_after)
        if looked.site_failed and in_a_row and in_a_row % rules.failures_in_a_row == 0:
            # So many at once: perhaps the site is away. The next step asks it.
            tried = in_a_row // rules.failures_in_a_row
            if tried > rules.retries:
                raise _given_up(in_a_row)
            await self._remember({"site": None})
            raise Paused(rules.retry_delay.total_seconds())

    def _new_links(self, links: tuple[str, ...]) -> list[str]:
        """Return those links of a page that lead to pages of this source not known before."""
        found: list[str] = []
        for link in links:
            if len(self._known) >= self._most_known:
                break
            if not self._scope.contains(link):
                continue
            url = self._scope.address(link)
            if url is None or url in self._known:
                continue
            self._known.add(url)
            if self._variants.admits(url):
                found.append(url)
        return found

    async def _away(self, away: SiteAway) -> timedelta | None:
        """Ask again later, or end the sync; what the source has stays either way."""
        sync, rules = self._sync, self._rules
        tried = int(sync.memory.get("retries", 0))
        if away.retriable and tried < rules.retries:
            await self._remember({"retries": tried + 1})
            return timedelta(seconds=rules.retry_delay.total_seconds() * 3.0**tried)
        await self._blame_start(away)
        async with self._database.transaction(sync.account_id) as session:
            if not await sources.hold(session, sync.source_id):
                raise SyncEnded
            knowledge = Knowledge(session, sync.account_id, sync.project_id)
            error = (away.code, away.reason)
            await end_sync(knowledge, sync.source_id, sync.sync_id, "failed", error)
        _log.info("sync_failed", sync_id=str(sync.sync_id), code=away.code)
        return None

    async def _blame_start(self, away: SiteAway) -> None:
        """Note the reason at the page that the source begins at."""
        async with self._database.transaction(self._sync.account_id) as session:
            queued = await self._pages(session).next(1, ())
        for page in queued:
            if page.url == self._scope.start:
                looked = Looked(page, "failed", away.code, away.reason)
                await self._recorder.record(looked, ())


def _given_up(in_a_row: int) -> SiteAway:
    reason = (
        f"{in_a_row} pages one after the other could not be had, although the start page could."
        " What was taken in stays. Look at the failed pages, then sync again."
    )
    return SiteAway("site_unavailable", reason, retriable=False)
