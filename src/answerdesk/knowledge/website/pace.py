"""Whose turn it is to ask a website: one request to a host at a time, then a pause."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from answerdesk.core.outbound.urls import parse_url

LONGEST_WAIT: Final = 5.0
"""Seconds that somebody who is not patient waits for a turn."""

_MOST_HOSTS: Final = 1_000


class NotYet(Exception):
    """The host's turn comes only in `seconds`: too long to wait for."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:g} s")
        self.seconds = seconds


class Turns(Protocol):
    """Gives out turns to ask a host."""

    def turn(
        self, url: str, pause: float, *, patient: bool = True
    ) -> AbstractAsyncContextManager[None]:
        """Wait until the host of `url` may be asked, and let nobody else ask it meanwhile.

        From the end of the block on, the host is left alone for `pause` seconds; 0 neither waits
        nor pauses. Who is not `patient` gets NotYet in place of a wait of more than LONGEST_WAIT.
        """
        ...


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rests_until: float = 0.0


class OwnTurns:
    """Turns among those who ask in this process."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, url: str, pause: float, *, patient: bool = True) -> AsyncIterator[None]:
        """Wait for the turn, in the order in which it was asked for."""
        if pause <= 0:
            yield
            return
        host = self._host(parse_url(url).host)
        rest = host.rests_until - time.monotonic()
        if not patient and rest > LONGEST_WAIT:
            raise NotYet(rest)
        async with host.lock:
            await asyncio.sleep(max(0.0, host.rests_until - time.monotonic()))
            try:
                yield
            finally:
                host.rests_until = time.monotonic() + pause

    def _host(self, name: str) -> _Host:
        if len(self._hosts) >= _MOST_HOSTS:
            now = time.monotonic()
            self._hosts = {
                known: host
                for known, host in self._hosts.items()
                if host.lock.locked() or host.rests_until > now
            }
        return self._hosts.setdefault(name, _Host())
