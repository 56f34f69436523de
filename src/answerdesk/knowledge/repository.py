"""Reads and writes sources and documents."""
# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.repository.older import IS_OLDER
from answerdesk.knowledge.models import DocumentRow, KnowledgeBaseRow, SourceRow
from answerdesk.knowledge.types import (
    Document,
    DocumentPassage,
    IncomingDocument,
    Source,
    SourceKind,
    SourceSettings,
    WantedDocuments,
)

_PAGE: Final = 1000

# Statements that ingestion runs for each document are plain SQL: a fraction of the ORM's cost.
_KNOWN: Final = text(
    f"select path, id, content_hash, status, {IS_OLDER} as is_older"
    " from document where account_id = :account_id and source_id = :source_id"
)
# Path by path, however many documents PostgreSQL estimates the source to have.
_KNOWN_AT: Final = text(
    "select wanted.path, d.id, d.content_hash, d.status, d.is_older"
    " from unnest(cast(:paths as text[])) as wanted (path) cross join lateral ("
    f"  select o.id, o.content_hash, o.status, {IS_OLDER} as is_older"
    "   from document o where o.account_id = :account_id"
    "   and o.source_id = :source_id and o.path = wanted.path limit 1) d"
)
_SOURCE_AT: Final = text(
    "select id, name from source where account_id = :account_id and project_id = :project_id"
    " and kind = :kind and key = :key"
)
_CHUNKS_OF: Final = text(
    "select id from chunk where account_id = :account_id"
    " and document_id = any(cast(:document_ids as uuid[])) and removed_rev is null"
)
_PUT: Final = text(
    "insert into document (account_id, id, project_id, source_id, path, title, given_title, url,"
    "  media_type, content, content_hash, status)"
    " values (:account_id, :id, :project_id, :source_id, :path, :title, :title, :url, :media_type,"
    "  :content, :content_hash, 'pending')"
    " on conflict (account_id, source_id, path) do update set"
    "  title = coalesce(excluded.title, document.title), given_title = excluded.given_title,"
    "  url = excluded.url, media_type = excluded.media_type, content = excluded.content,"
    "  content_hash = excluded.content_hash, status = 'pending', error_code = null, error = null,"
    "  chunks_total = null, chunks_done = null, changed_at = now(), seen_at = now()"
    " returning id"
)


_PASSAGES: Final = text(
    "select id, ordinal, content, heading_path, anchor, language from chunk"
    " where account_id = :account_id and project_id = :project_id and document_id = :document_id"
    " and removed_rev is null"
    " and (cast(:after as integer) is null or ordinal > cast(:after as integer))"
    " order by ordinal limit :limit"
)
_WRITTEN_KINDS: Final[tuple[SourceKind, ...]] = ("text", "file", "folder")
"""Sources whose documents are neither pages of websites nor Q&A items."""


class KnownDocument(NamedTuple):
    """What decides whether a document is taken in again."""

    id: UUID
    content_hash: bytes
    status: str
    is_older: bool

    def is_ready(self, content_hash: bytes) -> bool:
        """Say whether this content of it is in the answers."""
        return self.status == "ready" and self.content_hash == content_hash


