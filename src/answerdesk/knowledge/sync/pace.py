"""The pause between two requests to one host, whichever process makes them."""

import asyncio
import hashlib
from typing import Final
from urllib.parse import urlsplit

from answerdesk.core.database import Database
from answerdesk.core.ratelimit import Window, WindowFull, take_in

_LONGEST_WAIT: Final = 5.0


class NotYet(Exception):
    """The host's turn comes only in `seconds`: too long to wait for within a step."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:g} s")
        self.seconds = seconds


class HostPace:
    """Lets one request to a host pass at a time, all processes together."""

    def __init__(self, database: Database, least: float) -> None:
        """Take the least pause in seconds."""
        self._database = database
        self._least = least

    async def turn(self, url: str, asked: float) -> None:
        """Wait for the turn of the host of `url`, which asks for a pause of `asked` seconds.

        Raises NotYet where that is longer than a step should wait.
        """
        pause = max(self._least, asked)
        if pause <= 0:
            return
        # The table belongs to no tenant, so it holds no host's name.
        host = hashlib.sha256(urlsplit(url).netloc.lower().encode()).hexdigest()[:32]
        window = Window(f"crawl:{host}", 1, pause)
        while True:
            try:
                async with self._database.transaction(None) as session:
                    await take_in(session, window)
            except WindowFull as full:
                if full.retry_after > _LONGEST_WAIT:
                    raise NotYet(full.retry_after) from full
                await asyncio.sleep(max(full.retry_after, 0.01))
            else:
                return
