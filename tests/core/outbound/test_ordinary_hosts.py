"""What people really write is fetched: a guard that is in the way gets switched off."""

import ssl

import pytest

from answerdesk.core.outbound import (
    FixedResolver,
    Outbound,
    OutboundPolicy,
    OutboundRequest,
    Unreachable,
    checked_url,
)
from answerdesk.core.outbound.urls import parse_url
from tests.core.outbound.listening import RecordingSockets
from tests.core.outbound.ordinary_hosts import ORDINARY
from tests.core.outbound.tricky import PUBLIC


@pytest.mark.parametrize(("url", "host"), ORDINARY.items())
async def test_an_ordinary_address_is_connected_to(
    url: str, host: str, sockets: RecordingSockets, tls: ssl.SSLContext
) -> None:
    resolver = FixedResolver({host: [[PUBLIC]]})
    outbound = Outbound(OutboundPolicy(), resolver=resolver, open_socket=sockets, tls=tls)
    # Nobody answers there in a test, but this is where it went.
    with pytest.raises(Unreachable):
        await outbound.fetch("pages", OutboundRequest(url=url))
    await outbound.close()
    parsed = parse_url(url)
    assert parsed.host == host
    assert sockets.wanted == [(host if parsed.literal else PUBLIC, parsed.port)]


@pytest.mark.parametrize("url", ORDINARY)
def test_the_checked_form_stays_the_same(url: str) -> None:
    assert checked_url(checked_url(url)) == checked_url(url)


def test_there_are_enough_of_them() -> None:
    assert len([url for url in ORDINARY if not url.isascii()]) >= 20
    assert len(ORDINARY) >= 50
