"""A server whose webhooks reach this machine, and persons who use everything there is."""

from collections.abc import Iterator

import httpx
import pytest

from tests.accounts.people import Person, join, sign_up
from tests.conftest import Rows, Server, rows_of, serving
from tests.conversations.visitors.site import Site
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """A server whose deliveries fail fast and whose delayed replies take their time."""
    with serving(
        ANSWERDESK_REPLY_DELAYS="3600:100",
        ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8",
        ANSWERDESK_WEBHOOK_SCHEDULE="0,600",
    ) as running:
        yield running


@pytest.fixture(scope="package")
def rows(server: Server) -> Iterator[Rows]:
    """As everywhere, in the database of this server."""
    yield from rows_of(server)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def boss(server: Server) -> Person:
    """The owner of an account of a test's own."""
    return sign_up(server)


@pytest.fixture
def helper(server: Server, boss: Person) -> Person:
    """Somebody who answers visitors there."""
    return join(server, boss, "agent")


@pytest.fixture
def site(boss: Person, visitor: httpx.Client) -> Site:
    return Site(boss.client, visitor)
