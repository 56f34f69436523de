"""A step that is run again because its worker died goes on a page at a time."""

import tempfile
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from answerdesk.bootstrap import Application, running
from answerdesk.core.due import Job
from answerdesk.core.settings import Settings
from answerdesk.knowledge.pages.tasks import SYNC
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.sync.tasks import registrations
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import SourceSettings
from answerdesk.projects.service import create_project
from tests.ready_database import lay_ready_database
from tests.websites import Website, manual

_PAGES = 12


@pytest.fixture
async def application() -> AsyncIterator[Application]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        settings = Settings(
            data_dir=lay_ready_database(Path(folder)),
            embedder="fake",
            page_networks=(ip_network("127.0.0.0/8"),),
            crawl_delay=0,
        )
        async with running(settings) as application:
            yield application


async def _looked_at(application: Application, site: Website, attempts: list[int]) -> list[int]:
    """Run the job of a new source with these attempts; returns the pages fetched after each."""
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        project = await create_project(session, account_id, "Test")
        websites = Websites(Knowledge(session, account_id, project.id))
        source, _ = await websites.add(NewSource("site", site.url, "Manual", SourceSettings(), 24))
    step = registrations(application.sync_steps)[SYNC].handler
    fetched = []
    for attempt in attempts:
        await step(Job(1, SYNC, account_id, {"source_id": str(source.id)}, attempt))
        async with application.database.transaction(account_id) as session:
            knowledge = Knowledge(session, account_id, project.id)
            sync = await Websites(knowledge).last_sync(source.id)
        assert sync is not None
        fetched.append(sync.fetched)
    return fetched


async def test_a_step_that_did_not_come_to_its_end_is_repeated_for_one_page(
    application: Application, site: Website
) -> None:
    site.put(manual(_PAGES).all_html())
    assert await _looked_at(application, site, [2, 3, 1]) == [1, 2, _PAGES]


async def test_a_step_looks_at_many_pages(application: Application, site: Website) -> None:
    site.put(manual(_PAGES).all_html())
    assert await _looked_at(application, site, [1]) == [_PAGES]
