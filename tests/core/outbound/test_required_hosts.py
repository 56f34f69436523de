"""Judging an address before anything is sent there: by its form, its host, and its purpose."""

from collections.abc import AsyncIterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest

from answerdesk.core.outbound import (
    AddressRefused,
    FixedResolver,
    HostUnknown,
    Outbound,
    OutboundPolicy,
    Unreachable,
    UrlRefused,
)

HOSTS = {
    "public.example": [["93.184.216.34"]],
    "mixed.example": [["10.0.0.7", "93.184.216.34"]],
    "private.example": [["10.0.0.7"]],
    "ours.example": [["192.168.7.1"]],
}


class AwayResolver(FixedResolver):
    """A name server that does not respond."""

    async def resolve(self, host: str) -> Sequence[IPv4Address | IPv6Address]:
        raise Unreachable(f"{host}: its address could not be looked up")


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    policy = OutboundPolicy(networks={"webhooks": (ip_network("192.168.7.0/24"),)})
    made = Outbound(policy, resolver=FixedResolver(HOSTS))
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://nobody.example/", HostUnknown),
        ("https://private.example/", AddressRefused),
        ("https://10.0.0.7/", AddressRefused),
        ("https://192.168.8.1/", AddressRefused),
        ("https://public.example:22/", UrlRefused),
        ("public.example", UrlRefused),
    ],
)
async def test_what_nothing_is_sent_to_is_refused(
    outbound: Outbound, url: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await outbound.require_host(url, "webhooks")


@pytest.mark.parametrize(
    "url",
    [
        *("https://public.example/hook", "https://mixed.example/", "https://93.184.216.34/"),
        *("http://ours.example:9000/", "http://192.168.7.9/"),
    ],
)
async def test_what_may_be_sent_to_is_accepted(outbound: Outbound, url: str) -> None:
    await outbound.require_host(url, "webhooks")


async def test_what_one_purpose_may_reach_is_refused_to_another(outbound: Outbound) -> None:
    with pytest.raises(AddressRefused):
        await outbound.require_host("http://ours.example/", "pages")
    # Without a purpose only the host's existence counts.
    await outbound.require_host("http://ours.example/")
    with pytest.raises(HostUnknown):
        await outbound.require_host("http://nobody.example/")


async def test_a_name_server_that_is_away_proves_nothing() -> None:
    away = Outbound(OutboundPolicy(), resolver=AwayResolver({}))
    await away.require_host("https://nobody.example/", "webhooks")
    with pytest.raises(AddressRefused):
        await away.require_host("https://127.0.0.1/", "webhooks")
    await away.close()
