"""Keeps a pause between two requests to one website, whoever in this process asks."""

import asyncio
import time
from typing import Final

from answerdesk.core.outbound.urls import parse_url

_MOST_SITES: Final = 1_000


class Pace:
    """Gives out turns: two to the same host begin at least `delay` seconds apart."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._next: dict[str, float] = {}

    async def turn(self, url: str, delay: float = 0.0) -> None:
        """Wait until the host of `url` may be asked; it rests for `delay` then, if that is more."""
        host = parse_url(url).host
        now = time.monotonic()
        at = max(now, self._next.pop(host, now))
        self._next[host] = at + max(self._delay, delay)
        self._forget(now)
        await asyncio.sleep(at - now)

    def _forget(self, now: float) -> None:
        if len(self._next) > _MOST_SITES:
            self._next = {host: at for host, at in self._next.items() if at > now}
