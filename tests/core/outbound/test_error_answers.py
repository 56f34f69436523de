"""Answers that are errors, and connections that end: what counts is what can still be told."""

import asyncio

import pytest

from answerdesk.core.outbound import Outbound, OutboundRequest
from tests.core.outbound.serving import Served
from tests.waiting import PATIENCE

LIMIT = 10_000


@pytest.mark.parametrize(
    ("status", "cut"), [(404, False), (410, False), (500, False), (200, True), (302, True)]
)
async def test_the_body_of_an_error_never_hides_its_status(
    status: int, cut: bool, outbound: Outbound, site: Served
) -> None:
    """Nor any body, if only the status matters to who asks."""
    head = f"HTTP/1.1 {status} X\r\n".encode()
    bodies = {
        b"a" * LIMIT: b"\r\n" + b"a" * 50_000,
        b"cut": b"Content-Length: 100\r\n\r\ncut",
        b"": b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
    }
    for expected, rest in bodies.items():
        url = site.raw("/error", head + rest)
        request = OutboundRequest(url=url, max_bytes=LIMIT, max_redirects=0, cut=cut)
        response = await outbound.fetch("pages", request)
        assert (response.status, response.body) == (status, expected)


@pytest.mark.parametrize(("status", "cut"), [(404, False), (500, False), (200, True)])
async def test_the_body_of_an_error_is_not_waited_for(
    status: int, cut: bool, outbound: Outbound, site: Served
) -> None:
    """Not to a page's limit, since nobody reads it, and not to the deadline."""

    async def drip(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status} X\r\n\r\n".encode() + b"a" * 200)
        while not writer.is_closing():
            await writer.drain()
            await asyncio.sleep(0.02)

    request = OutboundRequest(url=site.raw("/slow", drip), timeout=PATIENCE, cut=cut)
    assert (await outbound.fetch("pages", request)).status == status

    sent = 0

    async def flood(_head: str, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(f"HTTP/1.1 {status} X\r\n\r\n".encode())
        for _ in range(10_000):
            writer.write(b"a" * 1_000)
            await writer.drain()
            sent += 1_000

    request = OutboundRequest(url=site.raw("/flood", flood), max_bytes=20_000_000, cut=cut)
    answer = await outbound.fetch("pages", request)
    assert (answer.status, len(answer.body)) == (status, 64 * 1024)
    assert sent < 10_000_000


async def test_a_kept_connection_that_the_server_closes_is_made_anew(
    outbound: Outbound, site: Served
) -> None:
    """A server may say that it keeps a connection and close it: each request is answered."""

    async def and_close(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok")
        await writer.drain()

    url = site.raw("/short", and_close)
    for _ in range(20):
        response = await outbound.fetch("pages", OutboundRequest(url=url))
        assert (response.status, response.body) == (200, b"ok")
    assert len(site.asked) == 20
