"""Keeps a pause between two requests to one website, whoever in this process asks."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from answerdesk.core.outbound.urls import parse_url

_MOST_SITES: Final = 1_000


class Pace:
    """Gives out turns: between the end of one and the next to the same host are `delay` seconds."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._next: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, url: str, delay: float = 0.0) -> AsyncIterator[None]:
        """Wait until the host of `url` may be asked; it rests for `delay` then, if that is more."""
        host = parse_url(url).host
        pause = max(self._delay, delay)
        now = time.monotonic()
        at = max(now, self._next.get(host, now))
        # Whoever asks while this one waits or talks comes later.
        self._next[host] = at + pause
        self._forget(now)
        await asyncio.sleep(at - now)
        try:
            yield
        finally:
            self._next[host] = max(self._next.get(host, 0.0), time.monotonic() + pause)

    def _forget(self, now: float) -> None:
        if len(self._next) > _MOST_SITES:
            self._next = {host: at for host, at in self._next.items() if at > now}
