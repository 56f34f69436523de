"""Steps of a sync one by one, in this process: while it takes in, and when it has ended."""

from uuid import UUID

import pytest
from sqlalchemy import text

from answerdesk.bootstrap import Application
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.pages.types import Sync
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.closing import is_mass
from answerdesk.knowledge.sync.repository.removals import MissingCount
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import IncomingDocument, SourceSettings
from answerdesk.projects import repository as projects
from answerdesk.projects.service import create_project

_SITE = NewSource("site", "https://example.com/", "Example", SourceSettings(), 24)
_NEXT = text(
    "delete from due_job where name = 'knowledge.sync'"
    " returning extract(epoch from run_at - clock_timestamp())::float8"
)
_TAKES_IN = text(
    "with brought as (update document set sync_id = :sync_id where account_id = :account_id)"
    " update sync set state = 'indexing', started_at = now() where account_id = :account_id"
)


class Site:
    """A website that has been read, and whose only document waits to be taken in."""

    def __init__(self, application: Application, project_id: ProjectId, sync: Sync) -> None:
        self._application = application
        self.project_id = project_id
        self.source_id = sync.source_id
        self.sync_id = sync.id

    async def step(self) -> float | None:
        """Do a step; returns in how many seconds the next is due, None if there is none."""
        application = self._application
        await application.sync_steps.step(application.account_id, self.source_id)
        async with application.database.transaction(application.account_id) as session:
            seconds: float | None = await session.scalar(_NEXT)
        return seconds

    async def sync(self) -> Sync:
        """Return the sync as it is now."""
        application = self._application
        async with application.database.transaction(application.account_id) as session:
            knowledge = Knowledge(session, application.account_id, self.project_id)
            return await Websites(knowledge).one_sync(self.source_id, self.sync_id)


@pytest.fixture
async def waiting(application: Application) -> tuple[Site, UUID]:
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        project = await create_project(session, account_id, "Test")
        knowledge = Knowledge(session, account_id, project.id)
        websites = Websites(knowledge)
        source, _ = await websites.add(_SITE)
        document = IncomingDocument("https://example.com/", b"We open at nine.", "text/plain")
        (document_id,) = (await knowledge.put_documents(source.id, [document])).queued
        sync = await websites.last_sync(source.id)
        assert sync is not None
        await session.execute(_TAKES_IN, {"account_id": account_id, "sync_id": sync.id})
        await session.execute(_NEXT)
    return Site(application, project.id, sync), document_id


async def test_an_embedder_that_is_away_is_asked_about_ever_less_often(
    waiting: tuple[Site, UUID],
) -> None:
    site, _ = waiting
    delays = [await site.step() or 0.0 for _ in range(12)]
    assert delays == sorted(delays, key=lambda delay: round(delay, 1))
    assert 0 < delays[0] < 1
    assert 10 < delays[-1] <= 15


async def test_a_sync_can_be_cancelled_while_it_takes_in_and_what_is_on_its_way_goes_on(
    application: Application, waiting: tuple[Site, UUID]
) -> None:
    site, document_id = waiting
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        websites = Websites(Knowledge(session, account_id, site.project_id))
        assert (await websites.cancel(site.source_id, site.sync_id)).state == "cancelled"
    # Only the next day's is due, and a step that comes too early waits for it again.
    for _ in range(2):
        delay = await site.step()
        assert delay is not None
        assert delay > 20 * 3600
    await application.ingestion.ingest(account_id, document_id)
    ended = await site.sync()
    assert (ended.state, ended.parsed, ended.indexing) == ("cancelled", 1, 0)


@pytest.mark.parametrize("gone", ["source", "project"])
async def test_a_step_of_what_is_gone_does_nothing(
    application: Application, waiting: tuple[Site, UUID], gone: str
) -> None:
    site, document_id = waiting
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        if gone == "source":
            await Knowledge(session, account_id, site.project_id).remove_source(site.source_id)
        else:
            await projects.mark_deleted(session, site.project_id)
    assert await site.step() is None
    await application.sync_steps.give_up(account_id, site.source_id, "no reason")
    await application.ingestion.give_up(account_id, document_id, "no reason")


@pytest.mark.parametrize(
    ("gone", "of", "held"),
    [
        (1, 1, False),
        (1, 2, False),
        (2, 2, True),
        (3, 4, False),
        (4, 4, True),
        (4, 5, False),
        (5, 9, True),
        (5, 10, False),
        (6, 11, True),
        (50, 100, False),
        (51, 100, True),
    ],
)
def test_most_of_five_and_more_or_all_of_two_and_more_are_held(
    gone: int, of: int, held: bool
) -> None:
    assert is_mass(MissingCount(gone, by_owner=0, of=of)) is held
