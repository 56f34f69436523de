"""Cookies of one fetch: they go back where they came from, and are forgotten."""

import pytest

from answerdesk.core.outbound import Cookies, HeaderRefused, Outbound, OutboundRequest
from answerdesk.core.outbound.urls import parse_url
from tests.core.outbound.serving import Served, serving

PAGE = parse_url("https://www.shop.example/a/b")


def _sets(served: Served, path: str, location: str, *cookies: str) -> str:
    """Redirect a path with cookies, and return its address."""
    lines = [f"Location: {location}", *(f"Set-Cookie: {one}" for one in cookies)]
    head = "\r\n".join(["HTTP/1.1 302 Found", "Content-Length: 0", "Connection: close", *lines])
    return served.raw(path, f"{head}\r\n\r\n".encode("latin-1"))


def _cookies_in(asked: str) -> list[str]:
    return [one for one in asked.splitlines() if one.lower().startswith("cookie:")]


async def test_without_cookies_asked_for_none_are_sent(outbound: Outbound, site: Served) -> None:
    site.page("/end")
    url = _sets(site, "/start", "/end", "a=1")
    await outbound.fetch("pages", OutboundRequest(url=url))
    assert [_cookies_in(one) for one in site.asked] == [[], []]


async def test_a_caller_cannot_send_any(outbound: Outbound, site: Served) -> None:
    request = OutboundRequest(url=site.page("/a"), headers={"Cookie": "a=1"}, cookies=Cookies())
    with pytest.raises(HeaderRefused):
        await outbound.fetch("pages", request)
    assert site.asked == []


async def test_another_host_and_another_port_get_none(outbound: Outbound, site: Served) -> None:
    async with serving("127.0.0.3") as other:
        other.page("/end")
        url = _sets(site, "/start", f"{other.url}/end", "a=1", f"b=2; Domain={site.host}")
        cookies = Cookies()
        await outbound.fetch("pages", OutboundRequest(url=url, cookies=cookies))
        assert cookies
        assert [_cookies_in(one) for one in other.asked] == [[]]
    for elsewhere in ("http://www.shop.example/a/b", "https://www.shop.example:8443/a/b"):
        cookies = Cookies()
        cookies.note(PAGE, ["a=1"])
        assert cookies.sent_to(parse_url(elsewhere)) is None


@pytest.mark.parametrize("domain", ["shop.example", ".shop.example", "www.shop.example"])
async def test_a_wide_domain_does_not_widen_it(domain: str) -> None:
    cookies = Cookies()
    cookies.note(PAGE, [f"a=1; Domain={domain}"])
    assert cookies.sent_to(PAGE) == "a=1"
    for host in ("shop.example", "api.shop.example", "a.www.shop.example"):
        assert cookies.sent_to(parse_url(f"https://{host}/a/b")) is None


@pytest.mark.parametrize(
    "refused",
    [
        *("a=1; Domain=other.example", "a=1; Domain=api.shop.example", "a=1; Path=/other"),
        *("a=1; Max-Age=0", "a=1; Expires=Thu, 01 Jan 2015 00:00:00 GMT", "", "a", ";;;"),
        *("a=\udcff", "a=1\x00", "a=1\r\nX: y", f"a={'x' * 4096}"),
    ],
)
async def test_what_is_not_for_this_page_is_not_sent(refused: str) -> None:
    cookies = Cookies()
    cookies.note(PAGE, [refused])
    assert cookies.sent_to(PAGE) is None


async def test_a_secure_cookie_needs_tls() -> None:
    cookies, plain = Cookies(), parse_url("http://www.shop.example/")
    cookies.note(plain, ["a=1; Secure", "b=2"])
    assert cookies.sent_to(plain) == "b=2"


async def test_a_cookie_can_be_taken_back() -> None:
    cookies = Cookies()
    cookies.note(PAGE, ["a=1", "b=2"])
    cookies.note(PAGE, ["a=; Max-Age=0", "b=3"])
    assert cookies.sent_to(PAGE) == "b=3"


async def test_their_number_and_length_are_bounded() -> None:
    cookies = Cookies()
    for batch in range(5):
        cookies.note(PAGE, [f"n{batch}-{one}=1" for one in range(50)])
    sent = cookies.sent_to(PAGE)
    assert sent is not None
    assert len(sent.split("; ")) == 20
    long = Cookies()
    long.note(PAGE, [f"n{one}={'x' * 1000}" for one in range(20)])
    assert long.sent_to(PAGE) is None
    many = Cookies()
    for number in range(50):
        many.note(parse_url(f"https://h{number}.example/"), ["a=1"])
    assert (
        sum(many.sent_to(parse_url(f"https://h{n}.example/")) is not None for n in range(50)) == 5
    )


async def test_they_go_back_within_a_fetch_as_they_came(outbound: Outbound, site: Served) -> None:
    site.page("/end")
    _sets(site, "/two", "/end", "b=2=2,%20/?")
    url = _sets(site, "/one", "/two", "a=1; Path=/; HttpOnly; SameSite=Strict")
    await outbound.fetch("pages", OutboundRequest(url=url, cookies=Cookies()))
    assert [_cookies_in(one) for one in site.asked[:2]] == [[], ["Cookie: a=1"]]
    (last,) = _cookies_in(site.asked[2])
    assert sorted(last.removeprefix("Cookie: ").split("; ")) == ["a=1", "b=2=2,%20/?"]


async def test_nothing_is_kept_for_the_next_fetch(outbound: Outbound, site: Served) -> None:
    site.page("/end")
    url = _sets(site, "/start", "/end", "a=1; Max-Age=1000")
    for _ in range(2):
        site.asked.clear()
        await outbound.fetch("pages", OutboundRequest(url=url, cookies=Cookies()))
        assert [_cookies_in(one) for one in site.asked] == [[], ["Cookie: a=1"]]
