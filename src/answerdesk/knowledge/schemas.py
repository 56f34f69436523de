"""Bodies of the native API for knowledge."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from answerdesk.core.outbound.urls import completed
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.knowledge.pages.schemas import SyncOut
from answerdesk.knowledge.pages.types import Sync
from answerdesk.knowledge.types import (
    DOCUMENT_PREFIX,
    ITEM_PREFIX,
    SOURCE_PREFIX,
    Chunk,
    Document,
    DocumentStatus,
    Source,
    SourceKind,
)


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        whole = completed(text)
        meant = "as in https://example.com" if whole is None else f"did you mean {whole}?"
        msg = f"has to begin with https:// or http://; {meant}"
        raise ValueError(msg)
    return text


Url = Annotated[CleanText, Field(max_length=2000), AfterValidator(_web_address)]


class TextIn(BaseModel):
    """A text to know. `format` says how its structure is written."""

    model_config = ConfigDict(extra="forbid")

    title: FilledText = Field(max_length=500)
    content: FilledText
    format: Literal["text", "markdown", "html"] = "text"
    url: Url | None = None


class SourceSettingsOut(BaseModel):
    """What a website's source is limited to."""

    include: list[str]
    exclude: list[str]
    max_pages: int | None = Field(description="Null: the most that the installation takes.")


class SourceOut(BaseModel):
    """Where documents come from, and how far their ingestion is.

    What follows `version` is of websites (`page`, `site`); of others it is null.
    """

    id: str
    kind: SourceKind
    name: str
    pending: int
    ready: int
    failed: int
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="Rises when its name, limits or schedule are changed.")
    url: str | None = Field(description="Where it begins.")
    settings: SourceSettingsOut | None
    sync_every_hours: int | None = Field(description="Null: only when somebody asks for it.")
    next_sync_at: datetime | None
    last_sync: SyncOut | None = Field(description="The newest one, which may be running.")

    @classmethod
    def of(cls, source: Source, last_sync: Sync | None = None) -> "SourceOut":
        """Write a source as the native API shows it."""
        settings = source.settings
        shown = (
            None
            if settings is None
            else SourceSettingsOut(
                include=list(settings.include),
                exclude=list(settings.exclude),
                max_pages=settings.max_pages,
            )
        )
        return cls(
            id=public_id(SOURCE_PREFIX, source.id),
            kind=source.kind,
            name=source.name,
            pending=source.pending,
            ready=source.ready,
            failed=source.failed,
            created_at=source.created_at,
            updated_at=source.updated_at,
            version=source.version,
            url=source.url,
            settings=shown,
            sync_every_hours=source.sync_every_hours,
            next_sync_at=source.next_sync_at,
            last_sync=None if last_sync is None else SyncOut.of(last_sync),
        )


class SourceList(Listing[SourceOut]):
    """Sources, oldest first."""


class DocumentOut(BaseModel):
    """One document and how far its ingestion is; `error` says why it failed."""

    id: str
    source_id: str
    path: str
    title: str | None
    url: str | None
    media_type: str
    status: DocumentStatus
    error_code: str | None
    error: str | None
    chunk_count: int
    chunks_total: int | None
    chunks_done: int | None
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        """Write a document as the native API shows it."""
        prefix = ITEM_PREFIX if document.media_type.endswith("qa+json") else DOCUMENT_PREFIX
        return cls(
            id=public_id(prefix, document.id),
            source_id=public_id(SOURCE_PREFIX, document.source_id),
            path=document.path,
            title=document.title,
            url=document.url,
            media_type=document.media_type,
            status=document.status,
            error_code=document.error_code,
            error=document.error,
            chunk_count=document.chunk_count,
            chunks_total=document.chunks_total,
            chunks_done=document.chunks_done,
            created_at=document.created_at,
            changed_at=document.changed_at,
        )


class DocumentList(Listing[DocumentOut]):
    """Documents, oldest first."""


class PassageOut(BaseModel):
    """A passage that an answer cites."""

    id: str
    title: str
    heading_path: list[str]
    text: str
    url: str | None

    @classmethod
    def of(cls, chunk: Chunk, passage_id: str) -> "PassageOut":
        """Write a passage as anybody may read it."""
        return cls(
            id=passage_id,
            title=chunk.title,
            heading_path=list(chunk.heading_path),
            text=chunk.text,
            url=chunk.url,
        )
