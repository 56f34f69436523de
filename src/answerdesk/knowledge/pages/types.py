"""What is known of a source's syncs and pages, and how long a sync will still take."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from answerdesk.core.tenancy import ProjectId

SyncCause = Literal["added", "manual", "scheduled", "retry"]
SyncState = Literal["queued", "fetching", "indexing", "done", "failed", "cancelled"]
PageState = Literal["found", "good", "failed", "skipped", "gone"]
FoundBy = Literal["start", "sitemap", "link"]
Change = Literal["added", "changed", "removed", "failed", "held"]

RUNNING: Final[tuple[SyncState, ...]] = ("queued", "fetching", "indexing")
"""The states of a sync that has not ended."""


@dataclass(frozen=True, slots=True)
class Sync:
    """One look at a whole source, with the count of what came of its pages.

    `found` pages are to be looked at, `waiting` of them still are. `fetched` have answered,
    `unchanged` of them with what was known; `failed` and `skipped` have not been taken in. `added`,
    `changed` and `removed` is what it has changed; `removals_held` pages would go if the owner
    confirmed it. `indexing` documents wait to be taken in, `parsed` are, with `chunks_embedded`
    new chunks. `recent` pages were looked at in the last `recent_seconds`.
    """

    id: UUID
    project_id: ProjectId
    source_id: UUID
    cause: SyncCause
    state: SyncState
    error_code: str | None
    error: str | None
    found: int
    waiting: int
    fetched: int
    unchanged: int
    failed: int
    skipped: int
    added: int
    changed: int
    removed: int
    removals_held: int
    parsed: int
    indexing: int
    chunks_embedded: int
    recent: int
    recent_seconds: float
    running_seconds: float
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.state in RUNNING


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of one page of a website.

    A page that is gone stays, with what it was and when it went; `document_id` then still names the
    document that it had. `chunk_count` is None where it has no document now.
    """

    id: UUID
    project_id: ProjectId
    source_id: UUID
    url: str
    title: str | None
    state: PageState
    reason_code: str | None
    reason: str | None
    found_by: FoundBy
    linked_from: str | None
    http_status: int | None
    etag: str | None
    last_modified: str | None
    content_hash: bytes | None
    redirected_to: str | None
    document_id: UUID | None
    chunk_count: int | None
    first_seen_at: datetime
    last_seen_at: datetime | None
    fetched_at: datetime | None
    changed_at: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class SyncChange:
    """What a sync, or several together, have changed of one page."""

    page_id: UUID
    change: Change
    url: str
    title: str | None
    reason: str | None
    chunks_added: int
    chunks_removed: int
    at: datetime


_FEW_SECONDS: Final = 3.0
"""Before that much time a rate says nothing."""


def pages_per_minute(sync: Sync) -> float | None:
    """Return how many pages a minute were looked at in the last one; None when it fetches none."""
    if sync.state != "fetching" or sync.recent_seconds < _FEW_SECONDS:
        return None
    return round(60 * sync.recent / sync.recent_seconds, 1)


def seconds_left(sync: Sync) -> int | None:
    """Return the time for the pages and documents that wait, at the rates so far.

    More pages may be found meanwhile, so it is a lower bound until all links are seen. Fetching and
    taking in go on side by side: the slower one counts. None while there is no rate to go by.
    """
    if sync.state == "indexing":
        return _time_for(sync.indexing, sync.parsed, sync.running_seconds)
    if sync.state != "fetching":
        return None
    fetching = _time_for(sync.waiting, sync.recent, sync.recent_seconds)
    if fetching is None or sync.indexing == 0:
        return fetching
    taking_in = _time_for(sync.indexing, sync.parsed, sync.running_seconds)
    return None if taking_in is None else max(fetching, taking_in)


def _time_for(left: int, done: int, seconds: float) -> int | None:
    if left == 0:
        return 0
    if done == 0 or seconds < _FEW_SECONDS:
        return None
    return math.ceil(left * seconds / done)
