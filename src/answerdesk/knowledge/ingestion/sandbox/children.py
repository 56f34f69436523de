"""The children that are there: started when needed, kept for a while, ended."""

import asyncio
from typing import Final

import structlog

from answerdesk.knowledge.ingestion.sandbox.confinement import MEASURES
from answerdesk.knowledge.ingestion.sandbox.connection import Connection
from answerdesk.knowledge.ingestion.sandbox.errors import is_stopping
from answerdesk.knowledge.ingestion.sandbox.types import Limits

_log: Final = structlog.get_logger(__name__)


class Children:
    """Gives out children, one caller a child, and keeps some that have no work for a while."""

    def __init__(self, limits: Limits, most_idle: int, idle_seconds: float, python: str) -> None:
        self._limits = limits
        self._most_idle = most_idle
        self._idle_seconds = idle_seconds
        self._idle: list[tuple[float, Connection]] = []
        self._busy: set[Connection] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._python = python
        self._has_warned = False
        self.is_closed = False

    @property
    def all(self) -> tuple[Connection, ...]:
        """Those that can take a call, or are in one."""
        everyone = (*self._busy, *(child for _, child in self._idle))
        return tuple(child for child in everyone if child.is_usable)

    async def take(self) -> Connection:
        """Return a child for one call, started if none is idle; raises ParsingUnavailable."""
        child = self._take_idle()
        if child is None:
            if self.is_closed:
                raise is_stopping()
            child = await Connection.start(self._limits, self._python)
            self._warn_of_missing(child.held)
        self._busy.add(child)
        return child

    def put_back(self, child: Connection) -> None:
        """Take a child back after its call, however that ended."""
        self._busy.discard(child)
        if not child.is_usable or self.is_closed or len(self._idle) >= self._most_idle:
            self._end(child)
            return
        loop = asyncio.get_running_loop()
        self._idle.append((loop.time(), child))
        loop.call_later(self._idle_seconds, self._end_idle)

    async def close(self) -> None:
        """End all children, those in a call as well, and start none any more."""
        self.is_closed = True
        for child in (*self._busy, *(child for _, child in self._idle)):
            self._end(child)
        self._idle.clear()
        await asyncio.gather(*self._ending)

    def _take_idle(self) -> Connection | None:
        while self._idle:
            _, child = self._idle.pop()
            if child.is_usable:
                return child
            self._end(child)
        return None

    def _warn_of_missing(self, held: tuple[str, ...]) -> None:
        missing = [measure for measure in MEASURES if measure not in held]
        if missing and not self._has_warned:
            self._has_warned = True
            _log.warning(
                "document_reader_less_confined",
                missing=missing,
                advice="This system cannot limit it so; see docs/explanation/reading-files.md.",
            )

    def _end_idle(self) -> None:
        """End the children that have had no work for long."""
        latest = asyncio.get_running_loop().time() - self._idle_seconds
        for since, child in self._idle:
            if since <= latest:
                self._end(child)
        self._idle = [one for one in self._idle if one[0] > latest]

    def _end(self, child: Connection) -> None:
        task = asyncio.create_task(child.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
