"""Programs and sites for the tests of conversations."""

from collections.abc import AsyncIterator

import httpx
import pytest

from answerdesk.bootstrap import running
from answerdesk.core.settings import Settings
from tests.conftest import Desk, Server
from tests.conversations.program import Program
from tests.conversations.visitors.orac import Orac
from tests.conversations.visitors.site import Site


@pytest.fixture
async def program(server: Server, desk: Desk) -> AsyncIterator[Program]:
    """A program of a project that knows nothing."""
    settings = Settings(data_dir=server.data_dir, embedder="fake", demo=False, worker=False)
    async with running(settings) as application:
        yield Program(application, desk)


@pytest.fixture
def site(owner: httpx.Client, visitor: httpx.Client) -> Site:
    return Site(owner, visitor)


@pytest.fixture
def orac(visitor: httpx.Client, site: Site) -> Orac:
    return Orac(visitor, site)
