"""From names to addresses, and sessions that connect to nothing but what a guard permits."""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Protocol

from aiohttp import AddrInfoType, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from answerdesk.core.outbound.errors import HostUnknown, Unreachable
from answerdesk.core.outbound.guard import Guard

_THREADS: Final = 16
# What a name server says for sure. That none answers now (EAI_AGAIN), or that one refuses to
# (EAI_FAIL), says nothing about the host.
_NO_SUCH_HOST: Final = frozenset(
    code
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY")
    if (code := getattr(socket, name, None)) is not None
)


class Resolver(Protocol):
    """Look up every address of a host."""

    async def resolve(self, host: str, /) -> Sequence[IPv4Address | IPv6Address]:
        """Return the addresses of `host`, an ASCII name without a trailing dot; at least one.

        Raises HostUnknown when there is none, Unreachable when nobody could tell (in time).
        """
        ...

    async def close(self) -> None:
        """Give up what it holds; look-ups under way are not waited for."""
        ...


class SystemResolver:
    """Asks as every program of this machine does, `/etc/hosts` included, in threads of its own.

    Own threads, since a slow name server would else hold those that everything else shares.
    """

    def __init__(self, *, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolver")

    async def resolve(self, host: str) -> Sequence[IPv4Address | IPv6Address]:
        """Return every address of the host, without repetition, in the system's order."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._seconds):
                found = await loop.run_in_executor(self._threads, _look_up, host)
        except TimeoutError as error:
            raise Unreachable(
                f"{host}: its address was not found within {self._seconds:g} seconds",
                code="timed_out",
            ) from error
        except socket.gaierror as error:
            if error.errno in _NO_SUCH_HOST:
                raise HostUnknown(host) from error
            raise Unreachable(f"{host}: its address could not be looked up") from error
        except (OSError, UnicodeError, RuntimeError) as error:  # The last: it is closed.
            raise Unreachable(f"{host}: its address could not be looked up") from error
        if not found:
            raise HostUnknown(host)
        return found

    async def close(self) -> None:
        """Start no further look-up."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class FixedResolver:
    """Answers from a table: the fake.

    A host has one list of addresses for each look-up in turn; the last is given from then on.
    """

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = answers
        self.look_ups: Counter[str] = Counter()

    async def resolve(self, host: str) -> Sequence[IPv4Address | IPv6Address]:
        """Return the next answer for the host."""
        answers = self._answers.get(host)
        if not answers:
            raise HostUnknown(host)
        turn = min(self.look_ups[host], len(answers) - 1)
        self.look_ups[host] += 1
        return [ip_address(text) for text in answers[turn]]

    async def close(self) -> None:
        """Hold nothing."""


def _look_up(host: str) -> list[IPv4Address | IPv6Address]:
    # As bytes: Python would else apply its own, older rules for international names.
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    texts = dict.fromkeys(str(address[0]) for *_, address in found)
    return [ip_address(text) for text in texts]


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
