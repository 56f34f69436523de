"""Connections that notice an unavailable database: restarted, gone, or connected but silent."""

import asyncio
import os
import select
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Final, TypeVar

import psycopg
import structlog
from psycopg.abc import PQGen

from answerdesk.core.errors import Unavailable

ConnectionArguments = Mapping[str, Any]
"""Keyword arguments of `psycopg.connect`."""

RV = TypeVar("RV")

PATIENCE: Final = 3.0
"""Seconds after which a request to a silent database fails."""

_PROBE: Final = 0.5
"""Seconds of these that a new connection has to show that the database is there."""

CONNECT_SECONDS: Final = 3
_TICK: Final = 1.0
"""Seconds between two checks for an interrupt while waiting for a statement."""

_log = structlog.get_logger(__name__)
_hurried: ContextVar[bool] = ContextVar("hurried", default=False)


class DatabaseAway(Unavailable):
    """The database cannot be reached, or does not respond; nothing was stored."""

    code = "database_unavailable"

    def __init__(self) -> None:
        super().__init__("The database is not responding at the moment. Try again shortly.")


@contextmanager
def hurried() -> Iterator[None]:
    """Make statements of this context fail after PATIENCE if the database is silent.

    For work that somebody waits for. A statement that is merely slow may continue.
    """
    token = _hurried.set(True)
    try:
        yield
    finally:
        _hurried.reset(token)


def is_hurried() -> bool:
    """Tell whether somebody waits for the work of this context."""
    return _hurried.get()


_AWAY: Final = ("08", "57P01", "57P02", "57P03", "53300")
"""SQLSTATEs of a server that stops, starts, or accepts no more connections."""


def is_away(error: psycopg.Error) -> bool:
    """Tell whether an error means that the database is unavailable, not that it refused this."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(_AWAY)


Probe = Callable[[], Awaitable[bool]]


class WatchedConnection(psycopg.AsyncConnection[Any]):
    """A connection whose statements do not wait for a silent database.

    `probe` tells whether the database responds on a separate connection.
    """

    probe: ClassVar[Probe]

    async def wait(
        self,
        gen: PQGen[RV],
        interval: float = _TICK,
        timeout: float | None = None,  # noqa: ASYNC109  # As the parent has it.
    ) -> RV:
        """Run a statement's generator as the parent does, while the database is there."""
        if not _hurried.get():
            return await super().wait(gen, max(interval, _TICK), timeout)
        watch: asyncio.Task[None] | None = None

        def begin_watch() -> None:
            nonlocal watch
            watch = loop.create_task(self._watch())

        loop = asyncio.get_running_loop()
        timer = loop.call_later(PATIENCE - _PROBE, begin_watch)
        try:
            return await super().wait(gen, max(interval, _TICK), timeout)
        finally:
            timer.cancel()
            if watch is not None:
                watch.cancel()

    async def _watch(self) -> None:
        """Close the connection once the database is silent; a slow statement may continue."""
        while await type(self).probe():  # noqa: ASYNC110  # Silence triggers no event.
            await asyncio.sleep(PATIENCE - _PROBE)
        # A caller waiting for the statement sees the connection end, as if it had broken.
        with socket.socket(fileno=os.dup(self.fileno())) as shared:
            shared.shutdown(socket.SHUT_RDWR)


def watched_by(prober: Probe) -> type[WatchedConnection]:
    """Return a connection class that `prober` watches over."""

    class Watched(WatchedConnection):
        probe = staticmethod(prober)

    return Watched


def is_stale(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Tell whether the other side has closed an idle connection: there is something to read.

    This check costs two microseconds, a round trip a hundred.
    """
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


class Prober:
    """Asks a database on a new connection whether it is there; concurrent callers share it."""

    def __init__(self, arguments: ConnectionArguments) -> None:
        self._arguments = {**arguments, "connect_timeout": 2}
        self._asked: asyncio.Task[bool] | None = None

    async def __call__(self) -> bool:
        """Return whether it has responded within _PROBE seconds."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._ask())
        done, _ = await asyncio.wait([self._asked], timeout=_PROBE)
        return bool(done) and self._asked.result()

    async def _ask(self) -> bool:
        try:
            connection = await psycopg.AsyncConnection.connect(**self._arguments, autocommit=True)
        except psycopg.Error as error:
            _log.warning("database_away", error=str(error).strip())
            return False
        try:
            await connection.execute("select 1")
        except psycopg.Error:
            return False
        else:
            return True
        finally:
            await connection.close()
