"""Waiting for ingestion ends, whatever becomes of the jobs."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest

from answerdesk.bootstrap import Application, running, working
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ProjectId
from answerdesk.entrypoints.cli.intake.feed import Watch
from answerdesk.entrypoints.cli.intake.survey import Outcome
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects.service import create_project
from tests.entrypoints.installation import Installation, installation
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    with installation() as made:
        yield made


@dataclass
class Waiting:
    application: Application
    project_id: ProjectId
    outcome: Outcome
    watch: Watch

    async def put(self, path: str, text: str) -> UUID:
        """Store a document of the folder `/docs` and watch it."""
        account_id = self.application.account_id
        async with self.application.database.transaction(account_id) as session:
            knowledge = Knowledge(session, account_id, self.project_id)
            source_id = await knowledge.open_source("folder", "/docs", "/docs")
            document = IncomingDocument(path, text.encode(), "text/plain")
            intake = await knowledge.put_documents(source_id, [document])
        self.watch.add("/docs", intake.queued)
        return intake.queued[0]

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(one.location, one.code) for one in self.outcome.problems]


@asynccontextmanager
async def waiting(desk: Installation, patience: float) -> AsyncIterator[Waiting]:
    settings = Settings(data_dir=desk.data_dir, embedder="fake")
    async with running(settings) as application:
        async with application.database.transaction(application.account_id) as session:
            project = await create_project(session, application.account_id, "Waiting")
        outcome = Outcome()
        watch = Watch(application, project.id, outcome, patience=patience)
        await watch.prepare()
        yield Waiting(application, project.id, outcome, watch)


def fail_job(desk: Installation, document_id: UUID) -> None:
    """Do to a document's job what a worker does after its last attempt."""
    with EmbeddedPostgres.start(desk.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            changed = connection.execute(
                "update due_job set state = 'failed', failed_at = now(), error = 'no power',"
                " attempt = 8 where payload->>'document_id' = %s",
                [str(document_id)],
            )
            assert changed.rowcount == 1


async def test_a_job_that_was_given_up_is_told(desk: Installation) -> None:
    async with waiting(desk, patience=1000) as it:
        failed = await it.put("lost.txt", "Some text.")
        await it.put("kept.txt", "Other text.")
        fail_job(desk, failed)
        await it.watch.poll()
        await it.watch.settle(progressed=0.0, now=10.0)
        assert it.problems == [("/docs/lost.txt", "ingestion_failed")]
        assert "after 8 attempts: no power" in it.outcome.problems[0].message
        assert it.watch.pending == 1


async def test_a_job_that_was_given_up_before_is_not_told_again(desk: Installation) -> None:
    async with waiting(desk, patience=1000) as it:
        fail_job(desk, await it.put("again.txt", "Some text."))
        await it.watch.prepare()
        await it.put("again.txt", "Some text.")
        await it.watch.settle(progressed=0.0, now=10.0)
        assert (it.problems, it.watch.pending) == ([], 1)


async def test_when_nothing_moves_it_is_told_and_not_waited_for(desk: Installation) -> None:
    async with waiting(desk, patience=5) as it:
        await it.put("stuck.txt", "Some text.")
        await it.watch.settle(progressed=0.0, now=4.9)
        assert (it.problems, it.watch.pending) == ([], 1)
        await it.watch.settle(progressed=0.0, now=5.1)
        assert it.problems == [("/docs/stuck.txt", "not_finished")]
        assert it.watch.pending == 0


async def test_a_document_that_somebody_removes_is_not_waited_for(desk: Installation) -> None:
    async with waiting(desk, patience=1000) as it:
        gone = await it.put("gone.txt", "Some text.")
        account_id = it.application.account_id
        async with it.application.database.transaction(account_id) as session:
            await Knowledge(session, account_id, it.project_id).remove_document(gone)
        await it.watch.poll()
        assert (it.watch.pending, it.problems, it.outcome.changed) == (0, [], 0)


async def test_what_becomes_searchable_is_counted(desk: Installation) -> None:
    async with waiting(desk, patience=1000) as it:
        await it.put("good.txt", "Some text.")
        await it.put("bad.txt", "")
        async with working(it.application), asyncio.timeout(PATIENCE):
            while it.watch.pending:
                await it.watch.pause(0)
                await it.watch.poll()
        assert (it.outcome.changed, it.outcome.chunks) == (1, 1)
        assert it.problems == [("/docs/bad.txt", "unreadable_document")]
        assert it.outcome.problems[0].message == "the file is empty"
