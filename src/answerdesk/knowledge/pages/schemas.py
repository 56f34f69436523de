"""Syncs, pages and changes on the wire."""

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
    """One look at a whole source, and how far it is."""

    id: str
    source_id: str
    cause: SyncCause
    state: SyncState
    error_code: str | None
    error: str | None = Field(description="Why it failed, or what it could not do, and what helps.")
    found: int = Field(description="Pages to look at: known ones, and those found meanwhile.")
    waiting: int = Field(description="Of these the ones that it has still to look at.")
    fetched: int = Field(description="Pages that have answered.")
    unchanged: int = Field(description="Of these the ones that say what they said before.")
    added: int
    changed: int
    removed: int = Field(description="Pages that are gone at the source and from the answers.")
    removals_held: int = Field(
        description="Pages that seem to be gone but are kept, since so many at once look like an "
        "outage; sync with `confirm_removals` to let them go."
    )
    failed: int = Field(description="Pages that could not be read; what they said before stays.")
    skipped: int = Field(description="Pages that are not to be taken in; each has its reason.")
    parsed: int = Field(description="Documents that it has brought and that are taken in.")
    indexing: int = Field(description="Documents that wait to be taken in.")
    chunks_embedded: int
    pages_per_minute: float | None = Field(description="Of the last minute; null when not known.")
    seconds_left: int | None = Field(
        description="An estimate from what is found so far; null while there is nothing to go by."
    )
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, sync: Sync) -> Self:
        """Write a sync as the native API shows it."""
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
    """What is known of one page of a website."""

    id: str
    source_id: str
    url: str
    title: str | None
    state: PageState
    reason_code: str | None
    reason: str | None = Field(description="Why it is not as it should be, and what to do.")
    found_by: FoundBy
    linked_from: str | None = Field(
        description="Address of the page that led to it; null where no page did."
    )
    http_status: int | None
    etag: str | None
    last_modified: str | None
    content_hash: str | None = Field(description="SHA-256 of its content, in hex.")
    redirected_to: str | None = Field(description="The page that has its content instead.")
    document_id: str | None = Field(description="What the answers use; of a gone page, used.")
    chunk_count: int | None = Field(description="Passages in the answers; null when it has none.")
    first_seen_at: datetime
    last_seen_at: datetime | None = Field(description="When the website last had it.")
    fetched_at: datetime | None = Field(
        description="When the website was last asked for it, whatever came; null if never."
    )
    changed_at: datetime | None = Field(description="When its text was last seen to be another.")
    gone_at: datetime | None

    @classmethod
    def of(cls, page: Page) -> Self:
        """Write a page as the native API shows it."""
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
    """A source's pages by address."""


class ChangeOut(BaseModel):
    """What has become of one page."""

    page_id: str
    change: Change = Field(
        description="`held`: it seems to be gone, and is kept until the owner confirms."
    )
    url: str
    title: str | None
    reason: str | None
    chunks_added: int
    chunks_removed: int
    at: datetime

    @classmethod
    def of(cls, change: SyncChange) -> Self:
        """Write a change as the native API shows it."""
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


class ChangeList(Listing[ChangeOut]):
    """What has changed, page by page."""
