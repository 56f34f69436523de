"""A help desk that learns."""

import httpx
import pytest

from tests.conftest import Rows, Server
from tests.inbox.team import Team
from tests.insights.desk import LearningDesk


@pytest.fixture
def learning(server: Server, visitor: httpx.Client, rows: Rows) -> LearningDesk:
    return LearningDesk(Team(server, visitor), rows)
