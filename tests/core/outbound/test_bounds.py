"""An answer ends at its bounds: in time, in size as sent and unpacked, and by its own rules."""

import asyncio
import gzip
import ssl
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network

import pytest

from answerdesk.core.outbound import (
    BadResponse,
    FixedResolver,
    Outbound,
    OutboundPolicy,
    OutboundRequest,
    ResponseTooLarge,
    Unreachable,
)
from tests.core.outbound.serving import Answer, Served
from tests.waiting import PATIENCE

LIMIT = 10_000


def _deflated(content: bytes, window: int) -> bytes:
    packer = zlib.compressobj(wbits=window)
    return packer.compress(content) + packer.flush()


async def _fetch(outbound: Outbound, url: str) -> bytes:
    request = OutboundRequest(url=url, max_bytes=LIMIT, timeout=PATIENCE)
    return (await outbound.fetch("pages", request)).body


def _packed(site: Served, body: bytes, encoding: str = "gzip") -> str:
    return site.page("/packed", body, f"Content-Encoding: {encoding}")


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "GZip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("encoding", PACKINGS)
@pytest.mark.parametrize("size", [0, 1, 500, LIMIT])
async def test_an_answer_is_unpacked_up_to_the_limit(
    encoding: str, size: int, outbound: Outbound, site: Served
) -> None:
    content = (b"Answerdesk " * LIMIT)[:size]
    assert await _fetch(outbound, _packed(site, PACKINGS[encoding](content), encoding)) == content


@pytest.mark.parametrize("encoding", PACKINGS)
async def test_one_byte_more_is_too_large(encoding: str, outbound: Outbound, site: Served) -> None:
    packed = PACKINGS[encoding](b"a" * (LIMIT + 1))
    with pytest.raises(ResponseTooLarge, match=str(LIMIT)):
        await _fetch(outbound, _packed(site, packed, encoding))


async def test_deflate_without_its_header_is_read_as_well(outbound: Outbound, site: Served) -> None:
    packed = _deflated(b"bare", -zlib.MAX_WBITS)
    assert await _fetch(outbound, _packed(site, packed, "deflate")) == b"bare"


async def test_a_file_of_several_parts_is_read_whole(outbound: Outbound, site: Served) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two")
    assert await _fetch(outbound, _packed(site, packed)) == b"one two"
    assert await _fetch(outbound, _packed(site, packed + b"\0\0rest")) == b"one two"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_ends_at_the_limit(encoding: str, outbound: Outbound, site: Served) -> None:
    bomb = _deflated(bytes(200_000_000), 31 if encoding == "gzip" else 15)
    request = OutboundRequest(url=_packed(site, bomb, encoding), max_bytes=1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ResponseTooLarge):
            await outbound.fetch("pages", request)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000


async def test_many_empty_parts_end_at_the_limit(outbound: Outbound, site: Served) -> None:
    with pytest.raises(ResponseTooLarge):
        await _fetch(outbound, _packed(site, gzip.compress(b"") * 1_000))


