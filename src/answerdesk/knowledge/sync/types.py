"""What a sync is made of, and the rules that it keeps."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, Self
from uuid import UUID

from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.pages.types import FoundBy, PageState
from answerdesk.knowledge.types import SourceSettings
from answerdesk.knowledge.website.outage import Probe, SiteState
from answerdesk.knowledge.website.outcomes import NotModified, PageFetched
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.signals import Sketch

WebsiteKind = Literal["page", "site"]
WEBSITE_KINDS: Final = ("page", "site")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A website to add; `url` as it was given."""

    kind: WebsiteKind
    url: str
    name: str | None
    settings: SourceSettings
    sync_every_hours: int | None


@dataclass(frozen=True, slots=True)
class Rules:
    """How patiently websites are read.

    A site that does not answer is asked again after `retry_delay`, then three times as long,
    `retries` times in all.
    `failures_in_a_row` of pages that could not be had at all make us ask whether the site is away.
    A step of a sync ends after `step_time` or `step_pages`.
    """

    most_pages: int = 10_000
    retry_delay: timedelta = timedelta(seconds=10)
    retries: int = 3
    page_attempts: int = 3
    failures_in_a_row: int = 10
    step_time: timedelta = timedelta(seconds=15)
    step_pages: int = 200

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the rules of an installation."""
        return cls(
            most_pages=settings.max_site_pages,
            retry_delay=timedelta(seconds=settings.crawl_retry_delay),
        )


@dataclass(frozen=True, slots=True)
class RunningSync:
    """A sync that has not ended, with its source, as a step finds them.

    `memory` is what the steps before have left for it.
    """

    account_id: AccountId
    project_id: ProjectId
    source_id: UUID
    sync_id: UUID
    kind: WebsiteKind
    url: str
    settings: SourceSettings
    state: Literal["queued", "fetching", "indexing"]
    confirm_removals: bool
    memory: Mapping[str, Any]

    @property
    def only_failed(self) -> bool:
        """Whether only pages that failed are looked at, with what is found on them."""
        return bool(self.memory.get("only_failed"))


@dataclass(frozen=True, slots=True)
class QueuedPage:
    """A page that a sync has yet to fetch, with what is known of it.

    `has_document` says that its content is in the answers or on its way there.
    """

    id: UUID
    url: str
    found_by: FoundBy
    depth: int
    attempts: int
    state: PageState
    etag: str | None
    last_modified: str | None
    content_hash: bytes | None
    text_hash: bytes | None
    sketch: Sketch
    document_id: UUID | None
    has_document: bool


@dataclass(frozen=True, slots=True)
class KnownText:
    """A page as it is known by now, to compare another one with.

    `seen_now`: this sync has looked at it; `changed_now`: and has found it changed;
    `is_going`: or missing.
    """

    page_id: UUID
    url: str
    state: PageState
    sketch: Sketch
    text_hash: bytes | None
    has_document: bool
    seen_now: bool
    changed_now: bool
    is_going: bool


@dataclass(frozen=True, slots=True)
class Site:
    """What a sync has found out about its website, for all its steps.

    `follow_links` says that pages are found by links, since no sitemap tells them all.
    """

    robots: Robots
    probe: Probe
    state: SiteState
    follow_links: bool

    def dump(self) -> dict[str, Any]:
        """Return it as JSON, to keep between the steps, with the time of the day."""
        state = self.state
        return {
            "robots": [self.robots.text, self.robots.note],
            "probe": self.probe.dump(),
            "state": [state.state, state.code, state.reason, state.retriable],
            "follow_links": self.follow_links,
            "asked_at": time.time(),
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Self:
        """Return what `dump` has written."""
        return cls(
            Robots(*data["robots"]),
            Probe.load(data["probe"]),
            SiteState(*data["state"]),
            data["follow_links"],
        )


Verdict = Literal["unchanged", "good", "missing", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Looked:
    """What has come of looking at a page, ready to be written down.

    good       `content` is to be taken in
    unchanged  the page says what it said
    missing    its content is not there any more; whether it goes is decided at the sync's end
    failed     nothing is known; what it held stays
    skipped    it is not to be taken in; what it held stays

    `links` are further pages of the site. `moved_to` has the page's content instead of it.
    `site_failed` says that the site itself did not answer as it should; None that it was not asked.
    """

    page: QueuedPage
    verdict: Verdict
    code: str | None = None
    reason: str | None = None
    status: int | None = None
    moved_to: str | None = None
    fetched: PageFetched | None = None
    unmodified: NotModified | None = None
    links: tuple[str, ...] = ()
    site_failed: bool | None = None
    retry_after: float | None = None
    retriable: bool = False


@dataclass(frozen=True, slots=True)
class EndFacts:
    """What is told at the end of a sync: what is in the answers, what came of pages, why not.

    `taken_in` pages are in the answers, `fetched` have answered in this sync, `removed` have gone,
    `held` would go, `limited` were left out by a limit. `start_code` and `start_reason` are those
    of the page that the source begins at.
    """

    taken_in: int
    fetched: int
    removed: int
    limited: int
    held: int
    start_code: str | None
    start_reason: str | None


class SyncEnded(Exception):
    """The sync or its source has ended meanwhile: nothing may be written for it any more."""
