"""A PostgreSQL of these tests' own, with all tables."""

from collections.abc import Iterator

import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.ready_database import ready_postgres


@pytest.fixture(scope="package")
def postgres() -> Iterator[EmbeddedPostgres]:
    with ready_postgres() as server:
        yield server
