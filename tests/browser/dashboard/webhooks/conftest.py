"""A server that may send webhooks to this machine, and a receiver for them."""

from collections.abc import Iterator

import pytest

from tests.conftest import Server, serving
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """A server of this folder's own, which tries each delivery only once."""
    with serving(
        ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8", ANSWERDESK_WEBHOOK_SCHEDULE="0"
    ) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made
