"""Responses that are read as they arrive, within the same limits as others."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from answerdesk.core.outbound import (
    AddressRefused,
    BadResponse,
    HeaderRefused,
    Outbound,
    OutboundError,
    OutboundRequest,
    ResponseTooLarge,
    Unreachable,
)
from tests.core.outbound.serving import Served

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


async def pieces(outbound: Outbound, request: OutboundRequest) -> AsyncIterator[bytes]:
    async with outbound.stream("pages", request) as response:
        async for piece in response.pieces():
            yield piece


async def body(outbound: Outbound, request: OutboundRequest) -> bytes:
    return b"".join([piece async for piece in pieces(outbound, request)])


async def test_a_private_address_is_refused(outbound: Outbound) -> None:
    with pytest.raises(AddressRefused):
        await body(outbound, OutboundRequest(url="http://127.0.0.1/"))


async def test_a_header_that_is_not_the_callers_is_refused(
    outbound: Outbound, site: Served
) -> None:
    with pytest.raises(HeaderRefused):
        await body(outbound, OutboundRequest(url=site.url, headers={"Host": "elsewhere"}))


async def test_more_than_was_asked_for_is_refused(outbound: Outbound, site: Served) -> None:
    url = site.raw("/long", HEAD + b"x" * 5000)
    with pytest.raises(ResponseTooLarge):
        await body(outbound, OutboundRequest(url=url, max_bytes=4999))
    assert len(await body(outbound, OutboundRequest(url=url, max_bytes=5000))) == 5000


async def test_a_compressed_stream_is_refused(outbound: Outbound, site: Served) -> None:
    url = site.page("/packed", b"\x1f\x8b", "Content-Encoding: gzip")
    with pytest.raises(BadResponse):
        await body(outbound, OutboundRequest(url=url))
    assert "identity" in site.asked[0]


async def test_a_stream_that_breaks_tells_so(outbound: Outbound, site: Served) -> None:
    url = site.raw("/cut", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    with pytest.raises(OutboundError):
        await body(outbound, OutboundRequest(url=url))


@pytest.mark.parametrize(("idle", "whole"), [(0.2, 30.0), (None, 0.4)])
async def test_silence_ends_a_stream(
    outbound: Outbound, site: Served, idle: float | None, whole: float
) -> None:
    async def silent(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"begun")
        await writer.drain()
        await asyncio.sleep(20)

    found: list[bytes] = []

    request = OutboundRequest(url=site.raw("/s", silent), idle_seconds=idle, timeout=whole)

    async def read() -> None:
        async for piece in pieces(outbound, request):
            found.append(piece)  # noqa: PERF401  # What came before is the point.

    with pytest.raises(Unreachable) as raised:
        await read()
    assert raised.value.code == "timed_out"
    assert b"".join(found) == b"begun"


async def test_a_slow_reader_is_no_silent_sender(outbound: Outbound, site: Served) -> None:
    async def steady(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"a")
        await writer.drain()
        writer.write(b"b")

    url = site.raw("/steady", steady)
    async with outbound.stream("pages", OutboundRequest(url=url, idle_seconds=0.3)) as response:
        found = []
        async for piece in response.pieces():
            found.append(piece)
            await asyncio.sleep(0.5)
    assert b"".join(found) == b"ab"


async def test_pieces_arrive_before_the_end(outbound: Outbound, site: Served) -> None:
    read = asyncio.Event()

    async def answer(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"first")
        await writer.drain()
        async with asyncio.timeout(5):
            await read.wait()
        writer.write(b"second")

    found = []
    async for piece in pieces(outbound, OutboundRequest(url=site.raw("/two", answer))):
        found.append(piece)
        read.set()
    assert found == [b"first", b"second"]


async def test_a_redirect_and_a_refusal_are_responses(outbound: Outbound, site: Served) -> None:
    url = site.redirect("/there", "http://elsewhere.example/")
    async with outbound.stream("pages", OutboundRequest(url=url)) as response:
        assert response.status == 302
    url = site.raw("/no", b"HTTP/1.1 429 No\r\nRetry-After: 3\r\nContent-Length: 4\r\n\r\nbusy")
    async with outbound.stream("pages", OutboundRequest(url=url)) as response:
        assert (response.status, response.retry_after) == (429, 3.0)
        assert await response.error_body() == b"busy"


async def test_the_readers_own_errors_stay_its_own(outbound: Outbound, site: Served) -> None:
    with pytest.raises(TimeoutError, match="mine"):
        async with outbound.stream("pages", OutboundRequest(url=site.page("/p"))):
            raise TimeoutError("mine")


async def test_a_client_that_is_closed(outbound: Outbound, site: Served) -> None:
    await outbound.close()
    with pytest.raises(Unreachable):
        await body(outbound, OutboundRequest(url=site.page("/p")))
