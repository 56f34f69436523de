"""The fetching part of a sync: opens the site, then fetches page after page."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from answerdesk.accounts.limits import room
from answerdesk.core.database import Database
from answerdesk.core.errors import DomainError
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.closing import end_sync
from answerdesk.knowledge.sync.looking import Judge, Looker, LookLater, is_suspect
from answerdesk.knowledge.sync.opening import (
    SiteAway,
    SourceMemory,
    ask_site,
    given_up,
    read_sitemaps,
)
from answerdesk.knowledge.sync.recording import Recorder
from answerdesk.knowledge.sync.repository import sources, syncs
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.sync.types import (
    Looked,
    QueuedPage,
    Rules,
    RunningSync,
    Site,
    SyncEnded,
)
from answerdesk.knowledge.sync.waiting import LONGEST_PAUSE, LONGEST_REST, Paused, Resting
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.host_turns import NotYet
from answerdesk.knowledge.website.outcomes import PageOutcome, ReasonCode, sentence
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.urls import Variants


class Frontier:
    """The addresses that a source knows, and how many more may be added.

    It bounds a sync of a website that keeps leading to new addresses, by links, redirects or
    canonical addresses.
    """

    def __init__(self, scope: Scope, known: Iterable[str], most: int) -> None:
        """`known` are the addresses of the known pages, `most` the maximum of known addresses."""
        self._scope = scope
        self._known = set(known)
        self._most = most
        self._variants = Variants(self._known)

    def new_links(self, links: Iterable[str]) -> Sequence[str]:
        """Return the links that lead to new pages of the source; they are known from now on."""
        found: list[str] = []
        for link in links:
            url = self._scope.address(link) if self._scope.contains(link) else None
            if url is not None and url not in self._known and self.admits(url):
                found.append(url)
        return found

    def admits(self, url: str) -> bool:
        """Tell whether a page may be fetched; a new page that may be is known from now on."""
        if url in self._known:
            return True
        if len(self._known) >= self._most or not self._variants.admits(url):
            return False
        self._known.add(url)
        return True


NOW: Final = timedelta(0)
_AT_ONCE: Final = 20
_MOST_SUSPECTS: Final = 20
_RULES_HOLD: Final = 24 * 3600.0
"""Seconds for which robots.txt is reused (RFC 9309, 2.4); a sync may take days."""

_ONE_PAGE_AND_ITS_MOVES: Final = 20
_KNOWN_PER_PAGE: Final = 4
_INTERNAL: Final = (
    "Answerdesk failed on this page; the next sync tries again. Tell your operator, who finds the"
    " cause in the log."
)

_log = structlog.get_logger(__name__)


class Fetching:
    """One fetching step of a sync. Raises SyncEnded if the sync ends meanwhile."""

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
        self._memory = SourceMemory(database, sync.account_id, sync.source_id)
        self._answers: dict[str, PageOutcome] = {}
        self._frontier = Frontier(self._scope, (), self._most_known)
        self._places = 0
        self._suspects: list[Looked] = []
        self._answered_since = False
        self._resting = Resting.load(sync.memory.get("resting") or {})

    async def go_on(self) -> timedelta | None:
        """Do one step; return the delay until the next, or None if the sync has ended."""
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
        if not is_through:
            return await self._until_next()
        async with self._database.transaction(self._sync.account_id) as session:
            if not await syncs.move(session, self._sync.sync_id, "fetching", "indexing"):
                raise SyncEnded
        return NOW

    async def _until_next(self) -> timedelta:
        """Return the delay until a page can be fetched: none, unless all remaining pages rest."""
        resting = self._resting.pages()
        async with self._database.transaction(self._sync.account_id) as session:
            if await self._pages(session).next(1, resting):
                return NOW
        return timedelta(seconds=self._resting.seconds())

    async def _site(self) -> Site:
        """Return what earlier steps have learned about the site, or ask the site."""
        memory = self._sync.memory
        known = memory.get("site")
        if known is not None and time.time() - known.get("asked_at", 0.0) < _RULES_HOLD:
            return Site.load(known)
        follow = bool(memory.get("follow", True))
        where = (self._fetcher, self._scope, self._sync, self._memory)
        site, start = await ask_site(*where, follow_links=follow)
        if start is not None and start.url == self._scope.start:
            self._answers[start.url] = start
        if memory.get("listed"):
            await self._remember({"site": site.dump(), "retries": 0})
            return site
        return await self._list(site)

    async def _list(self, site: Site) -> Site:
        """Queue the pages that the sitemaps list, and store what was learned about the site."""
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
            known = await pages.addresses()
            places = self._most - await pages.taken_in()
            # Counted once per step: syncs of one account that run at the same time may together
            # exceed its plan's limit by what a step ingests.
            allowed = await room(session, self._sync.account_id, "crawl_pages")
            self._places = places if allowed is None else min(places, allowed)
        self._frontier = Frontier(self._scope, known, self._most_known)

    async def _look_at_pages(self, site: Site) -> bool:
        """Fetch pages until the step's time is over; tell whether none are left."""
        sync = self._sync
        parts = (self._database, self._fetcher, sync, self._scope, site)
        looker = Looker(*parts, self._answers, self._memory)
        judge = Judge(*parts, self._memory)
        try:
            await self._look_while_it_lasts(looker, judge, site)
        except (Paused, NotYet):
            # Pages fetched before the pause must not be fetched again after it.
            await self._settle(judge, site)
            raise
        await self._settle(judge, site)
        async with self._database.transaction(sync.account_id) as session:
            return not await self._pages(session).next(1, ())

    async def _look_while_it_lasts(self, looker: Looker, judge: Judge, site: Site) -> None:
        clock = asyncio.get_running_loop().time
        ends_at = clock() + self._rules.step_time.total_seconds()
        left = self._rules.step_pages
        while left > 0 and clock() < ends_at:
            but = [*(one.page.id for one in self._suspects), *self._resting.pages()]
            async with self._database.transaction(self._sync.account_id) as session:
                batch = await self._pages(session).next(_AT_ONCE, but)
            if not batch:
                return
            for page in batch:
                await self._look_and_record(looker, page, site)
                left -= 1
                if len(self._suspects) >= _MOST_SUSPECTS or left <= 0 or clock() >= ends_at:
                    break
            if len(self._suspects) >= _MOST_SUSPECTS:
                await self._settle(judge, site)

    async def _look_and_record(self, looker: Looker, page: QueuedPage, site: Site) -> None:
        """Fetch a page and record the result, unless it has to be judged first."""
        looked = await self._look(looker, page)
        if looked is not None and is_suspect(looked):
            self._suspects.append(looked)
            self._answered_since = False
        elif looked is not None:
            if looked.verdict in ("good", "unchanged"):
                self._answered_since = True
            await self._record(looked, site)

    async def _settle(self, judge: Judge, site: Site) -> None:
        """Judge the suspects and record the results."""
        suspects, self._suspects = self._suspects, []
        for looked in await judge.judge(suspects, answered_since=self._answered_since):
            await self._record(looked, site)

    async def _look(self, looker: Looker, page: QueuedPage) -> Looked | None:
        """Fetch one page; None if it has to wait for another page. Its bugs fail only this page."""
        try:
            return await looker.look(page, is_full=self._places <= 0)
        except LookLater as later:
            first = later.first if self._frontier.admits(later.first) else None
            await self._recorder.look_later(None, page, first)
            return None
        except (DomainError, NotYet, SQLAlchemyError, OSError):
            raise
        except Exception as error:  # noqa: BLE001  # One page must not end the whole sync.
            _log.error("page_raised", page_id=str(page.id), exc_info=error)
            return Looked(page, "failed", "internal_error", _INTERNAL)

    async def _record(self, looked: Looked, site: Site) -> None:
        page, rules = looked.page, self._rules
        if looked.moved_to is not None and not self._frontier.admits(looked.moved_to):
            looked = _endless(looked, looked.moved_to)
        wait = looked.retry_after or 0.0
        is_asked_again = page.attempts + 1 < rules.page_attempts and wait <= LONGEST_REST
        if looked.retriable and is_asked_again:
            in_a_row = await self._recorder.look_later(looked, page, None)
            if wait > 0:
                self._resting.add(page.id, wait)
                await self._remember({"resting": self._resting.dump()})
        else:
            links = self._frontier.new_links(looked.links) if site.follow_links else ()
            in_a_row, is_new = await self._recorder.record(looked, links)
            self._places -= is_new
        if looked.site_failed:
            await self._heed(in_a_row, wait)

    async def _heed(self, in_a_row: int, wait: float) -> None:
        """Pause if more than a single page could not be fetched.

        That is many in a row, or two in a row if the site asks to `wait`. The next step checks
        whether the site is up at all.
        """
        rules = self._rules
        is_many = in_a_row > 0 and in_a_row % rules.failures_in_a_row == 0
        if not is_many and not (in_a_row > 1 and wait > 0):
            return
        if in_a_row > rules.failures_in_a_row * rules.retries:
            raise given_up(in_a_row)
        await self._remember({"site": None})
        raise Paused(max(wait, rules.retry_delay.total_seconds() if is_many else 0.0))

    async def _away(self, away: SiteAway) -> timedelta | None:
        """Try again later, or end the sync; the source's content stays either way."""
        sync, rules = self._sync, self._rules
        tried = int(sync.memory.get("retries", 0))
        wait = away.retry_after or 0.0
        if away.retriable and tried < rules.retries and wait <= LONGEST_PAUSE:
            await self._remember({"retries": tried + 1})
            own = rules.retry_delay.total_seconds() * 3.0**tried
            return timedelta(seconds=max(own, wait))
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
        """Record the reason at the source's start page."""
        async with self._database.transaction(self._sync.account_id) as session:
            queued = await self._pages(session).next(1, ())
        for page in queued:
            if page.url == self._scope.start:
                looked = Looked(page, "failed", away.code, away.reason, site_failed=True)
                await self._recorder.record(looked, ())


def _endless(looked: Looked, to: str) -> Looked:
    """Return the failure of a page that redirects to an address that isn't admitted."""
    code: ReasonCode = "endless_addresses"
    reason = sentence(code, f"The page redirects to {to}.")
    return replace(looked, verdict="failed", code=code, reason=reason, moved_to=None)
