"""The demo project: made once, on an installation that has nothing else."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from answerdesk.bootstrap import Application, running
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.demo import documents_folder, make_demo, read_documents
from answerdesk.knowledge.service import Knowledge
from answerdesk.projects.service import create_project, list_projects
from tests.ready_database import lay_ready_database


@pytest.fixture
async def application() -> AsyncIterator[Application]:
    """A new installation's parts, without a worker."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = lay_ready_database(Path(folder) / "data")
        settings = Settings(data_dir=data_dir, embedder="fake")
        async with running(settings) as parts:
            yield parts


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
        knowledge = Knowledge(session, application.account_id, demo.id)
        [source] = await knowledge.sources()
        documents = await knowledge.list_documents(source.id, None, 1000)
    expected = [one.path for one in read_documents(documents_folder())]
    assert sorted(one.path for one in documents) == sorted(expected)


def test_only_our_documents_are_taken(tmp_path: Path) -> None:
    for name in ("README.md", "LICENSE", "docs/a.md", "docs/deep/b.md", "docs/c.png", "src/d.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# Title\n")
    assert [one.path for one in read_documents(tmp_path)] == [
        "README.md",
        "docs/a.md",
        "docs/deep/b.md",
    ]
    assert read_documents(tmp_path / "nothing") == []


def test_a_checkout_has_its_own_documents() -> None:
    paths = [one.path for one in read_documents(documents_folder())]
    assert {"README.md", "CONTRIBUTING.md", "docs/README.md"} <= set(paths)
