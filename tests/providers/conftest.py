"""One loaded model for all tests of a file: loading takes longer than most of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from answerdesk.core.outbound import Outbound
from answerdesk.providers.e5.embedder import E5Embedder
from answerdesk.providers.minilm import MiniLmEmbedder
from answerdesk.providers.openai_embedder import EmbeddingService, OpenAiEmbedder
from tests.providers.embedding_service import KEY, MODEL, EmbeddingsServer, loopback_outbound


@pytest.fixture(scope="session")
def minilm() -> Iterator[MiniLmEmbedder]:
    embedder = MiniLmEmbedder(threads=2)
    yield embedder
    asyncio.run(embedder.close())


@pytest.fixture(scope="session")
def e5() -> Iterator[E5Embedder]:
    embedder = E5Embedder(threads=2)
    yield embedder
    asyncio.run(embedder.close())


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddingsServer]:
    server = EmbeddingsServer()
    yield server
    server.stop()


@pytest.fixture
def server(running: EmbeddingsServer) -> EmbeddingsServer:
    running.reset()
    return running


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    client = loopback_outbound()
    yield client
    await client.close()


@pytest.fixture
def embedder(server: EmbeddingsServer, outbound: Outbound) -> OpenAiEmbedder:
    return OpenAiEmbedder(outbound, EmbeddingService(server.url, MODEL, KEY))
