"""What is sent, and what of the answer is given back."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from answerdesk import __version__
from answerdesk.core.outbound import (
    HeaderRefused,
    MediaTypeRefused,
    Outbound,
    OutboundPolicy,
    OutboundRequest,
    Unreachable,
)
from answerdesk.core.settings import Settings
from tests.core.outbound.serving import Served


@pytest.mark.parametrize(
    "headers",
    [
        *({"X-A": "a\r\nX-B: b"}, {"X-A\r\nX-B": "b"}, {"X-A": "a\nb"}, {"X-A": "\0"}, {"": "a"}),
        *({"X A": "a"}, {"X:": "a"}, {"X-Ä": "a"}, {"X-A": "ä"}, {"X-A": "a" * 9000}),
        *({"Host": "x"}, {"cookie": "a=b"}, {"Content-Length": "0"}, {"Transfer-Encoding": "a"}),
        *({"Proxy-Authorization": "a"}, {"USER-AGENT": "Mozilla"}, {"Connection": "close"}),
    ],
)
async def test_a_header_that_breaks_the_request_is_refused(
    headers: dict[str, str], outbound: Outbound, site: Served
) -> None:
    with pytest.raises(HeaderRefused):
        await outbound.fetch("pages", OutboundRequest(url=site.page("/"), headers=headers))
    assert site.asked == []


async def test_a_request_says_who_asks_and_carries_what_it_is_given(
    outbound: Outbound, site: Served
) -> None:
    request = OutboundRequest(
        url=site.page("/ask?a=b%20c"),
        method="POST",
        headers={"Authorization": "Bearer key", "Content-Type": "application/json"},
        body=b'{"input": "x"}',
        accept=("application/json", "text/*"),
    )
    await outbound.fetch("pages", request)
    [asked] = site.asked
    head, _, body = asked.partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "POST /ask?a=b%20c HTTP/1.1"
    assert set(lines[1:]) == {
        f"Host: 127.0.0.3:{site.port}",
        "Authorization: Bearer key",
        "Content-Type: application/json",
        f"User-Agent: Answerdesk/{__version__}",
        "Accept: application/json, text/*",
        "Accept-Encoding: gzip, deflate",
        "Content-Length: 14",
    }
    assert body == '{"input": "x"}'


def test_the_installations_own_address_tells_the_sites_whom_to_ask() -> None:
    policy = OutboundPolicy.of(Settings(public_url="https://help.example"))
    assert policy.user_agent == f"Answerdesk/{__version__} (+https://help.example)"


async def test_cookies_are_not_kept(outbound: Outbound, site: Served) -> None:
    url = site.page("/", b"", "Set-Cookie: visitor=1; Path=/")
    await outbound.fetch("pages", OutboundRequest(url=url))
    await outbound.fetch("pages", OutboundRequest(url=url))
    assert "cookie" not in site.asked[1].lower()


@pytest.mark.parametrize("status", [200, 204, 304, 400, 403, 404, 410, 429, 500, 503])
async def test_every_status_is_an_answer(status: int, outbound: Outbound, site: Served) -> None:
    url = site.raw("/", f'HTTP/1.1 {status} X\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n'.encode())
    response = await outbound.fetch("pages", OutboundRequest(url=url))
    assert (response.status, response.headers["etag"], response.body) == (status, '"1"', b"")


@pytest.mark.parametrize(
    ("content_type", "accept", "taken"),
    [
        ("text/html; charset=utf-8", ("text/html",), True),
        ("TEXT/HTML", ("text/html",), True),
        ("text/plain", ("text/*",), True),
        ("video/mp4", ("*/*",), True),
        ("video/mp4", None, True),
        ("", ("text/html",), True),
        ("video/mp4", ("text/html", "text/*"), False),
        ("texts/html", ("text/*",), False),
    ],
)
async def test_only_the_media_types_that_were_asked_for_are_read(
    content_type: str,
    accept: tuple[str, ...] | None,
    taken: bool,
    outbound: Outbound,
    site: Served,
) -> None:
    header = [f"Content-Type: {content_type}"] if content_type else []
    request = OutboundRequest(url=site.page("/", b"x", *header), accept=accept)
    if taken:
        assert (await outbound.fetch("pages", request)).body == b"x"
    else:
        with pytest.raises(MediaTypeRefused, match=content_type):
            await outbound.fetch("pages", request)


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        *(("7", 7.0, 7.0), (" 1.5 ", 1.5, 1.5), ("0", 0.0, 0.0)),
        *(("9" * 400, 86_400.0, 86_400.0), ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0, 86_400.0)),
        *(("Sun, 06 Nov 1994 08:49:37 GMT", 0.0, 0.0), ("Sun Nov  6 08:49:37 1994", 0.0, 0.0)),
        ("in an hour", 3_000.0, 3_600.0),
    ],
)
async def test_the_time_to_wait_is_told_in_both_its_forms(
    value: str, least: float, most: float, outbound: Outbound, site: Served
) -> None:
    if value == "in an hour":
        value = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    url = site.page("/", b"", f"Retry-After: {value}")
    asked = (await outbound.fetch("pages", OutboundRequest(url=url))).retry_after
    assert asked is not None
    assert least <= asked <= most


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "-1", "nan", "inf", "1e9", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"),
        *("Mon, 01 Jan 2026 00:00:00 +99999999999999", "٣"),
    ],
)
async def test_a_word_that_is_no_time_to_wait_is_none(
    value: str, outbound: Outbound, site: Served
) -> None:
    url = site.page("/", b"", f"Retry-After: {value}")
    assert (await outbound.fetch("pages", OutboundRequest(url=url))).retry_after is None


async def test_headers_that_are_no_text_can_be_stored(outbound: Outbound, site: Served) -> None:
    url = site.raw("/", b'HTTP/1.1 200 OK\r\nETag: "\xe4"\r\nContent-Length: 0\r\n\r\n')
    response = await outbound.fetch("pages", OutboundRequest(url=url))
    assert response.headers["ETag"] == '"\ufffd"'


async def test_a_closed_client_says_so(outbound: Outbound, site: Served) -> None:
    url = site.page("/")
    await outbound.fetch("pages", OutboundRequest(url=url))
    await outbound.close()
    await outbound.close()
    with pytest.raises(Unreachable):
        await outbound.fetch("pages", OutboundRequest(url=url))
