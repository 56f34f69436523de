"""Turns to request from a website: one request per host at a time, then a pause."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from answerdesk.core.outbound.urls import parse_url

LONGEST_WAIT: Final = 5.0
"""Maximum seconds that an impatient caller waits for a turn."""

_MOST_HOSTS: Final = 1_000


class NotYet(Exception):
    """The host's turn comes in `seconds`, which is too long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no turn for {seconds:g} s")
        self.seconds = seconds


class Turns(Protocol):
    """Gives out turns to request from a host."""

    def turn(
        self, url: str, pause: float, *, patient: bool = True
    ) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of the host of `url`, and hold it during the block.

        After the block, nobody gets a turn for `pause` seconds; a pause of 0 neither waits nor
        holds. If not `patient`, raises NotYet instead of waiting longer than LONGEST_WAIT.
        """
        ...


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rests_until: float = 0.0


class OwnTurns:
    """Turns among the callers in this process."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, url: str, pause: float, *, patient: bool = True) -> AsyncIterator[None]:
        """Wait for the turn, first come, first served."""
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
