"""Certificates are checked, always."""

import asyncio
import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest

from answerdesk.core.outbound import (
    FixedResolver,
    Outbound,
    OutboundPolicy,
    OutboundRequest,
    Unreachable,
)
from tests.core.outbound.certificates import self_signed
from tests.core.outbound.serving import Served, serving

POLICY = OutboundPolicy(networks={"pages": (ip_network("127.0.0.3/32"),)})
NAMES = {name: [["127.0.0.3"]] for name in ("host.example", "other.example")}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed("host.example", tmp_path_factory.mktemp("tls"))


def _server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def _fetch(served: Served, host: str, tls: ssl.SSLContext) -> int:
    outbound = Outbound(POLICY, resolver=FixedResolver(NAMES), tls=tls)
    served.page("/")
    try:
        request = OutboundRequest(url=f"https://{host}:{served.port}/")
        return (await outbound.fetch("pages", request)).status
    finally:
        await outbound.close()


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: Path, tls: ssl.SSLContext
) -> None:
    async with serving(tls=_server(certificate)) as served:
        with pytest.raises(Unreachable, match="certificate") as error:
            await _fetch(served, "host.example", tls)
    assert error.value.code == "tls_failed"
    assert served.asked == []


async def test_a_certificate_for_another_name_is_refused(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with serving(tls=_server(certificate)) as served:
        with pytest.raises(Unreachable, match="certificate") as error:
            await _fetch(served, "other.example", trusting)
        assert error.value.code == "tls_failed"
        assert await _fetch(served, "host.example", trusting) == 200


async def test_a_server_without_tls_is_told_as_such(tls: ssl.SSLContext) -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.3", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Unreachable) as error:
        await _fetch(Served("127.0.0.3", port), "host.example", tls)
    server.close()
    assert error.value.code == "tls_failed"
