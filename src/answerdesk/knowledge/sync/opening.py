"""The beginning of a sync: is the site up, what are its rules, which pages does it list."""

from dataclasses import dataclass
from uuid import UUID

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.sync.repository.outcomes import recall_signals
from answerdesk.knowledge.sync.types import RunningSync, Site
from answerdesk.knowledge.website.discovery import discover
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outage import SiteState, judge_site, probe
from answerdesk.knowledge.website.outcomes import PageFailed, PageMissing, PageOutcome
from answerdesk.knowledge.website.reader import PageMemory
from answerdesk.knowledge.website.robots import Robots, SiteUnavailable
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.signals import PageSignals

_NEVER_CURED = frozenset({"address_refused", "url_refused"})
_HOST_UNKNOWN = "host_unknown"


class SiteAway(Exception):
    """The site cannot be read now: why, and whether to try again soon.

    `retry_after` is how many seconds the site asks us to wait, if it does.
    """

    def __init__(
        self, code: str, reason: str, *, retriable: bool, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.retriable = retriable
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Listing:
    """The pages that the site's sitemaps list, and remarks on them for the owner."""

    urls: tuple[str, ...]
    complete: bool
    remarks: tuple[str, ...]


async def ask_site(
    fetcher: PageFetcher,
    scope: Scope,
    sync: RunningSync,
    memory: PageMemory,
    *,
    follow_links: bool,
) -> tuple[Site, PageOutcome | None]:
    """Fetch the site's rules, its start page, and a page that cannot exist.

    Also returns the outcome of the start page, None if the rules forbid it. Raises SiteAway.
    """
    try:
        robots = await Robots.of(fetcher, scope.start)
    except SiteUnavailable as error:
        raise _away(error.code, error.message, error.retry_after, retriable=True) from error
    seen = await probe(fetcher, scope, robots)
    if not robots.allowed(scope.start):
        return Site(robots, seen, SiteState("present"), follow_links), None
    start = await fetcher.follow(scope.start, scope, robots, memory=memory)
    if isinstance(start, PageMissing) and sync.kind == "page":
        # The page itself is gone, not the site.
        return Site(robots, seen, SiteState("present"), follow_links), start
    state = judge_site(start, seen)
    if state.state == "away":
        wait = start.retry_after if isinstance(start, PageFailed) else None
        raise _away(str(state.code), str(state.reason), wait, retriable=state.retriable)
    return Site(robots, seen, state, follow_links), start


async def read_sitemaps(fetcher: PageFetcher, scope: Scope, robots: Robots, most: int) -> Listing:
    """Return the pages that the site's sitemaps list."""
    found = await discover(fetcher, scope, robots, most=most)
    remarks = found.faults if robots.remark is None else (robots.remark, *found.faults)
    return Listing(found.pages, found.complete and bool(found.pages), remarks)


def given_up(in_a_row: int) -> SiteAway:
    """Return why a sync ends after so many pages in a row could not be fetched."""
    reason = (
        f"{in_a_row} pages in a row could not be fetched, although the start page could."
        " What was ingested stays. Look at the failed pages, then sync again."
    )
    return SiteAway("site_unavailable", reason, retriable=False)


def _away(code: str, reason: str, wait: float | None, *, retriable: bool) -> SiteAway:
    if code in _NEVER_CURED:
        return SiteAway(code, reason, retriable=False)
    if code == _HOST_UNKNOWN:
        # No name server will know it in a minute; the next scheduled sync asks again.
        stays = "What was ingested stays; remove the source if its website is gone for good."
        return SiteAway(code, f"{reason}. {stays}", retriable=False)
    return SiteAway("site_unavailable", reason, retriable=retriable, retry_after=wait)


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """A `PageMemory` of one source's pages that are in the answers."""

    database: Database
    account_id: AccountId
    source_id: UUID

    async def recall(self, url: str, content_hash: bytes, media_type: str) -> PageSignals | None:
        async with self.database.transaction(self.account_id) as session:
            return await recall_signals(session, self.source_id, url, content_hash, media_type)
