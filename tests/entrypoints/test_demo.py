"""The demo project: made once, on an installation that has nothing else, and kept up to date."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from answerdesk.bootstrap import Application, running
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.selection import choose_project
from answerdesk.entrypoints.demo import make_demo, read_pages
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects.service import create_project, list_projects
from answerdesk.projects.types import Project
from tests.ready_database import lay_ready_database


@pytest.fixture
async def application() -> AsyncIterator[Application]:
    """A new installation's parts, without a worker."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = lay_ready_database(Path(folder) / "data")
        settings = Settings(data_dir=data_dir, embedder="fake")
        async with running(settings) as parts:
            yield parts


async def demo_of(application: Application) -> Project:
    made = await make_demo(application)
    assert made is not None
    return made


async def pages_of(application: Application, demo: Project) -> dict[str, str]:
    """Return the state of each document of the demo, by its path."""
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, demo.id)
        [source] = await knowledge.sources()
        documents = await knowledge.list_documents(source.id, None, 1000)
    return {one.path: one.status for one in documents}


async def test_an_installation_in_use_gets_no_demo(application: Application) -> None:
    async with application.database.transaction(application.account_id) as session:
        shop = await create_project(session, application.account_id, "Shop")
    assert await make_demo(application) is None
    async with application.database.transaction(application.account_id) as session:
        assert await list_projects(session) == [shop]


async def test_it_is_made_once_however_many_begin_at_once(application: Application) -> None:
    made = await asyncio.gather(*(make_demo(application) for _ in range(8)))
    [demo] = [project for project in made if project is not None]
    assert demo.demo
    assert await make_demo(application) is None
    async with application.database.transaction(application.account_id) as session:
        assert await list_projects(session) == [demo]
    assert (await pages_of(application, demo)).keys() == {one.path for one in read_pages()}


async def test_the_demo_of_an_earlier_version_gets_the_pages_of_this_one(
    application: Application,
) -> None:
    demo = await demo_of(application)
    old = IncomingDocument(
        "docs/old.md", b"# Old\n\nA page of an earlier version.\n", "text/markdown"
    )
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, demo.id)
        [source] = await knowledge.sources()
        await knowledge.put_documents(source.id, [old], present_paths=frozenset({old.path}))
        own = await knowledge.open_source("text", "Their own")
        await knowledge.put_documents(own, [old])
    assert await make_demo(application) is None
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, demo.id)
        shown = {
            source.name: {one.path for one in await knowledge.list_documents(source.id, None, 1000)}
            for source in await knowledge.sources()
        }
    assert shown == {
        "Answerdesk's documentation": {one.path for one in read_pages()},
        "Their own": {old.path},
    }


async def test_pages_that_somebody_removed_from_the_demo_stay_away(
    application: Application,
) -> None:
    demo = await demo_of(application)
    async with application.database.transaction(application.account_id) as session:
        knowledge = Knowledge(session, application.account_id, demo.id)
        [source] = await knowledge.sources()
        await knowledge.remove_source(source.id)
    assert await make_demo(application) is None
    async with application.database.transaction(application.account_id) as session:
        assert not await Knowledge(session, application.account_id, demo.id).sources()


async def test_commands_work_on_the_demo_only_until_there_is_another(
    application: Application,
) -> None:
    demo = await demo_of(application)
    assert await choose_project(application, None) == demo
    async with application.database.transaction(application.account_id) as session:
        shop = await create_project(session, application.account_id, "Shop")
    assert await choose_project(application, None) == shop
    assert await choose_project(application, demo.name) == demo


def test_its_pages_lie_in_the_package_which_is_the_wheel() -> None:
    pages = read_pages()
    assert 8 <= len(pages) <= 12
    for page in pages:
        assert page.content.startswith(b"# ")
