"""A PostgreSQL of these tests' own, and a project to fill and to ask."""

from collections.abc import AsyncIterator, Iterator

import pytest

from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from tests.knowledge.search.library import Library, running_postgres, runtime_database


@pytest.fixture(scope="package")
def postgres() -> Iterator[EmbeddedPostgres]:
    yield from running_postgres()


@pytest.fixture
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    async for database in runtime_database(postgres):
        yield database


@pytest.fixture
async def library(database: Database) -> Library:
    return await Library.open(database)
