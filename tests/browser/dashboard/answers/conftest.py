"""A server with a reranker, a model and the owner's actions on this machine."""

from collections.abc import Iterator

import pytest

from tests.agents.language_models.conftest import NETWORKS
from tests.conftest import Rows, Server, rows_of, serving
from tests.providers.reranking_service import RerankServer
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture(scope="package")
def reranking() -> Iterator[RerankServer]:
    service = RerankServer()
    yield service
    service.stop()


@pytest.fixture(scope="package")
def server(reranking: RerankServer) -> Iterator[Server]:
    settings = {
        "ANSWERDESK_RERANKER_URL": reranking.url,
        "ANSWERDESK_RERANKER_KIND": "tei",
        "ANSWERDESK_RERANKER_SECONDS": "10",
        "ANSWERDESK_ACTION_NETWORKS": "127.0.0.0/8",
    }
    with serving(**NETWORKS, **settings) as running:
        yield running


@pytest.fixture(scope="package")
def rows(server: Server) -> Iterator[Rows]:
    """As everywhere, in the database of this server."""
    yield from rows_of(server)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made
