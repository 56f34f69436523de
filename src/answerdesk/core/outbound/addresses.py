"""Which IP addresses are fetched from: public ones, and those that the operator allows.

We have our own table, since `ipaddress.is_global` answers another question: it treats multicast,
`64:ff9b::/96`, `2002::/16` and the platform address of a large cloud as global, changes with the
version of Python, and gives no reason. Sources: the IANA registries of special-purpose addresses
(RFC 6890), RFC 6052 and 8215 (NAT64), 3056 (6to4), 4380 (Teredo), 5214 (ISATAP), 2765
(IPv4-translated), 4291 (mapped, compatible, site-local), and the clouds' manuals for metadata.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_METADATA: Final = "a cloud's metadata service"
_PRIVATE: Final = "a private network"
_TRANSLATED: Final = "an IPv4 address disguised as IPv6"
_DOCUMENTATION: Final = "a network reserved for documentation"

# The first match gives the reason, so narrower networks come before wider ones.
_IPV4: Final = (
    ("0.0.0.0/8", "this machine (“this network”)"),
    ("10.0.0.0/8", _PRIVATE),
    ("100.100.100.200/32", _METADATA),  # Alibaba Cloud.
    ("100.64.0.0/10", "a provider's shared network"),
    ("127.0.0.0/8", "this machine (loopback)"),
    ("168.63.129.16/32", "a cloud's platform service"),  # Azure; public only by its number.
    ("169.254.169.254/32", _METADATA),  # AWS, Google, Azure, and most others.
    ("169.254.170.2/32", _METADATA),  # AWS, credentials of containers.
    ("169.254.0.0/16", "the local link"),
    ("172.16.0.0/12", _PRIVATE),
    ("192.0.0.192/32", _METADATA),  # Oracle Cloud, classic.
    ("192.0.0.0/24", "protocols' own assignments"),
    ("192.0.2.0/24", _DOCUMENTATION),
    ("192.31.196.0/24", "a sink for name look-ups (AS112)"),
    ("192.52.193.0/24", "a multicast relay"),
    ("192.88.99.0/24", "a relay to IPv6 (6to4)"),
    ("192.168.0.0/16", _PRIVATE),
    ("192.175.48.0/24", "a sink for name look-ups (AS112)"),
    ("198.18.0.0/15", "a network for benchmarks"),
    ("198.51.100.0/24", _DOCUMENTATION),
    ("203.0.113.0/24", _DOCUMENTATION),
    ("224.0.0.0/4", "a group (multicast)"),
    ("255.255.255.255/32", "everybody here (broadcast)"),
    ("240.0.0.0/4", "a reserved range"),
)
_IPV6: Final = (
    ("::/128", "nobody (unspecified)"),
    ("::1/128", "this machine (loopback)"),
    ("::ffff:0:0/96", _TRANSLATED),  # Mapped.
    ("::ffff:0:0:0/96", _TRANSLATED),  # Translated (SIIT).
    ("::/96", _TRANSLATED),  # Compatible.
    ("64:ff9b::/96", "a translator to IPv4 (NAT64)"),
    ("64:ff9b:1::/48", "a local translator to IPv4 (NAT64)"),
    ("100::/64", "a network that discards everything"),
    ("100:0:0:1::/64", "a network that discards everything"),
    ("2001::/32", "a tunnel to IPv4 (Teredo)"),
    ("2001:2::/48", "a network for benchmarks"),
    ("2001:10::/28", "identifiers, not addresses (ORCHID)"),
    ("2001:20::/28", "identifiers, not addresses (ORCHID)"),
    ("2001::/23", "protocols' own assignments"),
    ("2001:db8::/32", _DOCUMENTATION),
    ("2002::/16", "a tunnel to IPv4 (6to4)"),
    ("2620:4f:8000::/48", "a sink for name look-ups (AS112)"),
    ("3ffe::/16", "a network given back (6bone)"),
    ("3fff::/20", _DOCUMENTATION),
    ("fd00:ec2::254/128", _METADATA),  # AWS.
    ("fd20:ce::254/128", _METADATA),  # Google.
    ("fd00:42::42/128", _METADATA),  # Scaleway.
    ("fc00::/7", "a private network (unique local)"),
    ("fe80::/10", "the local link"),
    ("fec0::/10", "a private network (site-local)"),
    ("ff00::/8", "a group (multicast)"),
)
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")
"""All addresses ever allocated for the public internet."""

REFUSED: Final[Sequence[tuple[Network, str]]] = tuple(
    (ip_network(network), reason) for network, reason in (*_IPV4, *_IPV6)
)

_LAST_32_BITS: Final = tuple(
    IPv6Network(text) for text in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
)
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_TEREDO: Final = IPv6Network("2001::/32")
_6TO4: Final = IPv6Network("2002::/16")
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)


def refusal(address: Address, allowed: Iterable[Network] = ()) -> str | None:
    """Return why an address is not fetched from, or None if it is.

    Addresses in `allowed` are fetched from, with one exception: if an IPv6 address embeds IPv4
    addresses, each of those must be public or allowed as well, since that is where its packets
    arrive. A mapped address is just its IPv4 address, and only that needs to be allowed.
    """
    networks = tuple(allowed)
    carried = embedded(address)
    for inner in carried:
        reason = refusal(inner, networks)
        if reason is not None:
            return f"{reason}, written as an IPv6 address"
    if is_allowed(address, networks):
        return None
    return _of_table(address)


def is_allowed(address: Address, networks: Iterable[Network]) -> bool:
    """Tell whether the operator's networks contain the address, or a mapped one's IPv4 address."""
    forms = [address]
    if isinstance(address, IPv6Address) and address in _MAPPED:
        forms.append(_ipv4(int(address)))
    return any(
        form.version == network.version and form in network
        for network in networks
        for form in forms
    )


def embedded(address: Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses to which an IPv6 address leads, if it embeds any."""
    if isinstance(address, IPv4Address):
        return ()
    number = int(address)
    if number <= 1:
        return ()  # `::` and `::1` look like compatible addresses, but have their own reasons.
    if any(address in network for network in _LAST_32_BITS):
        return (_ipv4(number),)
    if address in _6TO4:
        return (_ipv4(number >> 80),)
    if address in _TEREDO:
        # Teredo embeds the server's address, and the client's in masked form.
        return (_ipv4(number >> 64), _ipv4(~number))
    if address in _LOCAL_NAT64:
        return _by_local_nat64(number)
    if number >> 32 & 0xFFFF_FFFF in _ISATAP:
        return (_ipv4(number),)
    return ()


def _by_local_nat64(number: int) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that a translator with its own prefix may read (RFC 6052, 2.2).

    With a prefix of 96 bits, the IPv4 address is at the end. With one of 48, 56 or 64 bits, it is
    around bits 64 to 71, followed by zeros; the address does not say which. No translator leads to
    `0.0.0.0/8`.
    """
    if number & 0xFF_FFFF:
        return (_ipv4(number),)
    by_48 = (number >> 64 & 0xFFFF) << 16 | (number >> 40 & 0xFFFF)
    by_56 = (number >> 64 & 0xFF) << 24 | (number >> 32 & 0xFF_FFFF)
    readings = [_ipv4(reading) for reading in (by_48, by_56, number >> 24)]
    return tuple(one for one in readings if int(one) >> 24) or tuple(readings)


def _ipv4(number: int) -> IPv4Address:
    return IPv4Address(number & 0xFFFF_FFFF)


def _of_table(address: Address) -> str | None:
    for network, reason in REFUSED:
        if address.version == network.version and address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in _GLOBAL_IPV6:
        return "a network that has not been allocated"
    return None
