"""Whoever changes the same knowledge at once waits for the other, and never in a circle.

Each test stops one in the middle of a transaction, lets the other run into it, and goes on.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.bootstrap import Application
from answerdesk.core.due import Job
from answerdesk.core.errors import NotFound
from answerdesk.core.events import record
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.knowledge import repository
from answerdesk.knowledge.erasure import erase_knowledge
from answerdesk.knowledge.events import DOCUMENT_READY, SOURCE_SYNCED, DocumentChange
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.items.service import Items
from answerdesk.knowledge.items.types import ItemDraft
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import IncomingDocument, SourceSettings
from answerdesk.projects import repository as projects
from answerdesk.projects.service import create_project
from answerdesk.projects.tasks import ERASE, registrations

_SITE = NewSource("site", "https://example.com/", "Example", SourceSettings(), None)
_WAITING = text(
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and state = 'active'"
)


@pytest.fixture
async def project_id(application: Application) -> ProjectId:
    async with application.database.transaction(application.account_id) as session:
        return (await create_project(session, application.account_id, "Test")).id


def _knowledge(application: Application, session: AsyncSession, project_id: ProjectId) -> Knowledge:
    return Knowledge(session, application.account_id, project_id)


async def _runs_into_us(application: Application, other: Awaitable[Any]) -> Any:
    """Begin the other and return it once it waits for a lock of ours."""
    task = asyncio.ensure_future(other)
    for _ in range(1000):
        async with application.database.transaction(None) as session:
            if await session.scalar(_WAITING):
                return task
        assert not task.done(), "it did not have to wait"
        await asyncio.sleep(0.02)
    raise AssertionError("it neither waits nor ends")


async def _put(application: Application, project_id: ProjectId) -> tuple[UUID, UUID]:
    """Store a folder of one document; returns the source and the document."""
    async with application.database.transaction(application.account_id) as session:
        knowledge = _knowledge(application, session, project_id)
        source_id = await knowledge.open_source("folder", "Texts", "texts")
        document = IncomingDocument("hours.txt", b"We open at nine.", "text/plain")
        intake = await knowledge.put_documents(source_id, [document])
    return source_id, intake.queued[0]


async def test_a_deleted_project_and_its_ingestion(
    application: Application, project_id: ProjectId
) -> None:
    account_id, database = application.account_id, application.database
    _, document_id = await _put(application, project_id)
    async with database.transaction(account_id) as session:
        await projects.mark_deleted(session, project_id)
    erase = registrations(database, [erase_knowledge])[ERASE].handler
    job = Job(1, ERASE, account_id, {"project_id": str(project_id)}, 1)
    async with database.transaction(account_id) as session:
        # As ingestion does it: the index, the document, then what hangs on the project.
        base = await index.lock_base(session, account_id, project_id)
        erasure = await _runs_into_us(application, erase(job))
        await session.execute(
            text("update document set title = 'x' where account_id = :account_id and id = :id"),
            {"account_id": account_id, "id": document_id},
        )
        ready = DocumentChange(document_id=public_id("doc", document_id))
        await record(session, account_id, project_id, DOCUMENT_READY, ready)
        await index.go_live(session, base, 0, None)
    await erasure
    async with database.transaction(account_id) as session:
        for table in ("project", "document", "source", "knowledge_base"):
            assert await session.scalar(text(f"select count(*) from {table}")) == 0, table


async def test_a_deleted_project_and_its_syncs(
    application: Application, project_id: ProjectId
) -> None:
    account_id, database = application.account_id, application.database
    async with database.transaction(account_id) as session:
        await Websites(_knowledge(application, session, project_id)).add(_SITE)
    async with database.transaction(account_id) as session:
        await projects.mark_deleted(session, project_id)
    erase = registrations(database, [erase_knowledge])[ERASE].handler
    job = Job(1, ERASE, account_id, {"project_id": str(project_id)}, 1)
    async with database.transaction(account_id) as session:
        await session.execute(text("select 1 from source for key share"))
        erasure = await _runs_into_us(application, erase(job))
        await record(session, account_id, project_id, SOURCE_SYNCED, SOURCE_SYNCED.example)
    await erasure


async def test_a_folder_that_has_lost_a_file_and_its_ingestion(
    application: Application, project_id: ProjectId
) -> None:
    account_id, database = application.account_id, application.database
    source_id, document_id = await _put(application, project_id)
    other = IncomingDocument("old.txt", b"We were closed.", "text/plain")
    async with database.transaction(account_id) as session:
        knowledge = _knowledge(application, session, project_id)
        await knowledge.put_documents(source_id, [other])

    async def again() -> int:
        changed = IncomingDocument("hours.txt", b"We open at ten.", "text/plain")
        async with database.transaction(account_id) as session:
            knowledge = _knowledge(application, session, project_id)
            intake = await knowledge.put_documents(
                source_id, [changed], present_paths=frozenset({"hours.txt"})
            )
        return intake.removed

    async with database.transaction(account_id) as session:
        await index.lock_base(session, account_id, project_id)
        task = await _runs_into_us(application, again())
        await session.execute(
            text("update document set title = 'x' where account_id = :account_id and id = :id"),
            {"account_id": account_id, "id": document_id},
        )
    assert await task == 1


async def test_an_item_and_the_source_of_all_items_that_go_at_once(
    application: Application, project_id: ProjectId
) -> None:
    account_id, database = application.account_id, application.database
    async with database.transaction(account_id) as session:
        knowledge = _knowledge(application, session, project_id)
        stored = await Items(knowledge).add(ItemDraft("When?", "At nine."))
        source_id = (await knowledge.document(stored.id)).source_id

    async def remove_item() -> None:
        async with database.transaction(account_id) as session:
            await Items(_knowledge(application, session, project_id)).remove(stored.id)

    async with database.transaction(account_id) as session:
        knowledge = _knowledge(application, session, project_id)
        await knowledge.lock_index()
        task = await _runs_into_us(application, remove_item())
        await knowledge.remove_source(source_id)
    with pytest.raises(NotFound):
        await task


@pytest.mark.parametrize("content", [b"We open at nine.", b"%PDF-1.7 but not really"])
async def test_a_sync_that_is_cancelled_while_its_page_is_ingested(
    application: Application, project_id: ProjectId, content: bytes
) -> None:
    account_id, database = application.account_id, application.database
    async with database.transaction(account_id) as session:
        knowledge = _knowledge(application, session, project_id)
        source, _ = await Websites(knowledge).add(_SITE)
        sync = await Websites(knowledge).last_sync(source.id)
        assert sync is not None
        media_type = "application/pdf" if content.startswith(b"%PDF") else "text/plain"
        page = IncomingDocument(_SITE.url, content, media_type, url=_SITE.url)
        (document_id,) = (await knowledge.put_documents(source.id, [page])).queued
        await session.execute(
            text("update document set sync_id = :sync_id where id = :id"),
            {"sync_id": sync.id, "id": document_id},
        )
    async with database.transaction(account_id) as session:
        await repository.lock_source(session, source.id)
        ingest = application.ingestion.ingest(account_id, document_id)
        task = await _runs_into_us(application, ingest)
        websites = Websites(_knowledge(application, session, project_id))
        assert (await websites.cancel(source.id, sync.id)).state == "cancelled"
    await task
    async with database.transaction(account_id) as session:
        counted = await Websites(_knowledge(application, session, project_id)).last_sync(source.id)
    assert counted is not None
    assert (counted.state, counted.parsed + counted.failed) == ("cancelled", 1)


async def test_a_sync_that_is_cancelled_while_it_is_given_up(
    application: Application, project_id: ProjectId
) -> None:
    account_id, database = application.account_id, application.database
    async with database.transaction(account_id) as session:
        websites = Websites(_knowledge(application, session, project_id))
        source, _ = await websites.add(_SITE)
        sync = await websites.last_sync(source.id)
    assert sync is not None
    async with database.transaction(account_id) as session:
        await repository.lock_source(session, source.id)
        give_up = application.sync_steps.give_up(account_id, source.id, "no reason")
        task = await _runs_into_us(application, give_up)
        websites = Websites(_knowledge(application, session, project_id))
        assert (await websites.cancel(source.id, sync.id)).state == "cancelled"
    await task
    async with database.transaction(account_id) as session:
        websites = Websites(_knowledge(application, session, project_id))
        assert (await websites.one_sync(source.id, sync.id)).state == "cancelled"


async def test_a_source_that_is_gone_when_its_sync_would_begin(
    application: Application, project_id: ProjectId
) -> None:
    account_id, database = application.account_id, application.database
    async with database.transaction(account_id) as session:
        websites = Websites(_knowledge(application, session, project_id))
        source, _ = await websites.add(_SITE)
        last = await websites.last_sync(source.id)
        assert last is not None
        await websites.cancel(source.id, last.id)

    async def sync() -> None:
        async with database.transaction(account_id) as session:
            await Websites(_knowledge(application, session, project_id)).sync(source.id)

    async with database.transaction(account_id) as session:
        await repository.lock_source(session, source.id)
        task = await _runs_into_us(application, sync())
        await _knowledge(application, session, project_id).remove_source(source.id)
    with pytest.raises(NotFound):
        await task
