"""The table of refused networks, and what an operator's list changes about it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.core.outbound.addresses import REFUSED, Address, embedded, refusal

LAN = (ip_network("10.0.0.0/8"), ip_network("fd12::/16"))


def _edges() -> list[str]:
    return [str(edge) for network, _ in REFUSED for edge in (network[0], network[-1])]


@pytest.mark.parametrize("text", sorted(set(_edges())))
def test_the_first_and_last_address_of_every_network_are_refused(text: str) -> None:
    assert refusal(ip_address(text)) is not None


@given(st.ip_addresses())
def test_nothing_is_fetched_from_that_python_knows_to_be_private(address: Address) -> None:
    if not address.is_global or address.is_multicast:
        assert refusal(address) is not None


@given(st.ip_addresses(v=4))
def test_no_form_of_a_refused_ipv4_address_is_fetched_from(address: Address) -> None:
    number = int(address)
    forms = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0xFFFF << 48 | number),
        IPv6Address(number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80),
        IPv6Address(0x20010000 << 96 | number << 64),
        IPv6Address(0x20010000 << 96 | (~number & 0xFFFF_FFFF)),
    ]
    assert [form for form in forms if refusal(form) is None] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("93.184.215.14", None),
        ("2606:4700:4700::1111", None),
        ("127.0.0.1", "this machine (loopback)"),
        ("169.254.169.254", "a cloud's metadata service"),
        ("100.100.100.200", "a cloud's metadata service"),
        ("::ffff:169.254.169.254", "a cloud's metadata service, written as an IPv6 address"),
        ("64:ff9b::5db8:d70e", "a translator to IPv4 (NAT64)"),
        ("2002:7f00:1::1", "this machine (loopback), written as an IPv6 address"),
        ("4000::1", "a network that has not been allocated"),
    ],
)
def test_the_reason_names_the_narrowest_network(text: str, expected: str | None) -> None:
    assert refusal(ip_address(text)) == expected


@pytest.mark.parametrize(
    ("text", "ipv4"),
    [
        ("::ffff:10.0.0.1", ["10.0.0.1"]),
        ("::10.0.0.1", ["10.0.0.1"]),
        ("::ffff:0:10.0.0.1", ["10.0.0.1"]),
        ("64:ff9b::10.0.0.1", ["10.0.0.1"]),
        ("64:ff9b:1::10.0.0.1", ["10.0.0.1"]),
        ("64:ff9b:1:a00:0:100::", ["10.0.0.1"]),
        ("64:ff9b:1:a:0:1::", ["10.0.0.1"]),
        ("64:ff9b:1:0:a:0:100:0", ["10.0.0.1"]),
        ("64:ff9b:1:808:8:800::", ["8.8.8.8", "8.8.8.0", "8.8.0.0"]),
        ("2002:a00:1::5", ["10.0.0.1"]),
        ("2001:0:a00:1::f5ff:fffe", ["10.0.0.1", "10.0.0.1"]),
        ("2606:4700::5efe:10.0.0.1", ["10.0.0.1"]),
        ("2606:4700::1", []),
        ("::1", []),
        ("10.0.0.1", []),
    ],
)
def test_ipv4_addresses_are_found_inside(text: str, ipv4: list[str]) -> None:
    assert embedded(ip_address(text)) == tuple(IPv4Address(one) for one in ipv4)


@pytest.mark.parametrize("text", ["10.0.0.1", "10.255.255.255", "fd12::7", "::ffff:10.0.0.1"])
def test_the_operators_networks_are_fetched_from(text: str) -> None:
    assert refusal(ip_address(text), LAN) is None
    assert refusal(ip_address(text)) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("192.168.0.1", "127.0.0.1", "fd13::1", "::ffff:192.168.0.1"),
        # Packets to these go to a translator or a tunnel first, which nobody has allowed.
        *("64:ff9b::10.0.0.1", "2002:a00:1::1", "::10.0.0.1", "::ffff:0:10.0.0.1"),
    ],
)
def test_what_the_operator_has_not_listed_stays_refused(text: str) -> None:
    assert refusal(ip_address(text), LAN) is not None


def test_an_allowed_translator_leads_to_public_and_allowed_addresses_only() -> None:
    nat64 = (ip_network("64:ff9b::/96"),)
    assert refusal(ip_address("64:ff9b::5db8:d70e"), nat64) is None
    assert refusal(ip_address("64:ff9b::127.0.0.1"), nat64) is not None
    assert refusal(ip_address("64:ff9b::10.0.0.1"), nat64) is not None
    assert refusal(ip_address("64:ff9b::10.0.0.1"), (*nat64, *LAN)) is None


@pytest.mark.parametrize("length", [48, 56, 64, 96])
@pytest.mark.parametrize(("inner", "is_public"), [("10.0.0.1", False), ("93.184.216.34", True)])
def test_an_allowed_local_translator_leads_to_public_addresses_only(
    length: int, inner: str, is_public: bool
) -> None:
    """Whatever the length of its prefix (RFC 6052, 2.2)."""
    nat64 = (ip_network("64:ff9b:1::/48"),)
    bits = f"{int(ip_network('64:ff9b:1::/48').network_address):0128b}"[:length]
    carried = f"{int(IPv4Address(inner)):032b}"
    before = min(32, 64 - length) if length < 96 else 32
    middle = "" if length == 96 else "0" * 8
    text = (bits + carried[:before] + middle + carried[before:]).ljust(128, "0")
    reason = refusal(IPv6Address(int(text, 2)), nat64)
    assert (reason is None) is is_public, reason


def test_a_list_that_holds_everything_allows_everything() -> None:
    everything = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    assert [text for text in _edges() if refusal(ip_address(text), everything)] == []
