"""Turns to request from a host, shared by all processes."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from answerdesk.core.database import Database
from answerdesk.core.outbound.urls import parse_url
from answerdesk.core.ratelimit import Window, WindowFull, fill_in, take_in
from answerdesk.knowledge.website.host_turns import LONGEST_WAIT, NotYet

_LONGEST_TALK: Final = 90.0
"""Seconds after which a worker that holds a turn counts as dead; requests end well before."""

_SHORTEST_LOOK: Final = 0.05


class SharedTurns:
    """Turns among all processes: for each host, a rate-limit window in the database, of size 1."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def turn(self, url: str, pause: float, *, patient: bool = True) -> AsyncIterator[None]:
        """Wait for the turn; waiting callers get it in no particular order."""
        if pause <= 0:
            yield
            return
        # The table belongs to no tenant, so it must not hold host names.
        host = hashlib.sha256(parse_url(url).host.encode()).hexdigest()[:32]
        name = f"crawl:{host}"
        while (wait := await self._take(name)) > 0:
            # While somebody holds the turn, the time left is unknown.
            if not patient and min(wait, pause) > LONGEST_WAIT:
                raise NotYet(min(wait, pause))
            await asyncio.sleep(min(wait, max(pause / 4, _SHORTEST_LOOK)))
        try:
            yield
        finally:
            async with self._database.transaction(None) as session:
                await fill_in(session, Window(name, 1, pause))

    async def _take(self, name: str) -> float:
        """Take the turn; return 0 if taken, otherwise the maximum seconds until it is free."""
        try:
            async with self._database.transaction(None) as session:
                await take_in(session, Window(name, 1, _LONGEST_TALK))
        except WindowFull as full:
            return max(full.retry_after, 0.01)
        return 0.0
