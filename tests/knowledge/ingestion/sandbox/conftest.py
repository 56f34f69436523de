"""A pool of children with tight limits."""

from collections.abc import AsyncIterator

import pytest

from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from tests.knowledge.ingestion.sandbox.support import LIMITS


@pytest.fixture
async def parsing() -> AsyncIterator[ParsingProcess]:
    pool = ParsingProcess(LIMITS)
    yield pool
    await pool.close()
    assert pool.pids == frozenset()
