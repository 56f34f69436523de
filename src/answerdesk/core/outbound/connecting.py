"""From names to addresses, and sessions that connect only to what a guard permits."""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Protocol

from aiohttp import AddrInfoType, ClientSession, ClientTimeout, DummyCookieJar
from aiohttp.abc import AbstractResolver, ResolveResult

from answerdesk.core.outbound.errors import HostUnknown, Unreachable
from answerdesk.core.outbound.guard import Guard
from answerdesk.core.outbound.protocol import HeadFirstConnector

_THREADS: Final = 16
# Definite results of a name server. That none responds now (EAI_AGAIN), or that one refuses to
# (EAI_FAIL), says nothing about the host.
_NO_SUCH_HOST: Final = frozenset(
    code
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY")
    if (code := getattr(socket, name, None)) is not None
)


async def listens_here(port: int, seconds: float = 2.0) -> bool:
    """Tell whether a program of this machine accepts connections at a port; nothing is sent."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


class Resolver(Protocol):
    """Looks up every address of a host."""

    async def resolve(self, host: str, /) -> Sequence[IPv4Address | IPv6Address]:
        """Return the addresses of `host`, an ASCII name without a trailing dot; at least one.

        Raises HostUnknown if there is none, Unreachable if the look-up failed or took too long.
        """
        ...

    async def close(self) -> None:
        """Release resources, without waiting for look-ups in progress."""
        ...


class SystemResolver:
    """Asks as every program of this machine does, `/etc/hosts` included, in its own threads.

    A slow name server would otherwise block the threads that everything else shares.
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
        except (OSError, UnicodeError, RuntimeError) as error:  # RuntimeError: it is closed.
            raise Unreachable(f"{host}: its address could not be looked up") from error
        if not found:
            raise HostUnknown(host)
        return found

    async def close(self) -> None:
        """Start no further look-up."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class FixedResolver:
    """Answers from a table: the fake.

    For each host it has a list of addresses per look-up, in order; the last one is then repeated.
    """

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = answers
        self.look_ups: Counter[str] = Counter()

    async def resolve(self, host: str) -> Sequence[IPv4Address | IPv6Address]:
        answers = self._answers.get(host)
        if not answers:
            raise HostUnknown(host)
        turn = min(self.look_ups[host], len(answers) - 1)
        self.look_ups[host] += 1
        return [ip_address(text) for text in answers[turn]]

    async def close(self) -> None:
        """Do nothing: there is nothing to release."""


def _look_up(host: str) -> list[IPv4Address | IPv6Address]:
    # As bytes: otherwise Python would apply its older rules for international names.
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    texts = dict.fromkeys(str(address[0]) for *_, address in found)
    return [ip_address(text) for text in texts]


@dataclass(frozen=True, slots=True)
class Connections:
    """Maximum open connections of a session; 0 for no limit."""

    per_host: int
    together: int


USUAL_CONNECTIONS: Final = Connections(per_host=8, together=64)
_KEPT_SECONDS: Final = 4.0  # Less than on most servers, so that few close a connection under us.
_HEADER_BYTES: Final = 8190
_HEADERS: Final = 100

OpenSocket = Callable[[AddrInfoType], socket.socket]
"""Creates a socket for an address that has passed the guard and is connected to next."""


def open_socket(info: AddrInfoType) -> socket.socket:
    """Create a socket as the system does."""
    family, kind, protocol, *_ = info
    return socket.socket(family, kind, protocol)


def guarded_session(
    guard: Guard,
    resolver: Resolver,
    *,
    connect_seconds: float,
    tls: ssl.SSLContext,
    connections: Connections = USUAL_CONNECTIONS,
    open_socket: OpenSocket = open_socket,
) -> ClientSession:
    """Return a session whose connections must pass `guard`: by name and again by socket.

    It keeps no cookies, follows no redirects by itself, decompresses nothing, and uses neither
    proxies nor passwords from the environment. Connections stay open for a few seconds, for one
    purpose and host: an open one is not checked again.
    """

    def checked_socket(info: AddrInfoType) -> socket.socket:
        guard.require_socket(info)
        return open_socket(info)

    connector = HeadFirstConnector(
        resolver=_GuardedResolver(guard, resolver),
        socket_factory=checked_socket,
        use_dns_cache=False,
        ssl=tls,
        limit=connections.together,
        limit_per_host=connections.per_host,
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
    """Looks names up with our resolver, and passes on only addresses that the guard permits."""

    def __init__(self, guard: Guard, resolver: Resolver) -> None:
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  # The library's signature.
    ) -> list[ResolveResult]:
        """Return the permitted addresses; raises OutboundError if there are none."""
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
        """Do nothing: the resolver belongs to its owner, who shares it between sessions."""
