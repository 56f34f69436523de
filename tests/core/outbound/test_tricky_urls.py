"""No tricky address leads to a connection, asked for directly or by a redirect."""

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from answerdesk.core.outbound import (
    Outbound,
    OutboundError,
    OutboundRequest,
)
from answerdesk.core.outbound.addresses import refusal
from tests.core.outbound.listening import Listener, RecordingSockets
from tests.core.outbound.serving import Served
from tests.core.outbound.tricky import Tricky
from tests.core.outbound.tricky_urls import LOCATIONS, TRICKY
from tests.waiting import PATIENCE

_BY_REDIRECT = [tricky for tricky in TRICKY if not set("\r\n\0") & set(tricky.url.strip(" "))]


@pytest.fixture(autouse=True)
def nobody_connects(listener: Listener, sockets: RecordingSockets, site: Served) -> Iterator[None]:
    """After each test, the listener has seen nobody, and no private address was wanted."""
    yield
    assert listener.connections == 0
    wanted = {where for where in sockets.wanted if refusal(ip_address(where[0])) is not None}
    assert wanted <= {(site.host, site.port)}


@pytest.mark.parametrize("tricky", TRICKY, ids=lambda tricky: tricky.id)
async def test_a_tricky_address_is_refused(
    tricky: Tricky, outbound: Outbound, listener: Listener
) -> None:
    url = tricky.url.replace("{port}", str(listener.port))
    for _ in range(tricky.fetches - 1):
        with pytest.raises(OutboundError) as first:
            await outbound.fetch("pages", OutboundRequest(url=url, timeout=PATIENCE))
        assert first.value.code == "unreachable"
    with pytest.raises(OutboundError) as error:
        await outbound.fetch("pages", OutboundRequest(url=url, timeout=PATIENCE))
    assert error.value.code == tricky.outcome


@pytest.mark.parametrize("tricky", _BY_REDIRECT, ids=lambda tricky: tricky.id)
async def test_a_redirect_to_a_tricky_address_leads_nowhere(
    tricky: Tricky, outbound: Outbound, listener: Listener, site: Served
) -> None:
    there = tricky.url.replace("{port}", str(listener.port)).encode("utf-8", "surrogatepass")
    for _ in range(tricky.fetches):
        await _follow(outbound, site, there)


@pytest.mark.parametrize("location", LOCATIONS)
async def test_half_an_address_in_a_redirect_leads_nowhere(
    location: str, outbound: Outbound, listener: Listener, site: Served
) -> None:
    await _follow(outbound, site, location.replace("{port}", str(listener.port)).encode())


async def _follow(outbound: Outbound, site: Served, location: bytes) -> None:
    """Be redirected: back to the redirecting site, or into an error."""
    request = OutboundRequest(url=site.redirect("/to", location), timeout=PATIENCE)
    try:
        response = await outbound.fetch("pages", request)
    except OutboundError:
        assert len(site.asked) >= 1
    else:
        assert response.url.startswith(site.url)


def test_the_corpus_is_large_and_each_entry_has_an_id_of_its_own() -> None:
    assert len({tricky.url for tricky in TRICKY}) >= 170
    assert len({tricky.id for tricky in TRICKY}) == len(TRICKY)


async def test_what_is_allowed_does_arrive(outbound: Outbound, site: Served) -> None:
    """Else the tests above would pass with a client that reaches nobody."""
    response = await outbound.fetch("pages", OutboundRequest(url=site.page("/here")))
    assert (response.status, response.body) == (200, b"Here you are")
    site.redirect("/away", "/here")
    response = await outbound.fetch("pages", OutboundRequest(url=f"{site.url}/away"))
    assert (response.url, response.redirects) == (f"{site.url}/here", (f"{site.url}/away",))
