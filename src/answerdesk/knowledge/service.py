"""The knowledge of a project: adds documents, shows their progress, removes them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.principal import Principal
from answerdesk.core.due import JsonValue
from answerdesk.core.errors import NotFound
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ProjectId, parse_public_id, public_id
from answerdesk.knowledge import events, repository
from answerdesk.knowledge.errors import (
    document_not_found,
    document_of_website,
    passage_not_found,
    source_not_found,
)
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.pages import repository as pages
from answerdesk.knowledge.pages.tasks import cancel_sync_job
from answerdesk.knowledge.pages.types import Sync
from answerdesk.knowledge.search import repository as search
from answerdesk.knowledge.tasks import schedule_ingestion
from answerdesk.knowledge.types import (
    DOCUMENT_PREFIX,
    SOURCE_PREFIX,
    Chunk,
    Document,
    DocumentPassage,
    IncomingDocument,
    Intake,
    Source,
    SourceKind,
    WantedDocuments,
)
from answerdesk.projects.types import PROJECT_PREFIX

_SOURCES: Final = 500
"""Sources read per query when all are wanted."""

_NOTHING: Final[Mapping[str, JsonValue]] = {}

OpenKnowledge = Callable[[], AbstractAsyncContextManager["Knowledge"]]
"""Opens a transaction on a project's knowledge."""

SourceState = Literal["processing", "ready", "failed"]


def source_state(source: Source, last_sync: Sync | None) -> SourceState:
    """Sum up a source: by its last sync, and by what became of its documents."""
    if source.pending or (last_sync is not None and last_sync.running):
        return "processing"
    if source.ready:
        return "ready"
    has_failed = source.failed or (last_sync is not None and last_sync.state == "failed")
    return "failed" if has_failed else "ready"


async def part_of_sources(
    session: AsyncSession, projects: Sequence[ProjectId], *, offset: int, limit: int
) -> tuple[Sequence[tuple[Source, Sync | None]], int]:
    """Return sources of several projects, oldest first, and the number of all of them.

    Each has its newest sync, if there is one. None of the projects may be deleted.
    """
    sources, total = await repository.part_of_sources(session, projects, offset=offset, limit=limit)
    syncs = await pages.last_syncs(session, [one.id for one in sources])
    return [(one, syncs.get(one.id)) for one in sources], total


async def projects_of_places(
    session: AsyncSession, places: Sequence[str]
) -> Mapping[str, AbstractSet[ProjectId]]:
    """Return which projects have these folders and websites as sources already, by place.

    Addresses are compared as they are stored (`Scope.start`).
    """
    found: dict[str, set[ProjectId]] = {}
    for place, project_id in await repository.projects_of_places(session, places):
        found.setdefault(place, set()).add(project_id)
    return found


async def projects_of_source(session: AsyncSession, wanted: str) -> Sequence[ProjectId]:
    """Return the projects that have a source with this public id, name or address."""
    source_id = parse_public_id(SOURCE_PREFIX, wanted)
    return await repository.projects_of_source(session, source_id, wanted)


async def remove_source(session: AsyncSession, caller: Principal, source_id: UUID) -> None:
    """Remove a source of whichever project the caller reaches; raises NotFound."""
    project_id = await repository.project_of_source(session, source_id)
    if project_id is None:
        raise source_not_found()
    try:
        caller.require_project(project_id)
    except NotFound as error:
        raise source_not_found() from error
    knowledge = Knowledge(session, caller.account_id, project_id, caller)
    await knowledge.remove_source(source_id)
    await knowledge.audit("source.removed", "source", public_id(SOURCE_PREFIX, source_id))


