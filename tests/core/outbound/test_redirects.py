"""Redirects: how often, where to, and what goes along."""

import pytest

from answerdesk.core.outbound import (
    AddressRefused,
    Method,
    Outbound,
    OutboundRequest,
    TooManyRedirects,
    UrlRefused,
)
from answerdesk.core.outbound.client import Hop, next_hop
from answerdesk.core.outbound.urls import parse_url
from tests.core.outbound.serving import Served

SECRETS = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "If-None-Match": '"s3cret"'}


async def test_the_chain_ends_where_it_is_bounded(outbound: Outbound, site: Served) -> None:
    url = site.redirect("/round", "/round")
    with pytest.raises(TooManyRedirects):
        await outbound.fetch("pages", OutboundRequest(url=url, max_redirects=3))
    assert len(site.asked) == 4


async def test_a_chain_of_just_as_many_arrives(outbound: Outbound, site: Served) -> None:
    site.page("/end")
    site.redirect("/two", "end")
    first = site.redirect("/one", f"{site.url}/two#part")
    response = await outbound.fetch("pages", OutboundRequest(url=first, max_redirects=2))
    assert response.url == f"{site.url}/end"
    assert response.redirects == (first, f"{site.url}/two")


async def test_without_redirects_the_redirect_itself_is_the_answer(
    outbound: Outbound, site: Served
) -> None:
    url = site.redirect("/moved", "/elsewhere", 301)
    response = await outbound.fetch("pages", OutboundRequest(url=url, max_redirects=0))
    assert (response.status, response.headers["location"]) == (301, "/elsewhere")


async def test_a_redirect_without_a_location_is_an_answer(outbound: Outbound, site: Served) -> None:
    url = site.raw("/nowhere", b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nhm")
    response = await outbound.fetch("pages", OutboundRequest(url=url))
    assert (response.status, response.body) == (302, b"hm")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["http://127.0.0.2:{port}/", "http://localhost:{port}/"])
async def test_a_chain_does_not_leave_for_a_private_address(
    status: int, to: str, outbound: Outbound, site: Served
) -> None:
    site.redirect("/two", to.replace("{port}", str(site.port)), status)
    url = site.redirect("/one", "/two", status)
    with pytest.raises(AddressRefused):
        await outbound.fetch("pages", OutboundRequest(url=url))
    assert len(site.asked) == 2


async def test_what_one_purpose_may_reach_is_closed_to_another(
    outbound: Outbound, site: Served
) -> None:
    url = site.page("/here")
    assert (await outbound.fetch("pages", OutboundRequest(url=url))).status == 200
    with pytest.raises(AddressRefused, match="ANSWERDESK_WEBHOOK_NETWORKS"):
        await outbound.fetch("webhooks", OutboundRequest(url=url))
    with pytest.raises(AddressRefused, match="ANSWERDESK_PROVIDER_NETWORKS"):
        await outbound.fetch("providers", OutboundRequest(url=url))
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [
        *(("POST", 301, "GET"), ("POST", 302, "GET"), ("POST", 303, "GET"), ("PUT", 303, "GET")),
        *(("PUT", 301, "PUT"), ("POST", 307, "POST"), ("POST", 308, "POST")),
        *(("HEAD", 303, "HEAD"), ("HEAD", 302, "HEAD"), ("GET", 308, "GET")),
    ],
)
async def test_the_method_goes_on_as_in_browsers(
    method: Method, status: int, then: str, outbound: Outbound, site: Served
) -> None:
    site.page("/end", b"")
    url = site.redirect("/start", "/end", status)
    body = b"question" if method in ("POST", "PUT") else None
    request = OutboundRequest(
        url=url, method=method, headers={**SECRETS, "Content-Language": "en"}, body=body
    )
    await outbound.fetch("pages", request)
    last = site.asked[-1]
    assert last.startswith(f"{then} /end ")
    assert last.endswith("question") == (then == method and body is not None)
    assert ("Content-Language" in last) == (then == method)
    assert "s3cret" in last  # The same origin already knows it.


@pytest.mark.parametrize(
    "to", ["http://other.example/", "https://host.example/", "//host.example:81"]
)
def test_secrets_stay_with_their_origin(to: str) -> None:
    headers = {**SECRETS, "Accept-Language": "de"}
    hop = Hop(parse_url("http://host.example/"), "GET", headers, None)
    assert next_hop("providers", hop, 302, to).headers == {"Accept-Language": "de"}


def test_what_was_sent_is_not_repeated_to_another_host() -> None:
    hop = Hop(parse_url("http://host.example/"), "POST", {}, b"question")
    assert next_hop("pages", hop, 307, "/there").body == b"question"
    with pytest.raises(UrlRefused, match="another host"):
        next_hop("pages", hop, 307, "http://other.example/")
    assert next_hop("pages", hop, 303, "http://other.example/").body is None


def test_only_pages_are_followed_out_of_tls() -> None:
    hop = Hop(parse_url("https://host.example/"), "GET", SECRETS, None)
    assert next_hop("pages", hop, 301, "http://host.example/").headers == {}
    for purpose in ("webhooks", "providers"):
        with pytest.raises(UrlRefused, match="https to http"):
            next_hop(purpose, hop, 301, "http://host.example/")
