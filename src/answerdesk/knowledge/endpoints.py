"""The native API of the knowledge: texts, Q&A items, files, sources, documents, passages."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Request, UploadFile, status

from answerdesk.accounts.dependencies import Caller
from answerdesk.core.errors import NotFound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.knowledge.errors import (
    document_not_found,
    item_not_found,
    passage_not_found,
    source_not_found,
)
from answerdesk.knowledge.ingestion.parse import media_type_of, parse
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.schemas import (
    DocumentList,
    DocumentOut,
    ItemIn,
    ItemOut,
    PassageOut,
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
    IncomingDocument,
)
from answerdesk.projects.dependencies import ProjectOf
from answerdesk.projects.service import find_project

_MULTIPART_OVERHEAD = 16 * 1024
_FORMATS = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}


def _ingestion(request: Request) -> Ingestion:
    ingestion: Ingestion = request.app.state.ingestion
    return ingestion


IngestionOf = Annotated[Ingestion, Depends(_ingestion)]


def _id(prefix: str, text: str, missing: NotFound) -> UUID:
    value = parse_public_id(prefix, text)
    if value is None:
        raise missing
    return value


def make_router(settings: Settings) -> APIRouter:
    """Return the routes; bodies are bounded by the settings."""
    router = APIRouter(tags=["knowledge"], route_class=bounded_route(settings.max_file_bytes))
    base = "/v1/projects/{project_id}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route(f"{base}/texts", add_text, methods=["POST"], status_code=created)
    router.add_api_route(f"{base}/items", add_item, methods=["POST"], status_code=created)
    router.add_api_route(f"{base}/items/{{item_id}}", put_item, methods=["PUT"])
    router.add_api_route(
        f"{base}/items/{{item_id}}", delete_item, methods=["DELETE"], status_code=gone
    )
    router.add_api_route(f"{base}/sources", list_sources)
    router.add_api_route(f"{base}/sources/{{source_id}}", get_source)
    router.add_api_route(
        f"{base}/sources/{{source_id}}", delete_source, methods=["DELETE"], status_code=gone
    )
    router.add_api_route(f"{base}/sources/{{source_id}}/documents", list_documents)
    router.add_api_route(f"{base}/documents/{{document_id}}", get_document)
    router.add_api_route(
        f"{base}/documents/{{document_id}}", delete_document, methods=["DELETE"], status_code=gone
    )
    router.add_api_route("/v1/passages/{project_id}/{passage_id}", get_passage)
    return router


def make_upload_router(settings: Settings) -> APIRouter:
    """Return the route that takes files, whose form is a little larger than the file itself."""
    limit = settings.max_file_bytes + _MULTIPART_OVERHEAD
    router = APIRouter(tags=["knowledge"], route_class=bounded_route(limit))
    router.add_api_route(
        "/v1/projects/{project_id}/files",
        add_file,
        methods=["POST"],
        status_code=status.HTTP_201_CREATED,
    )
    return router


async def add_text(
    body: TextIn, project: ProjectOf, caller: Caller, database: DatabaseOf
) -> DocumentOut:
    """Take in a text; it is searchable once its status is `ready`."""
    document = IncomingDocument(
        body.title, body.content.encode(), _FORMATS[body.format], body.title, body.url
    )
    async with database.transaction(caller.account_id) as session:
        knowledge = Knowledge(session, caller.account_id, project.id)
        source_id = await knowledge.open_source("text", body.title)
        intake = await knowledge.put_documents(source_id, [document])
        return DocumentOut.of(await knowledge.document(intake.queued[0]))


async def add_file(
    file: Annotated[UploadFile, File()], project: ProjectOf, caller: Caller, database: DatabaseOf
) -> DocumentOut:
    """Take in a file (Markdown, HTML or plain text); a file that cannot be read is refused here.

    A file of the same name replaces the one before.
    """
    name = file.filename or "file"
    media_type = media_type_of(name)
    content = await file.read()
    # Refuse now what ingestion would refuse later: the uploader is still here to read why.
    await asyncio.to_thread(parse, content, media_type, name)
    async with database.transaction(caller.account_id) as session:
        knowledge = Knowledge(session, caller.account_id, project.id)
        source_id = await knowledge.open_source("file", name, name)
        intake = await knowledge.put_documents(
            source_id, [IncomingDocument(name, content, media_type)]
        )
        documents = await knowledge.documents(source_id)
        found = next(one for one in documents if one.path == name)
        return DocumentOut.of(
            await knowledge.document(intake.queued[0]) if intake.queued else found
        )


async def add_item(
    body: ItemIn,
    project: ProjectOf,
    caller: Caller,
    database: DatabaseOf,
    ingestion: IngestionOf,
) -> ItemOut:
    """Take in a question with its answer; it is searchable when this returns.

    An item with the same question and answer is the same item.
    """
    return await _put_item(body, project, caller, database, ingestion, None)


async def put_item(
    item_id: str,
    body: ItemIn,
    project: ProjectOf,
    caller: Caller,
    database: DatabaseOf,
    ingestion: IngestionOf,
) -> ItemOut:
    """Change an item; the change is searchable when this returns."""
    value = _id(ITEM_PREFIX, item_id, item_not_found())
    return await _put_item(body, project, caller, database, ingestion, value)


async def _put_item(
    body: ItemIn,
    project: ProjectOf,
    caller: Caller,
    database: DatabaseOf,
    ingestion: IngestionOf,
    item_id: UUID | None,
) -> ItemOut:
    async with database.transaction(caller.account_id) as session:
        knowledge = Knowledge(session, caller.account_id, project.id)
        stored, changed = await knowledge.put_item(body.question, body.answer, item_id)
    if changed:
        await ingestion.ingest(caller.account_id, stored)
    async with database.transaction(caller.account_id) as session:
        document = await Knowledge(session, caller.account_id, project.id).document(stored)
    return ItemOut(
        id=public_id(ITEM_PREFIX, stored),
        question=body.question.strip(),
        answer=body.answer.strip(),
        status=document.status,
    )


async def delete_item(
    item_id: str, project: ProjectOf, caller: Caller, database: DatabaseOf
) -> None:
    """Take an item out of the answers."""
    value = _id(ITEM_PREFIX, item_id, item_not_found())
    async with database.transaction(caller.account_id) as session:
        await Knowledge(session, caller.account_id, project.id).remove_item(value)


async def list_sources(project: ProjectOf, caller: Caller, database: DatabaseOf) -> SourceList:
    """List the project's sources with their documents counted by status."""
    async with database.transaction(caller.account_id) as session:
        sources = await Knowledge(session, caller.account_id, project.id).sources()
    return SourceList(items=[SourceOut.of(source) for source in sources])


