"""Response bodies of the native API for syncs, pages and changes."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.knowledge.pages.types import (
    Change,
    FoundBy,
    Page,
    PageState,
    Sync,
    SyncCause,
    SyncChange,
    SyncState,
    pages_per_minute,
    seconds_left,
)
from answerdesk.knowledge.types import DOCUMENT_PREFIX, PAGE_PREFIX, SOURCE_PREFIX, SYNC_PREFIX


class SyncOut(BaseModel):
    """One sync of a source, and its progress."""

    id: str
    source_id: str
    cause: SyncCause
    state: SyncState
    error_code: str | None
    error: str | None = Field(description="Why it failed, or what it could not do, and what to do.")
    found: int = Field(description="Pages to fetch: known pages, and pages found during the sync.")
    waiting: int = Field(description="Of these, the pages that are still to be fetched.")
    fetched: int = Field(description="Pages that the website has delivered.")
    unchanged: int = Field(description="Of these, the pages whose text has not changed.")
    added: int
    changed: int
    removed: int = Field(description="Pages that are gone from the website and from the answers.")
    removals_held: int = Field(
        description="Pages that seem to be gone but are kept, because so many together look like "
        "an outage; sync with `confirm_removals` to remove them."
    )
    failed: int = Field(description="Pages that could not be read; their earlier content stays.")
    skipped: int = Field(description="Pages that must not be ingested; each has its reason.")
    parsed: int = Field(description="Documents of this sync that have been ingested.")
    indexing: int = Field(description="Documents of this sync that are waiting to be ingested.")
    chunks_embedded: int
    pages_per_minute: float | None = Field(description="Rate of the last minute; null if unknown.")
    seconds_left: int | None = Field(
        description="An estimate from the pages found so far; null while there is no basis for it."
    )
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, sync: Sync) -> Self:
        return cls(
            id=public_id(SYNC_PREFIX, sync.id),
            source_id=public_id(SOURCE_PREFIX, sync.source_id),
            cause=sync.cause,
            state=sync.state,
            error_code=sync.error_code,
            error=sync.error,
            found=sync.found,
            waiting=sync.waiting,
            fetched=sync.fetched,
            unchanged=sync.unchanged,
            added=sync.added,
            changed=sync.changed,
            removed=sync.removed,
            removals_held=sync.removals_held,
            failed=sync.failed,
            skipped=sync.skipped,
            parsed=sync.parsed,
            indexing=sync.indexing,
            chunks_embedded=sync.chunks_embedded,
            pages_per_minute=pages_per_minute(sync),
            seconds_left=seconds_left(sync),
            created_at=sync.created_at,
            started_at=sync.started_at,
            finished_at=sync.finished_at,
        )


class SyncList(Listing[SyncOut]):
    """A source's syncs, newest first."""


class PageOut(BaseModel):
    """What is known about one page of a website."""

    id: str
    source_id: str
    url: str
    title: str | None
    state: PageState
    reason_code: str | None
    reason: str | None = Field(description="Why the page is not in order, and what to do.")
    found_by: FoundBy
    linked_from: str | None = Field(
        description="Address of the page that links to it; null if it was not found by a link."
    )
    http_status: int | None
    etag: str | None
    last_modified: str | None
    content_hash: str | None = Field(description="SHA-256 of its content, in hex.")
    redirected_to: str | None = Field(description="Address of the page with its content.")
    document_id: str | None = Field(description="Its document; for a gone page, the last one.")
    chunk_count: int | None = Field(description="Passages in the answers; null without document.")
    first_seen_at: datetime
    last_seen_at: datetime | None = Field(description="When the website last delivered it.")
    fetched_at: datetime | None = Field(
        description="When it was last requested, successfully or not; null if never."
    )
    changed_at: datetime | None = Field(description="When a change of its text was last seen.")
    gone_at: datetime | None

    @classmethod
    def of(cls, page: Page) -> Self:
        document_id = page.document_id
        return cls(
            id=public_id(PAGE_PREFIX, page.id),
            source_id=public_id(SOURCE_PREFIX, page.source_id),
            url=page.url,
            title=page.title,
            state=page.state,
            reason_code=page.reason_code,
            reason=page.reason,
            found_by=page.found_by,
            linked_from=page.linked_from,
            http_status=page.http_status,
            etag=page.etag,
            last_modified=page.last_modified,
            content_hash=None if page.content_hash is None else page.content_hash.hex(),
            redirected_to=page.redirected_to,
            document_id=None if document_id is None else public_id(DOCUMENT_PREFIX, document_id),
            chunk_count=page.chunk_count,
            first_seen_at=page.first_seen_at,
            last_seen_at=page.last_seen_at,
            fetched_at=page.fetched_at,
            changed_at=page.changed_at,
            gone_at=page.gone_at,
        )


class PageList(Listing[PageOut]):
    """A source's pages, ordered by address."""


class PageCounts(BaseModel):
    """How many pages there are in each state."""

    found: int = 0
    good: int = 0
    failed: int = 0
    skipped: int = 0
    gone: int = 0


class ProjectPageList(Listing[PageOut]):
    """The pages of all of a project's sources, ordered by address."""

    counts: PageCounts | None = Field(
        description="How many pages of each state `q` and `source_id` leave; null behind the first "
        "part of the list."
    )


class PageChangeOut(BaseModel):
    """A change of one page."""

    page_id: str
    change: Change = Field(
        description="`held`: it seems to be gone, but is kept until the owner confirms."
    )
    url: str
    title: str | None
    reason: str | None
    chunks_added: int
    chunks_removed: int
    at: datetime

    @classmethod
    def of(cls, change: SyncChange) -> Self:
        return cls(
            page_id=public_id(PAGE_PREFIX, change.page_id),
            change=change.change,
            url=change.url,
            title=change.title,
            reason=change.reason,
            chunks_added=change.chunks_added,
            chunks_removed=change.chunks_removed,
            at=change.at,
        )


class ChangeList(Listing[PageChangeOut]):
    """What has changed, page by page."""
