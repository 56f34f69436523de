"""The last look: at the address that a socket is opened to, whatever was judged before."""

import ssl
from collections.abc import AsyncIterator, Sequence
from ipaddress import IPv4Address, IPv6Address

import pytest
from aiohttp import ClientConnectorError, ClientSession, ClientTimeout

from answerdesk.core.outbound import (
    AddressRefused,
    FixedResolver,
    Outbound,
    OutboundPolicy,
    OutboundRequest,
)
from answerdesk.core.outbound.connecting import guarded_session
from answerdesk.core.outbound.guard import DEFAULT_PORTS, Guard
from tests.core.outbound.listening import Listener
from tests.core.outbound.tricky import PUBLIC
from tests.waiting import PATIENCE


class Turncoat(IPv4Address):
    """An address that is public when it is judged, and loopback when it is connected to."""

    def __str__(self) -> str:
        return "127.0.0.1"


class Rebinding:
    """A resolver whose answer changes after it was checked."""

    def __init__(self, *more: IPv4Address | IPv6Address) -> None:
        self._more = more

    async def resolve(self, _host: str, /) -> Sequence[IPv4Address | IPv6Address]:
        return [Turncoat(PUBLIC), *self._more]

    async def close(self) -> None:
        return


@pytest.fixture
def policy(listener: Listener) -> OutboundPolicy:
    """Nothing private allowed, and the listener's ports open."""
    return OutboundPolicy(ports=DEFAULT_PORTS | set(listener.ports))


@pytest.fixture
async def session(policy: OutboundPolicy, tls: ssl.SSLContext) -> AsyncIterator[ClientSession]:
    """The library's session, asked without anything that looks before it."""
    resolver = FixedResolver({"loopback.example": [["127.0.0.1"]]})
    async with guarded_session(
        Guard(policy, "pages"), resolver, connect_seconds=PATIENCE, tls=tls
    ) as unprotected:
        yield unprotected


@pytest.mark.parametrize("more", [(), (IPv6Address("::1"), IPv4Address("127.0.0.2"))])
async def test_an_answer_that_changes_after_the_check_is_refused(
    more: tuple[IPv4Address | IPv6Address, ...],
    policy: OutboundPolicy,
    listener: Listener,
    tls: ssl.SSLContext,
) -> None:
    outbound = Outbound(policy, resolver=Rebinding(*more), tls=tls)
    request = OutboundRequest(url=f"http://rebinds.example:{listener.port}/", timeout=PATIENCE)
    with pytest.raises(AddressRefused):
        await outbound.fetch("pages", request)
    await outbound.close()
    assert listener.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]"])
async def test_a_literal_that_nobody_looked_up_is_refused(
    host: str, session: ClientSession, listener: Listener
) -> None:
    with pytest.raises(ClientConnectorError, match="No request is sent to"):
        await session.get(f"http://{host}:{listener.port}/", timeout=ClientTimeout(total=PATIENCE))
    assert listener.connections == 0


async def test_a_name_is_refused_before_there_is_a_socket(
    session: ClientSession, listener: Listener
) -> None:
    with pytest.raises(AddressRefused):
        await session.get(
            f"http://loopback.example:{listener.port}/", timeout=ClientTimeout(total=PATIENCE)
        )
    assert listener.connections == 0


async def test_the_environments_proxy_is_not_asked(
    outbound: Outbound, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    with pytest.raises(AddressRefused):
        await outbound.fetch("pages", OutboundRequest(url="http://loopback.example/"))
    assert listener.connections == 0
