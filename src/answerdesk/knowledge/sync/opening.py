"""The beginning of a sync: is the site there, what does it ask of us, what do we know of it."""

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
    """The site cannot be read now: why, and whether to ask it again soon.

    `retry_after` is for how many seconds it asks to be left alone, where it does.
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
    """The pages that the site's sitemaps list, and what the owner is to know about them."""

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
    """Ask the site for its rules, its start page, and a page that cannot exist.

    Returns what came of the start page, too, None where the rules forbid it. Raises SiteAway.
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
        # It is the page itself that is gone, not the site.
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
    """Return why a sync ends of whose site so many pages one after the other could not be had."""
    reason = (
        f"{in_a_row} pages one after the other could not be had, although the start page could."
        " What was taken in stays. Look at the failed pages, then sync again."
    )
    return SiteAway("site_unavailable", reason, retriable=False)


def _away(code: str, reason: str, wait: float | None, *, retriable: bool) -> SiteAway:
    if code in _NEVER_CURED:
        return SiteAway(code, reason, retriable=False)
    if code == _HOST_UNKNOWN:
        # No name server will know it in a minute; the next scheduled sync asks again.
        stays = "What was taken in stays; remove the source if its website is gone for good."
        return SiteAway(code, f"{reason}. {stays}", retriable=False)
    return SiteAway("site_unavailable", reason, retriable=retriable, retry_after=wait)


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """A `PageMemory` of the pages of one source that are in the answers."""

    database: Database
    account_id: AccountId
    source_id: UUID

    async def recall(self, url: str, content_hash: bytes, media_type: str) -> PageSignals | None:
        """Return what was read of just these bytes at this address; None where that is unknown."""
        async with self.database.transaction(self.account_id) as session:
            return await recall_signals(session, self.source_id, url, content_hash, media_type)