class Knowledge:
    """Operations on the knowledge of one project, in the caller's transaction."""

    def __init__(
        self,
        session: AsyncSession,
        account_id: AccountId,
        project_id: ProjectId,
        by: Principal | None = None,
    ) -> None:
        """`by` is the caller, for the audit log; None for Answerdesk itself."""
        self._session = session
        self._account_id = account_id
        self._project_id = project_id
        self._by = by

    @property
    def session(self) -> AsyncSession:
        """The caller's transaction, for services of the knowledge's own packages."""
        return self._session

    @property
    def account_id(self) -> AccountId:
        return self._account_id

    @property
    def project_id(self) -> ProjectId:
        return self._project_id

    async def audit(
        self,
        action: str,
        target_kind: str,
        target_id: str,
        detail: Mapping[str, JsonValue] = _NOTHING,
    ) -> None:
        """Record what the caller did, as part of this transaction."""
        if self._by is not None:
            told = {"project_id": public_id(PROJECT_PREFIX, self._project_id), **detail}
            await record_audit(self._session, self._by, action, target_kind, target_id, told)

    async def open_source(self, kind: SourceKind, name: str, key: str | None = None) -> UUID:
        """Return the source with this kind and key, created if new; without a key, always new."""
        await repository.ensure_knowledge_base(self._session, self._account_id, self._project_id)
        return await repository.upsert_source(
            self._session, self._account_id, self._project_id, kind, name, key
        )

    async def find_source(self, kind: SourceKind, key: str) -> UUID | None:
        """Return the source with this kind and key; None if there is none."""
        return await repository.find_source(
            self._session, self._account_id, self._project_id, kind, key
        )

    async def put_documents(
        self,
        source_id: UUID,
        incoming: Sequence[IncomingDocument],
        *,
        present_paths: frozenset[str] | None = None,
        delay: timedelta | None = None,
        again: bool = False,
    ) -> Intake:
        """Store documents and have the changed ones ingested in the background.

        A `ready` document with unchanged bytes needs nothing; with `again`, only if the current
        reader has read it. A document's `reading` is stored with
        it until it is ingested. With `present_paths` (all paths that the source has now), documents
        with other paths are removed.
        With `delay`, the background waits that long, because the caller ingests them itself.
        """
        paths = None if present_paths is not None else [document.path for document in incoming]
        known = await repository.known_hashes(self._session, source_id, paths)
        gone = [] if present_paths is None else [*(known.keys() - present_paths)]
        if gone:
            # Before the documents: ingestion takes its locks in this order.
            await self.lock_index()
        queued: list[UUID] = []
        unchanged = 0
        for document in incoming:
            digest = hashlib.sha256(document.content).digest()
            before = known.get(document.path)
            if before is not None and before.is_ready(digest) and not (again and before.is_older):
                unchanged += 1
                continue
            document_id = await repository.put_document(
                self._session, self._account_id, self._project_id, source_id, document, digest
            )
            queued.append(document_id)
            if document.reading is not None:
                await index.keep_reading(
                    self._session, self._account_id, document_id, digest, document.reading
                )
            elif before is not None:
                await index.forget_other_readings(self._session, self._account_id, document_id)
        removed = await self.remove_documents([known[path].id for path in gone])
        for document_id in queued:
            await schedule_ingestion(self._session, self._account_id, document_id, delay)
        return Intake(source_id, tuple(queued), unchanged, removed)

    async def sources(self) -> Sequence[Source]:
        """Return the project's sources, oldest first, with their documents counted by status."""
        found: list[Source] = []
        while True:
            after = (found[-1].created_at, found[-1].id) if found else None
            some = await self.list_sources(after, _SOURCES)
            found += some
            if len(some) < _SOURCES:
                return found

    async def list_sources(
        self, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Source]:
        """Return at most `limit` sources after `after` (created at, id), oldest first."""
        return await repository.sources(self._session, self._project_id, after=after, limit=limit)

    async def source(self, source_id: UUID) -> Source:
        """Raise NotFound if the project has no such source."""
        found = await repository.sources(self._session, self._project_id, source_id)
        if not found:
            raise source_not_found()
        return found[0]

    async def last_syncs(self, source_ids: Sequence[UUID]) -> Mapping[UUID, Sync]:
        """Return the newest sync of each source that has one, by source id."""
        return await pages.last_syncs(self._session, source_ids)

    async def list_documents(
        self, source_id: UUID, after: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Document]:
        """Return at most `limit` documents of a source after `after`, oldest first.

        `after` is (created at, path). Raises NotFound if the project has no such source.
        """
        await self.source(source_id)
        return await repository.documents(
            self._session, self._project_id, source_id, after=after, limit=limit
        )

    async def find_documents(
        self, wanted: WantedDocuments, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Document]:
        """Return at most `limit` texts and files after `after` (created at, id), oldest first.

        Raises NotFound if the project doesn't have the source that is wanted.
        """
        if wanted.source_id is not None:
            await self.source(wanted.source_id)
        return await repository.documents_of_project(
            self._session, self._project_id, wanted, after=after, limit=limit
        )

    async def count_documents(self, wanted: WantedDocuments) -> Mapping[str, int]:
        """Count the texts and files by status, whatever status is wanted."""
        return await repository.count_documents(self._session, self._project_id, wanted)

    async def list_passages(
        self, document_id: UUID, after: int | None, limit: int
    ) -> Sequence[DocumentPassage]:
        """Return at most `limit` passages of a document after the place `after`, in its order.

        Raises NotFound if the project has no such document.
        """
        await self.document(document_id)
        return await repository.passages_of(
            self._session, self._project_id, document_id, after=after, limit=limit
        )

    async def document_at(self, source_id: UUID, path: str) -> Document:
        """Raise NotFound if the source has no document at `path`."""
        known = await repository.known_hashes(self._session, source_id, [path])
        if path not in known:
            raise document_not_found()
        return await self.document(known[path].id)

    async def ready_file(self, name: str, content: bytes) -> Document | None:
        """Return the uploaded file of this name if it is `ready` with exactly this content.

        None if an older reader has read it.
        """
        source_id = await self.find_source("file", name)
        if source_id is None:
            return None
        known = (await repository.known_hashes(self._session, source_id, [name])).get(name)
        if known is None or known.is_older or not known.is_ready(hashlib.sha256(content).digest()):
            return None
        return await self.document(known.id)

    async def documents_by_id(self, document_ids: Sequence[UUID]) -> Sequence[Document]:
        """Return the documents that exist among these ids."""
        return await repository.documents_by_id(self._session, document_ids)

    async def document(self, document_id: UUID) -> Document:
        """Raise NotFound if the project has no such document."""
        found = await repository.get_document(self._session, document_id)
        if found is None or found.project_id != self._project_id:
            raise document_not_found()
        return found

    async def lock_index(self) -> None:
        """Lock the project's index; call it before locking any row that ingestion locks."""
        await index.lock_base(self._session, self._account_id, self._project_id)

    async def remove_documents(self, document_ids: Sequence[UUID]) -> int:
        """Remove documents from the answers when this transaction commits; return how many."""
        if not document_ids:
            return 0
        base = await index.lock_base(self._session, self._account_id, self._project_id)
        chunk_ids = await repository.chunks_of(self._session, document_ids)
        await index.remove_chunks(self._session, base, chunk_ids)
        removed = await index.delete_documents(self._session, base, document_ids)
        await index.go_live(self._session, base, -len(chunk_ids), None)
        for document_id in removed:
            payload = events.DocumentChange(document_id=public_id(DOCUMENT_PREFIX, document_id))
            await record(
                self._session,
                self._account_id,
                self._project_id,
                events.DOCUMENT_REMOVED,
                payload,
            )
        return len(removed)

    async def remove_document(self, document_id: UUID) -> None:
        """Remove a document; raise NotFound, or Conflict if it is a page of a website."""
        document = await self.document(document_id)
        if (await self.source(document.source_id)).url is not None:
            raise document_of_website()
        await self.remove_documents([document_id])

    async def remove_source(self, source_id: UUID) -> None:
        """Remove a source and all its documents; raise NotFound if there is no such source."""
        await self.source(source_id)
        # The index first, in ingestion's lock order; from here on nobody adds a page to the source.
        await self.lock_index()
        await repository.lock_source(self._session, source_id)
        known = await repository.known_hashes(self._session, source_id)
        await self.remove_documents([found.id for found in known.values()])
        await repository.delete_source(self._session, source_id)
        await cancel_sync_job(self._session, source_id)

    async def passage(self, chunk_id: UUID) -> Chunk:
        """Raise NotFound if the project has no such passage."""
        found = await search.chunk(self._session, self._account_id, self._project_id, chunk_id)
        if found is None:
            raise passage_not_found()
        return found