@pytest.mark.parametrize("parts", [1_001, 150_000])
async def test_parts_without_end_are_not_unpacked_to_their_end(
    parts: int, outbound: Outbound, site: Served
) -> None:
    """Each costs time, and none has anything in it that a limit of size would see."""
    request = OutboundRequest(url=_packed(site, gzip.compress(b"") * parts))
    with pytest.raises(BadResponse, match="parts"):
        await outbound.fetch("pages", request)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"a" * 5_000)[:-9]),
        ("gzip", gzip.compress(b"a" * 5_000)[:15]),
        ("gzip", gzip.compress(b"a")[:1]),
        ("gzip", b"plain text"),
        ("gzip", gzip.compress(b"a" * 50)[:-8] + b"12345678"),
        ("deflate", zlib.compress(b"a" * 5_000)[:-3]),
        ("deflate", b"\xff\xff\xff\xff"),
        ("br", b"\x0b\x02\x80abc\x03"),
        ("zstd", b"x"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"a"))),
        ("x", b"a"),
    ],
    ids=(
        *("cut-at-its-end", "cut-in-its-middle", "one-byte", "not-packed", "wrong-checksum"),
        *("deflate-cut", "deflate-garbage", "brotli", "zstandard", "twice", "unknown"),
    ),
)
async def test_a_body_that_breaks_its_own_encoding_is_a_bad_response(
    encoding: str, body: bytes, outbound: Outbound, site: Served
) -> None:
    with pytest.raises(BadResponse):
        await _fetch(outbound, _packed(site, body, encoding))


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 100\r\n\r\nshort",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: many\r\n\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        CHUNKED + b"5\r\nshort",
        CHUNKED + b"zz\r\nrubbish\r\n0\r\n\r\n",
        CHUNKED + b"-5\r\nshort\r\n0\r\n\r\n",
        CHUNKED + b"5\r\nhello\r\n",
        CHUNKED + b"ffffffffffffffffff\r\nhello\r\n",
        OK + b"Bad Header: x\r\n\r\n",
        OK + b"X: a\0b\r\n\r\n",
        OK + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
        OK + b"".join(b"X-%d: a\r\n" % number for number in range(1_000)) + b"\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"220 mail.example ESMTP\r\n",
        b"+PONG\r\n",
        b"\x15\x03\x01\x00\x02\x02\x0a",
        b"\r\n" * 10,
    ],
)
async def test_an_answer_that_is_not_http_is_a_bad_response(
    answer: bytes, outbound: Outbound, site: Served
) -> None:
    with pytest.raises((BadResponse, Unreachable)) as error:
        await _fetch(outbound, site.raw("/broken", answer))
    assert error.value.code in ("bad_response", "unreachable")


@pytest.mark.parametrize("length", [b"", b"Content-Length: 99999999999\r\n"])
async def test_an_endless_answer_ends_at_the_limit(
    length: bytes, outbound: Outbound, site: Served
) -> None:
    async def flood(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + length + b"\r\n")
        for _ in range(100_000):
            writer.write(b"a" * 1_000)
            await writer.drain()

    with pytest.raises(ResponseTooLarge):
        await _fetch(outbound, site.raw("/flood", flood))


@pytest.fixture
async def hasty(tls: ssl.SSLContext) -> AsyncIterator[Outbound]:
    """A client that waits a moment only for headers."""
    policy = OutboundPolicy(networks={"pages": (ip_network("127.0.0.3/32"),)}, header_seconds=0.2)
    client = Outbound(policy, resolver=FixedResolver({}), tls=tls)
    yield client
    await client.close()


async def _forever(_head: str, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _drip_body(_head: str, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"\r\n")
    await _forever(_head, writer)


async def _drip_headers(_head: str, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"X: ")
    await _forever(_head, writer)


async def _only_continue(_head: str, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _silence(_head: str, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(PATIENCE)


@pytest.mark.parametrize("answer", [_drip_body, _drip_headers, _only_continue, _silence])
async def test_a_slow_answer_ends_at_the_deadline_for_the_whole(
    answer: Answer, outbound: Outbound, site: Served
) -> None:
    request = OutboundRequest(url=site.raw("/slow", answer), timeout=0.3)
    with pytest.raises(Unreachable) as error:
        await outbound.fetch("pages", request)
    assert error.value.code == "timed_out"


@pytest.mark.parametrize("answer", [_drip_headers, _only_continue, _silence])
async def test_headers_have_a_deadline_of_their_own(
    answer: Answer, hasty: Outbound, site: Served
) -> None:
    request = OutboundRequest(url=site.raw("/slow", answer), timeout=PATIENCE)
    with pytest.raises(Unreachable) as error:
        await hasty.fetch("pages", request)
    assert error.value.code == "timed_out"


async def test_slow_redirects_share_one_deadline(outbound: Outbound, site: Served) -> None:
    async def slowly_on(_head: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /on\r\nContent-Length: 0\r\n\r\n")

    request = OutboundRequest(url=site.raw("/on", slowly_on), timeout=0.35, max_redirects=100)
    with pytest.raises(Unreachable) as error:
        await outbound.fetch("pages", request)
    assert error.value.code == "timed_out"
    assert len(site.asked) < 10


async def test_nobody_there_is_unreachable(outbound: Outbound, site: Served) -> None:
    with pytest.raises(Unreachable) as error:
        await outbound.fetch("pages", OutboundRequest(url="http://127.0.0.3:1/"))
    assert error.value.code == "unreachable"
    with pytest.raises(Unreachable):
        await _fetch(outbound, site.raw("/gone", b""))
