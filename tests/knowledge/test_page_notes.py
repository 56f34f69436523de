"""What ingestion notes of a page: its content, and not whether the website has it still."""

from sqlalchemy import text

from answerdesk.bootstrap import Application
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import IncomingDocument, SourceSettings
from answerdesk.projects.service import create_project

_URL = "https://example.com/"
_FAILED_SINCE = text(
    "insert into page (account_id, id, project_id, source_id, url, found_by, state, reason_code,"
    " document_id) values (:account_id, gen_random_uuid(), :project_id, :source_id, :url, 'start',"
    " 'failed', 'http_error', :document_id)"
)


async def test_a_page_that_failed_since_is_not_good_because_its_content_is_taken_in(
    application: Application,
) -> None:
    account_id, database = application.account_id, application.database
    async with database.transaction(account_id) as session:
        project = await create_project(session, account_id, "Test")
        knowledge = Knowledge(session, account_id, project.id)
        new = NewSource("page", _URL, None, SourceSettings(), None)
        source, _ = await Websites(knowledge).add(new)
        document = IncomingDocument(_URL, b"We open at nine.", "text/plain", "Hours")
        (document_id,) = (await knowledge.put_documents(source.id, [document])).queued
        page = {"project_id": project.id, "source_id": source.id, "url": _URL}
        ids = {"account_id": account_id, "document_id": document_id}
        await session.execute(_FAILED_SINCE, {**page, **ids})
    await application.ingestion.ingest(account_id, document_id)
    async with database.transaction(account_id) as session:
        websites = Websites(Knowledge(session, account_id, project.id))
        (noted,) = await websites.list_pages(source.id, None, None, 10)
    assert (noted.title, noted.chunk_count) == ("Hours", 1)
    assert noted.changed_at is not None
    assert (noted.state, noted.reason_code) == ("failed", "http_error")