async def get_source(
    source_id: str, project: ProjectOf, caller: Caller, database: DatabaseOf
) -> SourceOut:
    """Show one source and how far its ingestion is."""
    value = _id(SOURCE_PREFIX, source_id, source_not_found())
    async with database.transaction(caller.account_id) as session:
        return SourceOut.of(await Knowledge(session, caller.account_id, project.id).source(value))


async def delete_source(
    source_id: str, project: ProjectOf, caller: Caller, database: DatabaseOf
) -> None:
    """Take a source and its documents out of the answers."""
    value = _id(SOURCE_PREFIX, source_id, source_not_found())
    async with database.transaction(caller.account_id) as session:
        await Knowledge(session, caller.account_id, project.id).remove_source(value)


async def list_documents(
    source_id: str, project: ProjectOf, caller: Caller, database: DatabaseOf
) -> DocumentList:
    """List a source's documents, those that failed with the reason."""
    value = _id(SOURCE_PREFIX, source_id, source_not_found())
    async with database.transaction(caller.account_id) as session:
        documents = await Knowledge(session, caller.account_id, project.id).documents(value)
    return DocumentList(items=[DocumentOut.of(document) for document in documents])


async def get_document(
    document_id: str, project: ProjectOf, caller: Caller, database: DatabaseOf
) -> DocumentOut:
    """Show one document and how far its ingestion is."""
    value = _id(DOCUMENT_PREFIX, document_id, document_not_found())
    async with database.transaction(caller.account_id) as session:
        document = await Knowledge(session, caller.account_id, project.id).document(value)
    return DocumentOut.of(document)


async def delete_document(
    document_id: str, project: ProjectOf, caller: Caller, database: DatabaseOf
) -> None:
    """Take a document out of the answers."""
    value = _id(DOCUMENT_PREFIX, document_id, document_not_found())
    async with database.transaction(caller.account_id) as session:
        await Knowledge(session, caller.account_id, project.id).remove_document(value)


async def get_passage(project_id: str, passage_id: str, database: DatabaseOf) -> PassageOut:
    """Show a passage that an answer cites. Its unguessable id is the permission to read it."""
    project = await find_project(database, project_id)
    value = _id(PASSAGE_PREFIX, passage_id, passage_not_found())
    async with database.transaction(project.account_id) as session:
        chunk = await Knowledge(session, project.account_id, project.id).passage(value)
    return PassageOut.of(chunk, public_id(PASSAGE_PREFIX, chunk.id))
