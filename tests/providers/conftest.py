"""One loaded model for all tests of a file: loading takes longer than most of them."""

import asyncio
from collections.abc import Iterator

import pytest

from answerdesk.providers.minilm import MiniLmEmbedder


@pytest.fixture(scope="session")
def minilm() -> Iterator[MiniLmEmbedder]:
    embedder = MiniLmEmbedder(threads=2)
    yield embedder
    asyncio.run(embedder.close())
