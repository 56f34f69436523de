"""Adds texts and files to a project's knowledge, whichever API they come by."""

from typing import Final, Literal
from uuid import UUID

import structlog

from answerdesk.core.tenancy import public_id
from answerdesk.knowledge.ingestion.parse import media_type_of
from answerdesk.knowledge.ingestion.readings import pack
from answerdesk.knowledge.ingestion.sandbox.errors import ParsingUnavailable
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.service import Knowledge, OpenKnowledge
from answerdesk.knowledge.types import DOCUMENT_PREFIX, Document, IncomingDocument

TextFormat = Literal["text", "markdown", "html"]
_MEDIA_TYPES: Final[dict[TextFormat, str]] = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
}


_log = structlog.get_logger(__name__)


async def add_text(
    knowledge: Knowledge, title: str, content: str, text_format: TextFormat, url: str | None = None
) -> Document:
    """Add a text; it is ingested in the background."""
    document = IncomingDocument(title, content.encode(), _MEDIA_TYPES[text_format], title, url)
    source_id = await knowledge.open_source("text", title)
    intake = await knowledge.put_documents(source_id, [document])
    return await _added(knowledge, intake.queued[0])


async def add_file(
    open_knowledge: OpenKnowledge, parsing: ParsingProcess, name: str, content: bytes
) -> Document:
    """Add a file, which replaces an earlier one of this name; it is ingested in the background.

    It is read first, while its sender can still be told that it is unreadable. Raises
    UnreadableDocument or ParsingStopped.
    """
    media_type = media_type_of(name)
    async with open_knowledge() as knowledge:
        same = await knowledge.ready_file(name, content)
        if same is not None:
            return same
    reading = await _read(parsing, content, media_type, name)
    async with open_knowledge() as knowledge:
        source_id = await knowledge.open_source("file", name, name)
        incoming = IncomingDocument(name, content, media_type, reading=reading)
        intake = await knowledge.put_documents(source_id, [incoming], again=True)
        if not intake.queued:
            return await knowledge.document_at(source_id, name)
        return await _added(knowledge, intake.queued[0])


async def _read(
    parsing: ParsingProcess, content: bytes, media_type: str, name: str
) -> bytes | None:
    """Return a file's packed reading, or None if the parsing process can't read it now.

    Raises the error that ingestion would fail with later.
    """
    try:
        document = await parsing.prepare(content, media_type, name, patience=parsing.patience)
    except ParsingUnavailable as error:
        _log.info("file_taken_unread", code=error.code)
        return None
    return await pack(document)


async def _added(knowledge: Knowledge, document_id: UUID) -> Document:
    document = await knowledge.document(document_id)
    target = public_id(DOCUMENT_PREFIX, document.id)
    await knowledge.audit("document.added", "document", target)
    return document
