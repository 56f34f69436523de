"""Pages of websites are read again from their stored bytes, and have not changed by that."""

from uuid import UUID

from sqlalchemy import text

from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.pages.types import Page
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import IncomingDocument, SourceSettings
from tests.knowledge.rereading.older import HANDBOOK, Older, garbled

_URL = "https://example.com/"
_PAGE = text(
    "insert into page (account_id, id, project_id, source_id, url, found_by, state, document_id)"
    " values (:account_id, gen_random_uuid(), :project_id, :source_id, :url, 'start', 'good',"
    " :document_id)"
)


async def fetch(project: Older) -> tuple[UUID, UUID]:
    """Store a fetched page; returns the ids of its source and its document."""
    async with project.project.database.transaction(project.account_id) as session:
        knowledge = Knowledge(session, project.account_id, project.project_id)
        new = NewSource("page", _URL, None, SourceSettings(), None)
        source, _ = await Websites(knowledge).add(new)
        document = IncomingDocument(_URL, HANDBOOK.encode(), "text/markdown", url=_URL)
        (document_id,) = (await knowledge.put_documents(source.id, [document])).queued
        page = {"project_id": project.project_id, "source_id": source.id, "url": _URL}
        ids = {"account_id": project.account_id, "document_id": document_id}
        await session.execute(_PAGE, {**page, **ids})
    return source.id, document_id


async def page_of(project: Older, source_id: UUID) -> Page:
    async with project.project.database.transaction(project.account_id) as session:
        websites = Websites(Knowledge(session, project.account_id, project.project_id))
        (page,) = await websites.list_pages(source_id, None, None, 10)
    return page


async def read_garbled(content: bytes, media_type: str, name: str) -> PreparedDocument:
    return garbled(await prepare_in_thread(content, media_type, name))


async def refuse(content: bytes, media_type: str, name: str) -> PreparedDocument:
    del content, media_type, name
    raise UnreadableDocument("The page has no text.", reason="no_text")


async def test_a_page_is_read_again_without_a_fetch_and_has_not_changed(project: Older) -> None:
    source_id, document_id = await fetch(project)
    await project.ingestion(read_garbled).ingest(project.account_id, document_id)
    project.age(document_id)
    before = await page_of(project, source_id)
    assert any("Køln" in text for text in project.chunks(document_id))
    await project.read_again()
    assert not any("Køln" in text for text in project.chunks(document_id))
    after = await page_of(project, source_id)
    assert (after.state, after.changed_at) == ("good", before.changed_at)
    assert after.chunk_count == 3


async def test_a_page_that_could_not_be_read_is_good_once_it_is_read(project: Older) -> None:
    source_id, document_id = await fetch(project)
    await project.ingestion(refuse).ingest(project.account_id, document_id)
    failed = await page_of(project, source_id)
    assert (failed.state, failed.reason_code) == ("failed", UnreadableDocument.code)
    project.age(document_id)
    await project.read_again()
    page = await page_of(project, source_id)
    assert (page.state, page.reason_code, page.reason) == ("good", None, None)
    assert page.title == "Handbook"


async def test_a_page_that_its_website_no_longer_has_stays_failed(project: Older) -> None:
    source_id, document_id = await fetch(project)
    await project.ingestion(refuse).ingest(project.account_id, document_id)
    project.age(document_id)
    project.admin.execute(
        "update page set reason_code = 'http_error', reason = 'Away.' where document_id = %s",
        (document_id,),
    )
    await project.read_again()
    page = await page_of(project, source_id)
    assert (page.state, page.reason_code) == ("failed", "http_error")
    assert (await project.document(document_id)).status == "ready"
