"""The types of a sync, and the rules that it follows."""

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
    """A website to add; `url` is as the caller wrote it until the service normalises it."""

    kind: WebsiteKind
    url: str
    name: str | None
    settings: SourceSettings
    sync_every_hours: int | None


@dataclass(frozen=True, slots=True)
class Rules:
    """How patiently websites are fetched.

    A site that does not respond is retried after `retry_delay`, then after three times as long each
    time, `retries` times in all. A page is tried `page_attempts` times. After `failures_in_a_row`
    pages that could not be fetched at all, the sync checks whether the site is down.
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
        return cls(
            most_pages=settings.max_site_pages,
            retry_delay=timedelta(seconds=settings.crawl_retry_delay),
        )


@dataclass(frozen=True, slots=True)
class RunningSync:
    """A sync that has not ended, with its source, as a step finds them.

    `memory` is what earlier steps have stored for later ones.
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
        """Whether the sync fetches only pages that failed, and the pages found on them."""
        return bool(self.memory.get("only_failed"))

    @property
    def only_page(self) -> UUID | None:
        """The one known page that the sync fetches besides the start page, if it is one."""
        told = self.memory.get("only_page")
        return None if told is None else UUID(told)


@dataclass(frozen=True, slots=True)
class QueuedPage:
    """A page that a sync has yet to fetch, with what is known of it.

    `has_document` says that its content is ingested or being ingested.
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
    """A page as it is known now, to compare another page with.

    `seen_now`: this sync has fetched it; `changed_now`: and found it changed; `is_going`: and found
    it missing.
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
    """What a sync has learned about its website, for all its steps.

    `follow_links` says that pages are found by links, because no sitemap lists them all.
    """

    robots: Robots
    probe: Probe
    state: SiteState
    follow_links: bool

    def dump(self) -> dict[str, Any]:
        """Return the site as JSON with the wall-clock time, to store between the steps."""
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
        """Read what `dump` has written."""
        return cls(
            Robots(*data["robots"]),
            Probe.load(data["probe"]),
            SiteState(*data["state"]),
            data["follow_links"],
        )


Verdict = Literal["unchanged", "good", "missing", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Looked:
    """The result of fetching a page, ready to be recorded.

    The verdicts are:

    good       `fetched` is to be ingested
    unchanged  the page has not changed
    missing    its content is gone; the end of the sync decides whether the page goes
    failed     nothing is known; its earlier content stays
    skipped    it must not be ingested; its earlier content stays

    `links` are other pages of the site. `moved_to` is the page that has the content instead.
    `site_failed` says that the site did not respond properly; None: the page was not requested.
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
    """What the final message of a sync is made from.

    `taken_in` pages are in the answers, `fetched` were fetched in this sync, `removed` were
    removed, `held` would be removed, `limited` were left out by a limit. `start_code` and
    `start_reason` are those of the first page with a reason, the start page before others.
    """

    taken_in: int
    fetched: int
    removed: int
    limited: int
    held: int
    start_code: str | None
    start_reason: str | None


class SyncEnded(Exception):
    """The sync has ended or its source is gone: nothing more may be written for it."""