def _document(row: DocumentRow) -> Document:
    return Document(
        id=row.id,
        project_id=ProjectId(row.project_id),
        source_id=row.source_id,
        path=row.path,
        title=row.title,
        url=row.url,
        media_type=row.media_type,
        status=row.status,  # type: ignore[arg-type]  # A check constraint holds it to the literal.
        error_code=row.error_code,
        error=row.error,
        note=row.note,
        chunk_count=row.chunk_count,
        chunks_total=row.chunks_total,
        chunks_done=row.chunks_done,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


async def ensure_knowledge_base(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> None:
    """Create the project's knowledge base unless it exists."""
    await session.execute(
        insert(KnowledgeBaseRow)
        .values(account_id=account_id, project_id=project_id, reader=READER_VERSION)
        .on_conflict_do_nothing()
    )


async def project_of_source(session: AsyncSession, source_id: UUID) -> ProjectId | None:
    """Return the project of a source of the session's tenant; None if there is none."""
    found: UUID | None = await session.scalar(
        text(
            "select s.project_id from source s join project p"
            "  on p.account_id = s.account_id and p.id = s.project_id and p.deleted_at is null"
            " where s.account_id = :account_id and s.id = :id"
        ),
        {"account_id": tenant_of(session), "id": source_id},
    )
    return None if found is None else ProjectId(found)


async def projects_of_places(
    session: AsyncSession, places: Sequence[str]
) -> Sequence[tuple[str, ProjectId]]:
    """Return each folder and address that is a source, with the project that it is in."""
    found = await session.execute(
        text(
            "select coalesce(s.url, s.key) as place, s.project_id from source s join project p"
            "  on p.account_id = s.account_id and p.id = s.project_id and p.deleted_at is null"
            " where s.account_id = :account_id and s.kind in ('folder', 'page', 'site')"
            "  and coalesce(s.url, s.key) = any(cast(:places as text[]))"
        ),
        {"account_id": tenant_of(session), "places": [*places]},
    )
    return [(row.place, ProjectId(row.project_id)) for row in found]


async def projects_of_source(
    session: AsyncSession, source_id: UUID | None, name: str
) -> Sequence[ProjectId]:
    """Return the projects that have a source with this id, or this name or address."""
    found = await session.scalars(
        text(
            "select distinct s.project_id from source s join project p"
            "  on p.account_id = s.account_id and p.id = s.project_id and p.deleted_at is null"
            " where s.account_id = :account_id"
            "  and (s.id = cast(:id as uuid) or s.name = :name or s.url = :name)"
        ),
        {"account_id": tenant_of(session), "id": source_id, "name": name},
    )
    return [ProjectId(project_id) for project_id in found]


async def find_source(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    kind: SourceKind,
    key: str,
) -> UUID | None:
    at = {"account_id": account_id, "project_id": project_id, "kind": kind, "key": key}
    row = (await session.execute(_SOURCE_AT, at)).first()
    return None if row is None else UUID(str(row.id))


async def upsert_source(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    kind: SourceKind,
    name: str,
    key: str | None,
) -> UUID:
    """Return the source with this kind and key, created if it is new. A None key is always new.

    An existing source with this name is not written to, so that nobody waits for its lock.
    """
    at = {"account_id": account_id, "project_id": project_id, "kind": kind, "key": key}
    found = (await session.execute(_SOURCE_AT, at)).first() if key is not None else None
    if found is not None and found.name == name:
        return UUID(str(found.id))
    source_id: UUID | None = await session.scalar(
        insert(SourceRow)
        .values(
            account_id=account_id,
            id=new_id(),
            project_id=project_id,
            kind=kind,
            name=name,
            key=key,
        )
        .on_conflict_do_update(
            index_elements=["account_id", "project_id", "kind", "key"],
            set_={"name": name, "updated_at": func.now()},
        )
        .returning(SourceRow.id)
    )
    if source_id is None:
        msg = "an upsert returned no row"
        raise RuntimeError(msg)
    return source_id


async def sources(
    session: AsyncSession,
    project_id: ProjectId,
    source_id: UUID | None = None,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = _PAGE,
) -> Sequence[Source]:
    """Return the project's sources (or one source) with their documents counted by status.

    Oldest first; if `after` (created at, id) is given, only later sources.
    """
    query = _counted_sources().where(SourceRow.project_id == project_id).limit(limit)
    if after is not None:
        query = query.where(tuple_(SourceRow.created_at, SourceRow.id) > after)
    if source_id is not None:
        query = query.where(SourceRow.id == source_id)
    rows = await session.execute(query)
    return [_source(*row) for row in rows]


async def part_of_sources(
    session: AsyncSession, projects: Sequence[ProjectId], *, offset: int, limit: int
) -> tuple[Sequence[Source], int]:
    """Return the projects' sources, oldest first, and the number of all of them."""
    wanted = SourceRow.project_id.in_(projects)
    rows = await session.execute(_counted_sources().where(wanted).offset(offset).limit(limit))
    total = await session.scalar(select(func.count(SourceRow.id)).where(wanted))
    return [_source(*row) for row in rows], total or 0


def _counted_sources() -> Select[Any]:
    """Select sources with their documents counted by status, oldest first."""

    def counted(status: str) -> Any:  # noqa: ANN401  # SQLAlchemy's own type is private.
        # Counts the status alone, so that an index-only scan suffices; null without documents.
        return func.count(DocumentRow.status).filter(DocumentRow.status == status)

    return (
        select(SourceRow, counted("pending"), counted("ready"), counted("failed"))
        .outerjoin(
            DocumentRow,
            (DocumentRow.source_id == SourceRow.id)
            & (DocumentRow.account_id == SourceRow.account_id),
        )
        .group_by(SourceRow.account_id, SourceRow.id)
        .order_by(SourceRow.created_at, SourceRow.id)
    )


def _source(row: SourceRow, pending: int, ready: int, failed: int) -> Source:
    settings = None
    if row.url is not None:
        settings = SourceSettings(
            include=tuple(row.settings.get("include", ())),
            exclude=tuple(row.settings.get("exclude", ())),
            max_pages=row.settings.get("max_pages"),
        )
    return Source(
        id=row.id,
        project_id=ProjectId(row.project_id),
        kind=row.kind,  # type: ignore[arg-type]  # A check constraint holds it to the literal.
        name=row.name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        pending=pending,
        ready=ready,
        failed=failed,
        url=row.url,
        settings=settings,
        sync_every_hours=row.sync_every_hours,
        next_sync_at=row.next_sync_at,
        version=row.version,
    )


async def lock_source(session: AsyncSession, source_id: UUID) -> None:
    """Let nobody add to a source until the transaction ends."""
    await session.execute(select(SourceRow.id).where(SourceRow.id == source_id).with_for_update())


async def delete_source(session: AsyncSession, source_id: UUID) -> None:
    """Delete a source whose documents are already gone."""
    row = await session.scalar(select(SourceRow).where(SourceRow.id == source_id))
    if row is not None:
        await session.delete(row)
        await session.flush()


async def known_hashes(
    session: AsyncSession, source_id: UUID, paths: Sequence[str] | None = None
) -> dict[str, KnownDocument]:
    """Return a source's documents by path; with `paths`, only those at these paths."""
    parameters = {
        "account_id": tenant_of(session),
        "source_id": source_id,
        "reader_version": READER_VERSION,
    }
    if paths is None:
        rows = await session.execute(_KNOWN, parameters)
    else:
        rows = await session.execute(_KNOWN_AT, {**parameters, "paths": list(paths)})
    return {
        row.path: KnownDocument(row.id, bytes(row.content_hash), row.status, row.is_older)
        for row in rows
    }


async def chunks_of(session: AsyncSession, document_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the documents' chunks that are in the answers."""
    parameters = {"account_id": tenant_of(session), "document_ids": list(document_ids)}
    return [row.id for row in await session.execute(_CHUNKS_OF, parameters)]


async def put_document(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    source_id: UUID,
    incoming: IncomingDocument,
    content_hash: bytes,
) -> UUID:
    """Store the document's new content as `pending`; return its id."""
    document_id: UUID | None = await session.scalar(
        _PUT,
        {
            "account_id": account_id,
            "id": incoming.id or new_id(),
            "project_id": project_id,
            "source_id": source_id,
            "path": incoming.path,
            "title": incoming.title,
            "url": incoming.url,
            "media_type": incoming.media_type,
            "content": incoming.content,
            "content_hash": content_hash,
        },
    )
    if document_id is None:
        msg = "an upsert returned no row"
        raise RuntimeError(msg)
    return document_id


async def get_document(session: AsyncSession, document_id: UUID) -> Document | None:
    row = await session.scalar(select(DocumentRow).where(DocumentRow.id == document_id))
    return None if row is None else _document(row)


async def documents(
    session: AsyncSession,
    project_id: ProjectId,
    source_id: UUID,
    *,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Document]:
    """Return a source's documents after `after` (created at, path), oldest first."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.project_id == project_id, DocumentRow.source_id == source_id)
        .order_by(DocumentRow.created_at, DocumentRow.path)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(DocumentRow.created_at, DocumentRow.path) > after)
    return [_document(row) for row in await session.scalars(query)]


async def documents_of_project(
    session: AsyncSession,
    project_id: ProjectId,
    wanted: WantedDocuments,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Document]:
    """Return a project's texts and files after `after` (created at, id), oldest first."""
    query = (
        select(DocumentRow)
        .where(*_wanted(project_id, wanted))
        .order_by(DocumentRow.created_at, DocumentRow.id)
        .limit(limit)
    )
    if wanted.status is not None:
        query = query.where(DocumentRow.status == wanted.status)
    if after is not None:
        query = query.where(tuple_(DocumentRow.created_at, DocumentRow.id) > after)
    return [_document(row) for row in await session.scalars(query)]


async def count_documents(
    session: AsyncSession, project_id: ProjectId, wanted: WantedDocuments
) -> dict[str, int]:
    """Count a project's texts and files by status, whatever status is wanted."""
    query = (
        select(DocumentRow.status, func.count(DocumentRow.id).label("documents"))
        .where(*_wanted(project_id, wanted))
        .group_by(DocumentRow.status)
    )
    counted = await session.execute(query)
    return {row.status: row.documents for row in counted}


def _wanted(project_id: ProjectId, wanted: WantedDocuments) -> list[ColumnElement[bool]]:
    sources_of = select(SourceRow.id).where(
        SourceRow.project_id == project_id, SourceRow.kind.in_(_WRITTEN_KINDS)
    )
    conditions: list[ColumnElement[bool]] = [
        DocumentRow.project_id == project_id,
        DocumentRow.source_id.in_(sources_of),
    ]
    if wanted.source_id is not None:
        conditions.append(DocumentRow.source_id == wanted.source_id)
    if wanted.part is not None:
        part = func.lower(wanted.part)
        conditions.append(
            or_(
                func.strpos(func.lower(DocumentRow.path), part) > 0,
                func.strpos(func.lower(DocumentRow.title), part) > 0,
            )
        )
    return conditions


async def passages_of(
    session: AsyncSession,
    project_id: ProjectId,
    document_id: UUID,
    *,
    after: int | None,
    limit: int,
) -> Sequence[DocumentPassage]:
    """Return a document's passages that are in the answers, in its order."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "document_id": document_id,
        "after": after,
        "limit": limit,
    }
    return [
        DocumentPassage(
            row.id, row.ordinal, row.content, tuple(row.heading_path), row.anchor, row.language
        )
        for row in await session.execute(_PASSAGES, parameters)
    ]


async def documents_by_id(
    session: AsyncSession, document_ids: Sequence[UUID]
) -> Sequence[Document]:
    """Return the documents that exist among these ids."""
    rows = await session.scalars(select(DocumentRow).where(DocumentRow.id.in_(document_ids)))
    return [_document(row) for row in rows]
