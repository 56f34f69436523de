"""Tables of the knowledge that are read and written row by row.

Chunks, embeddings and terms are written and searched in bulk: see `ingestion/repository` and
`search/repository`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from answerdesk.core.database import Base, TenantOwned


class KnowledgeBaseRow(TenantOwned, Base):
    """What search needs to know about a project's knowledge as a whole."""

    __tablename__ = "knowledge_base"

    project_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    live_rev: Mapped[int] = mapped_column(server_default=FetchedValue())
    chunk_count: Mapped[int] = mapped_column(server_default=FetchedValue())
    space: Mapped[str | None]
    reader: Mapped[int] = mapped_column(server_default=FetchedValue())


class SourceRow(TenantOwned, Base):
    """Where documents come from: a folder, an upload, a text, the list of Q&A items."""

    __tablename__ = "source"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    key: Mapped[str | None]
    url: Mapped[str | None]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=FetchedValue())
    sync_every_hours: Mapped[int | None]
    next_sync_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class DocumentRow(TenantOwned, Base):
    """One document as it was received, and its ingestion progress."""

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    source_id: Mapped[UUID]
    path: Mapped[str]
    title: Mapped[str | None]
    url: Mapped[str | None]
    media_type: Mapped[str]
    language: Mapped[str | None]
    # The bytes themselves; read only by ingestion.
    content: Mapped[bytes] = deferred(mapped_column())
    content_hash: Mapped[bytes]
    indexed_hash: Mapped[bytes | None]
    status: Mapped[str]
    error_code: Mapped[str | None]
    error: Mapped[str | None]
    note: Mapped[str | None]
    chunk_count: Mapped[int] = mapped_column(server_default=FetchedValue())
    chunks_total: Mapped[int | None]
    chunks_done: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    changed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    seen_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
