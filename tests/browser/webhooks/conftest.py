"""A server that may send webhooks to this machine, and a receiver for them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """A server of this folder's own, which tries each delivery only once."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        running = Server(
            Path(folder) / "data",
            ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8",
            ANSWERDESK_WEBHOOK_SCHEDULE="0",
        ).start()
        yield running
        running.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made
