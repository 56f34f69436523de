"""People and a site for the tests of the inbox."""

import httpx
import pytest

from tests.conftest import Server
from tests.inbox.team import Team


@pytest.fixture
def team(server: Server, visitor: httpx.Client) -> Team:
    return Team(server, visitor)
