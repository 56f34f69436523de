"""Answers that are errors, and connections that end: what counts is what can still be told."""

import asyncio

import pytest

from answerdesk.core.outbound import BadResponse, Outbound, OutboundRequest
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


NO_CONTENT = b"HTTP/1.1 204 No Content\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        (NO_CONTENT + b"\r\n", b"Thank you", 204),
        (NO_CONTENT + b"Content-Length: 9\r\n\r\n", b"Thank you", 204),
        (NO_CONTENT + b"Content-Length: 4\r\n\r\n", b"HTTP", 204),
        (NO_CONTENT + b"Transfer-Encoding: chunked\r\n\r\n", b"2\r\nok\r\n0\r\n\r\n", 204),
        (b"HTTP/1.1 304 Same\r\n\r\n", b"Thank you", 304),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"ok and more", 200),
        (CHUNKED, b"many\r\n", 200),
        (CHUNKED, b"2\r\nok\r\nmany\r\n", 200),
    ],
)
@pytest.mark.parametrize("first", [None, -3, -1, 0, 1])
async def test_a_body_that_is_not_http_never_hides_the_status(
    head: bytes, body: bytes, status: int, first: int | None, outbound: Outbound, site: Served
) -> None:
    """Wherever the network cuts the two, or if it does not."""

    async def tell(_head: str, writer: asyncio.StreamWriter) -> None:
        whole = head + body
        cut = len(whole) if first is None else len(head) + first
        writer.write(whole[:cut])
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(whole[cut:])

    request = OutboundRequest(url=site.raw("/", tell), timeout=PATIENCE, max_redirects=0, cut=True)
    began = asyncio.get_running_loop().time()
    assert (await outbound.fetch("pages", request)).status == status
    assert asyncio.get_running_loop().time() - began < PATIENCE / 4  # It waits for no more of it.


@pytest.mark.parametrize("pause", [False, True])
async def test_a_broken_body_that_matters_is_told_at_once(
    pause: bool, outbound: Outbound, site: Served
) -> None:
    async def tell(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(CHUNKED)
        if pause:
            await writer.drain()
            await asyncio.sleep(0.05)
        writer.write(b"2\r\nok\r\nmany\r\n")
        await writer.drain()
        await asyncio.sleep(PATIENCE)

    with pytest.raises(BadResponse):
        await outbound.fetch("pages", OutboundRequest(url=site.raw("/", tell), timeout=PATIENCE))


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
