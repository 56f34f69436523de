"""A PostgreSQL of this package's own, and projects with documents that an older reader has read."""

from collections.abc import AsyncIterator, Iterator

import pytest

from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from tests.knowledge.rereading.older import Older
from tests.knowledge.search.library import (
    Admin,
    connected_admin,
    running_postgres,
    runtime_database,
)
from tests.knowledge.spaces.changing import Changing


@pytest.fixture(scope="package")
def postgres() -> Iterator[EmbeddedPostgres]:
    yield from running_postgres()


@pytest.fixture
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    async for database in runtime_database(postgres):
        yield database


@pytest.fixture
def admin(postgres: EmbeddedPostgres) -> Iterator[Admin]:
    yield from connected_admin(postgres)


@pytest.fixture
async def project(database: Database, admin: Admin) -> Older:
    return Older(await Changing.open(database, admin))
