"""Types of syncs, pages and changes, and estimates of a sync's remaining time."""

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

RETRIABLE: Final[tuple[PageState, ...]] = ("failed", "skipped")
"""The states of a page that another look may change."""

RUNNING: Final[tuple[SyncState, ...]] = ("queued", "fetching", "indexing")
"""The states of a sync that has not ended."""


@dataclass(frozen=True, slots=True)
class Sync:
    """One pass over a whole source, with its pages counted by result.

    `found` pages are to be fetched, `waiting` of them still are. `fetched` pages were delivered,
    `unchanged` of them as known before; `failed` and `skipped` pages were not ingested. `added`,
    `changed` and `removed` count the sync's changes; `removals_held` pages would be removed if the
    owner confirmed it. `indexing` documents wait to be ingested, `parsed` have been, with
    `chunks_embedded` new chunks. `recent` pages were fetched in the last `recent_seconds`.
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
        return self.state in RUNNING


@dataclass(frozen=True, slots=True)
class WantedPages:
    """Which pages of a project to list: `part` is a part of the address or the title."""

    part: str | None = None
    state: PageState | None = None
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of one page of a website.

    A page that is gone keeps its row, with its last state and `gone_at`; `document_id` then still
    names its last document. `chunk_count` is None if it has no document now.
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
    """What one sync, or several together, changed in one page."""

    page_id: UUID
    change: Change
    url: str
    title: str | None
    reason: str | None
    chunks_added: int
    chunks_removed: int
    at: datetime


_FEW_SECONDS: Final = 3.0
"""A rate over less time than this is meaningless."""


def pages_per_minute(sync: Sync) -> float | None:
    """Return the pages fetched per minute in the last minute; None if there is no rate yet."""
    if sync.state != "fetching" or sync.recent_seconds < _FEW_SECONDS:
        return None
    return round(60 * sync.recent / sync.recent_seconds, 1)


def seconds_left(sync: Sync) -> int | None:
    """Return the time for the waiting pages and documents at the rates so far.

    More pages may be found meanwhile, so it is a lower bound until all links are seen. Fetching and
    ingestion run side by side, so the slower one counts. None while there is no rate.
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
