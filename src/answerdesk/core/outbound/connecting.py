"""Sessions of the HTTP library that connect to nothing but what a guard permits."""

import socket
import ssl
from collections.abc import Callable
from typing import Final

from aiohttp import AddrInfoType, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from answerdesk.core.outbound.guard import Guard
from answerdesk.core.outbound.resolver import Resolver

_PER_HOST: Final = 8
_ALL: Final = 64
_KEPT_SECONDS: Final = 4.0  # Less than most servers keep one, so that few are closed under us.
_HEADER_BYTES: Final = 8190
_HEADERS: Final = 100

OpenSocket = Callable[[AddrInfoType], socket.socket]
"""Make a socket for an address that the guard has passed; it is connected to that address next."""


def open_socket(info: AddrInfoType) -> socket.socket:
    """Make a socket as the system does."""
    family, kind, protocol, *_ = info
    return socket.socket(family, kind, protocol)


def guarded_session(
    guard: Guard,
    resolver: Resolver,
    *,
    connect_seconds: float,
    tls: ssl.SSLContext,
    open_socket: OpenSocket = open_socket,
) -> ClientSession:
    """Return a session whose connections have passed `guard`: by name and again by socket.

    It keeps no cookies, follows no redirects by itself, unpacks nothing, and takes neither proxies
    nor passwords from the environment. Connections are kept open for a few seconds, for one purpose
    and host: what was permitted when it was opened is not judged again.
    """

    def checked_socket(info: AddrInfoType) -> socket.socket:
        guard.require_socket(info)
        return open_socket(info)

    connector = TCPConnector(
        resolver=_GuardedResolver(guard, resolver),
        socket_factory=checked_socket,
        use_dns_cache=False,
        ssl=tls,
        limit=_ALL,
        limit_per_host=_PER_HOST,
        keepalive_timeout=_KEPT_SECONDS,
    )
    return ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        timeout=ClientTimeout(total=None, sock_connect=connect_seconds),
        max_line_size=_HEADER_BYTES,
        max_field_size=_HEADER_BYTES,
        max_headers=_HEADERS,
    )


class _GuardedResolver(AbstractResolver):
    """Looks up with our resolver, and hands on only addresses that the guard permits."""

    def __init__(self, guard: Guard, resolver: Resolver) -> None:
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  # The library's signature.
    ) -> list[ResolveResult]:
        """Return the permitted addresses; raises OutboundError where there is none."""
        addresses = await self._resolver.resolve(host)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._guard.permitted(host, addresses, port)
        ]

    async def close(self) -> None:
        """Leave the resolver to its owner, who shares it between sessions."""
