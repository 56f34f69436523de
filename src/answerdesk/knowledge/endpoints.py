"""The native API of the knowledge: texts, files, sources, documents, passages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile, status

from answerdesk.core.errors import NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.etag import HEADER, entity_tag
from answerdesk.core.web.openapi import operation_ids, problems
from answerdesk.core.web.pagination import PagingOf
from answerdesk.core.web.text import storable_file_name
from answerdesk.knowledge import intake
from answerdesk.knowledge.dependencies import (
    KnowledgeRead,
    KnowledgeWrite,
    ParsingOf,
    ShelfOf,
)
from answerdesk.knowledge.errors import (
    document_not_found,
    passage_not_found,
    source_not_found,
)
from answerdesk.knowledge.schemas import (
    DocumentCounts,
    DocumentList,
    DocumentOut,
    DocumentPassageList,
    DocumentPassageOut,
    Part,
    PassageOut,
    ProjectDocumentList,
    SourceList,
    SourceOut,
    TextIn,
)
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import (
    DOCUMENT_PREFIX,
    ITEM_PREFIX,
    PASSAGE_PREFIX,
    SOURCE_PREFIX,
    DocumentStatus,
    WantedDocuments,
)
from answerdesk.projects.service import find_project

_MULTIPART_OVERHEAD = 16 * 1024


def _id(prefix: str, text: str, missing: NotFound) -> UUID:
    value = parse_public_id(prefix, text)
    if value is None:
        raise missing
    return value


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; their bodies have at most `max_file_bytes`."""
    router = APIRouter(tags=["knowledge"], route_class=bounded_route(settings.max_file_bytes))
    base = "/v1/projects/{project_id}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(f"{base}/texts", add_text, methods=["POST"], status_code=created)
    router.add_api_route(f"{base}/sources", list_sources)
    router.add_api_route(f"{base}/sources/{{source_id}}", get_source)
    router.add_api_route(
        f"{base}/sources/{{source_id}}", delete_source, methods=["DELETE"], status_code=gone
    )
    router.add_api_route(f"{base}/sources/{{source_id}}/documents", list_documents)
    router.add_api_route(f"{base}/documents", find_documents)
    router.add_api_route(f"{base}/documents/{{document_id}}", get_document)
    router.add_api_route(f"{base}/documents/{{document_id}}/passages", list_passages)
    router.add_api_route(
        f"{base}/documents/{{document_id}}",
        delete_document,
        methods=["DELETE"],
        status_code=gone,
        responses=problems(409),
    )
    router.add_api_route("/v1/passages/{project_id}/{passage_id}", get_passage)
    return router


def make_upload_router(settings: Settings) -> APIRouter:
    """Make the upload route; its body may exceed `max_file_bytes` by the form's overhead."""
    limit = settings.max_file_bytes + _MULTIPART_OVERHEAD
    router = APIRouter(
        tags=["knowledge"],
        route_class=bounded_route(limit),
        generate_unique_id_function=operation_ids({}),  # The form's schema is named by it.
    )
    router.add_api_route(
        "/v1/projects/{project_id}/files",
        add_file,
        methods=["POST"],
        status_code=status.HTTP_201_CREATED,
    )
    return router


async def add_text(body: TextIn, knowledge: KnowledgeWrite) -> DocumentOut:
    """Add a text. It is searchable once its status is `ready`."""
    added = await intake.add_text(knowledge, body.title, body.content, body.format, body.url)
    return DocumentOut.of(added)


async def add_file(
    file: Annotated[UploadFile, File()], shelf: ShelfOf, parsing: ParsingOf
) -> DocumentOut:
    """Upload a file. An unreadable file is refused immediately, with the reason.

    A file replaces an earlier file of the same name; an identical file is not read again. If the
    machine is too busy to read it now, the file is accepted and read later: if it then proves
    unreadable, its status becomes `failed`, with the reason.
    """
    name = storable_file_name(file.filename)
    return DocumentOut.of(await intake.add_file(shelf.open, parsing, name, await file.read()))


async def list_sources(project_id: str, knowledge: KnowledgeRead, page: PagingOf) -> SourceList:
    """List the project's sources, oldest first, with their documents counted by status."""
    of = f"sources:{project_id}"
    found = await knowledge.list_sources(page.after(of, datetime, UUID), page.fetch)
    shown, next_cursor = page.cut(of, found, lambda source: (source.created_at, source.id))
    syncs = await knowledge.last_syncs([source.id for source in shown])
    return SourceList(
        items=[SourceOut.of(source, syncs.get(source.id)) for source in shown],
        next_cursor=next_cursor,
    )


