"""A client that tests can watch, and servers that it may or may not reach."""

import ssl
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network

import pytest

from answerdesk.core.outbound import FixedResolver, Outbound, OutboundPolicy
from answerdesk.core.outbound.guard import DEFAULT_PORTS
from tests.core.outbound.listening import Listener, RecordingSockets, listening
from tests.core.outbound.serving import Served, serving
from tests.core.outbound.tricky_names import NAMES


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """Loopback addresses that nobody may connect to."""
    with listening() as there:
        yield there


@pytest.fixture
def sockets() -> RecordingSockets:
    """The sockets of the client."""
    return RecordingSockets()


@pytest.fixture
async def site() -> AsyncIterator[Served]:
    """A server at an address that the operator allows for pages."""
    async with serving("127.0.0.3") as served:
        yield served


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    """The system's certificates, which take longer to read than any test here to run."""
    return ssl.create_default_context()


@pytest.fixture
async def outbound(
    listener: Listener, sockets: RecordingSockets, tls: ssl.SSLContext
) -> AsyncIterator[Outbound]:
    """A client that may fetch pages from 127.0.0.3, beside public addresses.

    The listener's ports are open to it: were an address not refused, it would get there.
    """
    policy = OutboundPolicy(
        networks={"pages": (ip_network("127.0.0.3/32"),)},
        ports=DEFAULT_PORTS | set(listener.ports),
    )
    client = Outbound(policy, resolver=FixedResolver(NAMES), open_socket=sockets, tls=tls)
    yield client
    await client.close()
