"""A document whose ingestion never works out is told as failed, and can be put in again."""

from contextlib import nullcontext
from uuid import UUID

import pytest

from answerdesk.bootstrap import Application
from answerdesk.core.due import Job, JsonValue
from answerdesk.core.errors import Unavailable
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.ingestion.types import Prepare, PreparedDocument
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.tasks import INGEST, registrations
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects.service import create_project


async def _put(application: Application, content: bytes) -> tuple[ProjectId, UUID]:
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        project = await create_project(session, account_id, "Test")
        knowledge = Knowledge(session, account_id, project.id)
        source_id = await knowledge.open_source("text", "Hours")
        document = IncomingDocument("hours.txt", content, "text/plain")
        intake = await knowledge.put_documents(source_id, [document])
    return project.id, intake.queued[0]


async def test_a_document_that_is_given_up_says_why_and_can_be_tried_again(
    application: Application,
) -> None:
    project_id, document_id = await _put(application, b"We open at nine.")
    await application.ingestion.give_up(application.account_id, document_id, "the model is away")
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, project_id)
        failed = await knowledge.document(document_id)
        assert (failed.status, failed.error_code) == ("failed", "ingestion_failed")
        assert "hours.txt" in str(failed.error)
        assert "the model is away" in str(failed.error)
        # The same bytes again are not "unchanged": they were never taken in.
        again = IncomingDocument("hours.txt", b"We open at nine.", "text/plain")
        intake = await knowledge.put_documents(failed.source_id, [again])
        assert intake.queued == (document_id,)
    await application.ingestion.ingest(application.account_id, document_id)
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, project_id)
        assert (await knowledge.document(document_id)).status == "ready"


async def test_giving_up_what_is_ready_changes_nothing(application: Application) -> None:
    project_id, document_id = await _put(application, b"We open at nine.")
    await application.ingestion.ingest(application.account_id, document_id)
    await application.ingestion.give_up(application.account_id, document_id, "too late")
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, project_id)
        assert (await knowledge.document(document_id)).status == "ready"


async def test_what_another_worker_could_read_has_not_failed(application: Application) -> None:
    project_id, document_id = await _put(application, b"We open at nine.")

    async def too_late(content: bytes, media_type: str, name: str) -> PreparedDocument:
        await application.ingestion.ingest(application.account_id, document_id)
        raise UnreadableDocument("no text", reason="empty")

    ingestion = Ingestion(application.database, application.embedders, too_late)
    await ingestion.ingest(application.account_id, document_id)
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, project_id)
        assert (await knowledge.document(document_id)).status == "ready"


async def _fails(content: bytes, media_type: str, name: str) -> PreparedDocument:
    raise RuntimeError("a fault of ours")


async def _is_away(content: bytes, media_type: str, name: str) -> PreparedDocument:
    raise Unavailable("The service is away.")


@pytest.mark.parametrize(
    ("prepare", "attempt", "raised", "status"),
    [
        (_fails, 7, RuntimeError, "pending"),
        (_fails, 8, None, "failed"),
        (_is_away, 8, Unavailable, "pending"),
        (_is_away, 200, Unavailable, "pending"),
    ],
    ids=["a-fault-is-tried-again", "but-not-for-ever", "what-is-away-is-waited-for", "for-days"],
)
async def test_a_fault_ends_the_attempts_and_an_outage_does_not(
    application: Application,
    prepare: Prepare,
    attempt: int,
    raised: type[Exception] | None,
    status: str,
) -> None:
    project_id, document_id = await _put(application, b"We open at nine.")
    ingestion = Ingestion(application.database, application.embedders, prepare)
    payload: dict[str, JsonValue] = {"document_id": str(document_id)}
    job = Job(1, INGEST, application.account_id, payload, attempt)
    ingest = registrations(ingestion)[INGEST].handler
    with pytest.raises(raised) if raised is not None else nullcontext():
        await ingest(job)
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, project_id)
        assert (await knowledge.document(document_id)).status == status
