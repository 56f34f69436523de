"""A server that may call models on this machine, and a service there that answers."""

from collections.abc import Iterator

import pytest

from tests.agents.language_models.conftest import CHAT, NETWORKS, says
from tests.conftest import Rows, Server, rows_of, serving
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with serving(**NETWORKS) as running:
        yield running


@pytest.fixture(scope="package")
def rows(server: Server) -> Iterator[Rows]:
    """As everywhere, in the database of this server."""
    yield from rows_of(server)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        made.at(CHAT, says("ok"))
        yield made
