"""A document is called as what answers now says, also while its next content waits."""

import tempfile
from pathlib import Path

from answerdesk.bootstrap import running
from answerdesk.core.settings import Settings
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects.service import create_project
from tests.ready_database import lay_ready_database

_FIRST = b"<title>Opening hours</title><p>We open at nine.</p>"
_SECOND = b"<title>Times</title><p>We open at ten.</p>"


async def test_a_changed_page_keeps_its_title_until_the_new_one_is_read() -> None:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        settings = Settings(data_dir=lay_ready_database(Path(folder)), embedder="fake")
        async with running(settings) as application:
            account_id = application.account_id
            async with application.database.transaction(account_id) as session:
                project = await create_project(session, account_id, "Test")
            titles = []
            for content in (_FIRST, _SECOND):
                async with application.database.transaction(account_id) as session:
                    knowledge = Knowledge(session, account_id, project.id)
                    source_id = await knowledge.open_source("text", "Hours", "hours")
                    document = IncomingDocument("https://a.example/hours", content, "text/html")
                    (document_id,) = (await knowledge.put_documents(source_id, [document])).queued
                    titles.append((await knowledge.document(document_id)).title)
                await application.ingestion.ingest(account_id, document_id)
                async with application.database.transaction(account_id) as session:
                    knowledge = Knowledge(session, account_id, project.id)
                    titles.append((await knowledge.document(document_id)).title)
            assert titles == [None, "Opening hours", "Opening hours", "Times"]
