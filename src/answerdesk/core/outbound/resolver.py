"""From names to addresses, bounded in time; a port with a fake that tests choose."""

import asyncio
import socket
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Protocol

from answerdesk.core.outbound.errors import HostUnknown, Unreachable

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
