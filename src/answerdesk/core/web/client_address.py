"""Which client address a request comes from, when there are proxies in front of us."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

UNKNOWN: Final = "unknown"
"""The address of a client that has none, such as one connected through a Unix socket."""

_MOST_HOPS: Final = 32
_IPV6_PREFIX: Final = 64
"""A client with one IPv6 address usually controls a whole network of this prefix length."""


class TrustedProxies:
    """ASGI middleware: trusts `X-Forwarded-For` and `X-Forwarded-Proto` of trusted proxies only.

    It sets the connection's `client` to the nearest address that is not a trusted proxy. It reads
    the list from the right, because anything left of the last trusted proxy may be forged.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._trusted:
            peer = _parse((scope.get("client") or ("",))[0])
            if peer is not None and self._is_trusted(peer):
                scope = self._behind(scope, peer)
        await self._app(scope, receive, send)

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _behind(self, scope: Scope, peer: Address) -> Scope:
        client = peer
        for entry in reversed(_values(scope, b"x-forwarded-for")[-_MOST_HOPS:]):
            address = _parse(entry)
            if address is None:
                break
            client = address
            if not self._is_trusted(address):
                break
        changed = {**scope, "client": (str(client), 0)}
        told = _values(scope, b"x-forwarded-proto")
        if told and told[-1] in ("http", "https"):
            changed["scheme"] = told[-1]
        return changed


def client_address(connection: HTTPConnection) -> str:
    """Return the client's address as limits count it: for IPv6, the /64 network.

    `TrustedProxies` must have run before. Returns `unknown` for a client without an address.
    """
    address = _parse(exact_client_address(connection))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_PREFIX), strict=False))
    return UNKNOWN if address is None else str(address)


def exact_client_address(connection: HTTPConnection) -> str:
    """Return the client's exact address, for records; `unknown` for a client without one."""
    address = None if connection.client is None else _parse(connection.client.host)
    return UNKNOWN if address is None else str(address)


def _values(scope: Scope, name: bytes) -> list[str]:
    """Return the comma-separated values of all headers with this name, in order."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [value.strip() for line in lines for value in line.split(",")]


def _parse(text: str) -> Address | None:
    """Read an address with or without a port; unwrap an IPv4 address in IPv6 form."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
