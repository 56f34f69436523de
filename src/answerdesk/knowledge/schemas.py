"""Bodies of the native API for knowledge."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
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
    PASSAGE_PREFIX,
    SOURCE_PREFIX,
    Chunk,
    Document,
    DocumentPassage,
    DocumentStatus,
    Source,
    SourceKind,
)
from answerdesk.providers.chat_model import estimated_tokens


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        whole = completed(text)
        meant = "as in https://example.com" if whole is None else f"did you mean {whole}?"
        msg = f"has to begin with https:// or http://; {meant}"
        raise ValueError(msg)
    return text


Url = Annotated[CleanText, Field(max_length=2000), AfterValidator(_web_address)]


Part = Annotated[
    CleanText | None,
    Query(max_length=200, description="Only those with this in the address, path or title."),
]


class TextIn(BaseModel):
    """A text to add. `format` is the markup of `content`."""

    model_config = ConfigDict(extra="forbid")

    title: FilledText = Field(max_length=500)
    content: FilledText
    format: Literal["text", "markdown", "html"] = "text"
    url: Url | None = None


class SourceSettingsOut(BaseModel):
    """The limits of a website."""

    include: list[str]
    exclude: list[str]
    max_pages: int | None = Field(description="Null: the installation's maximum.")


class SourceOut(BaseModel):
    """A source, and the ingestion progress of its documents.

    The fields after `version` are null unless the source is a website (`page`, `site`).
    """

    id: str
    kind: SourceKind
    name: str
    pending: int
    ready: int
    failed: int
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="Increases when its name, limits or schedule change.")
    url: str | None = Field(description="The start address.")
    settings: SourceSettingsOut | None
    sync_every_hours: int | None = Field(description="Null: synced only on request.")
    next_sync_at: datetime | None
    last_sync: SyncOut | None = Field(description="The newest sync, which may be running.")

    @classmethod
    def of(cls, source: Source, last_sync: Sync | None = None) -> "SourceOut":
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
    """One document and its ingestion progress; `error` says why it failed.

    `note` says what to know of its content that is in the answers: characters that were unreadable.
    """

    id: str
    source_id: str
    path: str
    title: str | None
    url: str | None
    media_type: str
    status: DocumentStatus
    error_code: str | None
    error: str | None
    note: str | None
    chunk_count: int
    chunks_total: int | None
    chunks_done: int | None
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
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
            note=document.note,
            chunk_count=document.chunk_count,
            chunks_total=document.chunks_total,
            chunks_done=document.chunks_done,
            created_at=document.created_at,
            changed_at=document.changed_at,
        )


class DocumentList(Listing[DocumentOut]):
    """Documents, oldest first."""


class DocumentCounts(BaseModel):
    """How many documents there are in each status."""

    pending: int = 0
    ready: int = 0
    failed: int = 0


class ProjectDocumentList(Listing[DocumentOut]):
    """The texts and files of a project, oldest first."""

    counts: DocumentCounts | None = Field(
        description="How many documents of each status `q` and `source_id` leave; null behind the "
        "first part of the list."
    )


class DocumentPassageOut(BaseModel):
    """A passage of a document, as it is searched."""

    id: str
    place: int = Field(description="Its place in the document, from 0.")
    heading_path: list[str] = Field(description="The headings above it, the uppermost first.")
    anchor: str | None = Field(description="Where in the page it begins (`#…`), or `page=…`.")
    language: str = Field(description="Its language (ISO 639-1), `und` if unknown.")
    text: str
    tokens: int = Field(description="About how many tokens a language model reads for it.")

    @classmethod
    def of(cls, passage: DocumentPassage) -> "DocumentPassageOut":
        return cls(
            id=public_id(PASSAGE_PREFIX, passage.id),
            place=passage.place,
            heading_path=list(passage.heading_path),
            anchor=passage.anchor,
            language=passage.language,
            text=passage.text,
            tokens=estimated_tokens(passage.text),
        )


class DocumentPassageList(Listing[DocumentPassageOut]):
    """A document's passages that are in the answers, in the document's order."""


class PassageOut(BaseModel):
    """A passage that an answer cites."""

    id: str
    title: str
    heading_path: list[str]
    text: str
    url: str | None

    @classmethod
    def of(cls, chunk: Chunk, passage_id: str) -> "PassageOut":
        return cls(
            id=passage_id,
            title=chunk.title,
            heading_path=list(chunk.heading_path),
            text=chunk.text,
            url=chunk.url,
        )
