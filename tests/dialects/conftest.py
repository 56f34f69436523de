"""What several dialects' tests need."""

from collections.abc import AsyncIterator

import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Rows, Server
from tests.dialects.recorded import Recorded
from tests.knowledge.search.library import runtime_database


@pytest.fixture
async def recorded(server: Server, rows: Rows) -> AsyncIterator[Recorded]:
    """The events that the server has recorded."""
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        async for database in runtime_database(postgres):
            yield Recorded(database, rows)
