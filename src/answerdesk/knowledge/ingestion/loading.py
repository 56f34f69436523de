"""Brings up a document that is to be taken in: from what was read of it, or by reading its bytes.

A document is read once. What was read of it at its upload or its fetching is loaded in place of its
bytes, and what is read here is kept until it is taken in, whatever dies between.
"""

from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.parse import reading_name
from answerdesk.knowledge.ingestion.readings import UnusableReading, pack, unpack
from answerdesk.knowledge.ingestion.types import Prepare, PreparedDocument
from answerdesk.knowledge.types import QA_MEDIA_TYPE

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document's content, its bytes or what was read of them, and what identifies it."""

    account_id: AccountId
    project_id: ProjectId
    document_id: UUID
    path: str
    title: str | None
    media_type: str
    content_hash: bytes
    reading: bytes | None
    content: bytes | None


class Loader:
    """Loads documents that wait to be taken in, and reads those that nobody has read yet."""

    def __init__(self, database: Database, prepare: Prepare) -> None:
        self._database = database
        self._prepare = prepare

    async def load(self, account_id: AccountId, document_id: UUID) -> Loaded | None:
        """Return the document unless it is gone or needs nothing."""
        async with self._database.transaction(account_id) as session:
            found = await index.pending_content(session, account_id, document_id)
        if found is None:
            return None
        return Loaded(
            account_id,
            found.project_id,
            document_id,
            found.path,
            found.title,
            found.media_type,
            found.content_hash,
            found.reading,
            found.content,
        )

    async def read(self, loaded: Loaded) -> PreparedDocument | None:
        """Return what the document says, under the title that it was given if it was.

        None when its content has changed meanwhile. Raises what `Prepare` does.
        """
        read = await self._kept(loaded) or await self._read(loaded)
        if read is None or loaded.title is None:
            return read
        return replace(read, title=loaded.title)

    async def _kept(self, loaded: Loaded) -> PreparedDocument | None:
        if loaded.reading is None:
            return None
        try:
            return await unpack(loaded.reading)
        except UnusableReading as error:
            _log.warning("reading_unusable", document_id=str(loaded.document_id), error=str(error))
            return None

    async def _read(self, loaded: Loaded) -> PreparedDocument | None:
        content = loaded.content
        if content is None:
            async with self._database.transaction(loaded.account_id) as session:
                content = await index.content_of(
                    session, loaded.account_id, loaded.document_id, loaded.content_hash
                )
        if content is None:
            return None
        name = reading_name(loaded.path)
        read = await self._prepare(content, loaded.media_type, name)
        if loaded.media_type != QA_MEDIA_TYPE:
            await self._keep(loaded, read)
        return read

    async def _keep(self, loaded: Loaded, read: PreparedDocument) -> None:
        """Keep what was read until it is taken in: embedding may take long, or be away."""
        packed = await pack(read)
        if packed is None:
            return
        async with self._database.transaction(loaded.account_id) as session:
            await index.keep_reading(
                session, loaded.account_id, loaded.document_id, loaded.content_hash, packed
            )
