"""One stream's waiting frames, bounded however slowly they are taken."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from answerdesk.core.live.types import Topic

_MOST_BYTES: Final = 512 * 1024
_MOST_PIECES: Final = 1000
"""What may wait for one slow client, beside what came last. Subscribers of one topic share the
bytes."""

_TOO_SLOW: Final = b'event: reload\ndata: {"reason":"slow"}\n\n'


class Subscriber:
    """Takes what is put for its topics; ends once it is told to, or is too slow.

    It hears of events after `since`.
    """

    __slots__ = ("_ended", "_news", "_size", "_waiting", "checked_at", "since", "topics")

    def __init__(self, topics: Sequence[Topic], since: int, checked_at: float) -> None:
        self.topics = tuple(topics)
        self.since = since
        self.checked_at = checked_at
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._news: asyncio.Future[None] | None = None

    def put(self, data: bytes) -> None:
        """Add frames. With too many, they are all dropped, and the client is told to reload."""
        if self._ended:
            return
        if self._size > _MOST_BYTES or len(self._waiting) >= _MOST_PIECES:
            self._waiting.clear()
            self.end(_TOO_SLOW)
            return
        self._waiting.append(data)
        self._size += len(data)
        self._wake()

    def end(self, last: bytes = b"") -> None:
        """Let it take what waits, then `last`, then nothing more."""
        if self._ended:
            return
        self._ended = True
        if last:
            self._waiting.append(last)
        self._wake()

    async def take(self) -> bytes | None:
        """Wait for frames and return them; None at the end."""
        if not self._waiting and not self._ended:
            self._news = asyncio.get_running_loop().create_future()
            try:
                await self._news
            finally:
                self._news = None
        if not self._waiting:
            return None
        data = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        return data

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)
