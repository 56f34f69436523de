"""Scheduling of documents: one that takes long makes way for those that wait.

There are quick places and one slow place. Each document starts in a quick place. If it isn't done
after a short processor time, it moves to the slow place if that is free, and its quick place goes
to the next document. If the slow place is taken and others wait, the document is stopped, and
starts again once it gets the slow place. So each document delays those behind it by at most the
short time, however many bombs arrive. If other processes keep the machine busy, ordinary documents
also take long by the clock; that alone restarts none of them, unless it takes very long.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from answerdesk.knowledge.ingestion.sandbox.errors import ParsingUnavailable

_LOOK_SECONDS: Final = 0.2
_BY_THE_CLOCK: Final = 15.0
"""Multiple of the short time after which a document must move, however little it could do."""

Used = Callable[[], float | None]
"""Returns the processor seconds that a document has used so far; None if unknown."""


class MustMakeWay(Exception):
    """Others wait, and this document has used up its time in the quick place."""


class Lanes:
    """The quick places and the slow one."""

    def __init__(self, places: int, quick_seconds: float, wait_seconds: float) -> None:
        """Take the processor seconds that a document may delay others, and its maximum wait."""
        self._quick = asyncio.Semaphore(places)
        self._slow = asyncio.Semaphore(1)
        self._quick_seconds = quick_seconds
        self._wait_seconds = wait_seconds
        self._waiting = 0

    @asynccontextmanager
    async def quick_place(self) -> AsyncIterator["Place"]:
        """Hold a quick place; raises ParsingUnavailable after too long a wait."""
        self._waiting += 1
        try:
            await self._enter(self._quick)
        finally:
            self._waiting -= 1
        place = Place(self)
        try:
            yield place
        finally:
            (self._slow if place.is_aside else self._quick).release()

    @asynccontextmanager
    async def slow_place(self) -> AsyncIterator[None]:
        """Hold the slow place; raises ParsingUnavailable after too long a wait."""
        await self._enter(self._slow)
        try:
            yield
        finally:
            self._slow.release()

    async def step_aside(self, reading: "asyncio.Task[Any]", used: Used) -> bool:
        """Wait for a task in a quick place; return whether it moved to the slow place.

        Raises MustMakeWay if others need its place and the slow place is taken.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        await asyncio.wait({reading}, timeout=self._quick_seconds)
        while not reading.done():
            if self._has_had_its_time(used(), clock() - began):
                if not self._slow.locked():
                    await self._slow.acquire()
                    self._quick.release()
                    return True
                if self._waiting:
                    raise MustMakeWay
            await asyncio.wait({reading}, timeout=_LOOK_SECONDS)
        return False

    def _has_had_its_time(self, used: float | None, passed: float) -> bool:
        if used is None or used >= self._quick_seconds:
            return True
        return passed >= self._quick_seconds * _BY_THE_CLOCK

    async def _enter(self, places: asyncio.Semaphore) -> None:
        try:
            async with asyncio.timeout(self._wait_seconds):
                await places.acquire()
        except TimeoutError as error:
            raise ParsingUnavailable(
                "Too many documents are being read; try again in a few minutes",
                code="parsing_busy",
            ) from error


class Place:
    """One document's quick place, until it moves to the slow one."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self.is_aside = False

    async def wait_for(self, reading: "asyncio.Task[Any]", used: Used) -> None:
        """Wait until the task is done; raises MustMakeWay if others need the place."""
        self.is_aside = await self._lanes.step_aside(reading, used)
        await asyncio.wait({reading})