async def get_source(source_id: str, knowledge: KnowledgeRead, response: Response) -> SourceOut:
    """Show one source and its ingestion progress.

    The `ETag`, for `If-Match`, covers only the changeable fields, not the counts.
    """
    value = _id(SOURCE_PREFIX, source_id, source_not_found())
    source = await knowledge.source(value)
    response.headers[HEADER] = entity_tag(source.version)
    return SourceOut.of(source, (await knowledge.last_syncs([value])).get(value))


async def delete_source(source_id: str, knowledge: KnowledgeWrite) -> None:
    """Remove a source and its documents from the answers."""
    await knowledge.remove_source(_id(SOURCE_PREFIX, source_id, source_not_found()))
    await knowledge.audit("source.removed", "source", source_id)


async def list_documents(source_id: str, knowledge: KnowledgeRead, page: PagingOf) -> DocumentList:
    """List a source's documents, oldest first; failed documents have the reason."""
    value = _id(SOURCE_PREFIX, source_id, source_not_found())
    of = f"documents:{value}"
    found = await knowledge.list_documents(value, page.after(of, datetime, str), page.fetch)
    shown, next_cursor = page.cut(of, found, lambda one: (one.created_at, one.path))
    return DocumentList(items=[DocumentOut.of(one) for one in shown], next_cursor=next_cursor)


async def find_documents(
    project_id: str,
    knowledge: KnowledgeRead,
    page: PagingOf,
    q: Part = None,
    status: DocumentStatus | None = None,  # The parameter's public name.
    source_id: Annotated[
        str | None, Query(max_length=100, description="Only documents of this source.")
    ] = None,
) -> ProjectDocumentList:
    """List the texts and files of a project, oldest first, and count them by status.

    Pages of websites and Q&A items have lists of their own.
    """
    source = None if source_id is None else _id(SOURCE_PREFIX, source_id, source_not_found())
    wanted = WantedDocuments(q or None, status, source)
    of = f"documents:{project_id}:{wanted}"
    after = page.after(of, datetime, UUID)
    found = await knowledge.find_documents(wanted, after, page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    counts = None
    if after is None:
        counts = DocumentCounts.model_validate(await knowledge.count_documents(wanted))
    items = [DocumentOut.of(one) for one in shown]
    return ProjectDocumentList(items=items, next_cursor=cursor, counts=counts)


async def list_passages(
    document_id: str, knowledge: KnowledgeRead, page: PagingOf
) -> DocumentPassageList:
    """List the passages of a document, which may be a page's, in its order.

    They are those that answer now: a document whose new content is not ingested yet has its earlier
    ones. The id of a Q&A item works as well.
    """
    value = parse_public_id(DOCUMENT_PREFIX, document_id)
    if value is None:
        value = _id(ITEM_PREFIX, document_id, document_not_found())
    of = f"passages:{value}"
    (after,) = page.after(of, int) or (None,)
    found = await knowledge.list_passages(value, after, page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.place,))
    items = [DocumentPassageOut.of(one) for one in shown]
    return DocumentPassageList(items=items, next_cursor=cursor)


async def get_document(document_id: str, knowledge: KnowledgeRead) -> DocumentOut:
    """Show one document and its ingestion progress."""
    value = _id(DOCUMENT_PREFIX, document_id, document_not_found())
    return DocumentOut.of(await knowledge.document(value))


async def delete_document(document_id: str, knowledge: KnowledgeWrite) -> None:
    """Remove a document from the answers.

    A page of a website can't be removed like this (409); exclude it by its source's patterns.
    """
    await knowledge.remove_document(_id(DOCUMENT_PREFIX, document_id, document_not_found()))
    await knowledge.audit("document.removed", "document", document_id)


async def get_passage(project_id: str, passage_id: str, database: DatabaseOf) -> PassageOut:
    """Show a passage that an answer cites. Its unguessable id is the permission to read it."""
    project = await find_project(database, project_id)
    value = _id(PASSAGE_PREFIX, passage_id, passage_not_found())
    async with database.transaction(project.account_id) as session:
        chunk = await Knowledge(session, project.account_id, project.id).passage(value)
    return PassageOut.of(chunk, public_id(PASSAGE_PREFIX, chunk.id))
