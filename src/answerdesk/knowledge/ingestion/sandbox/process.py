"""The pool of child processes that read documents."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

import structlog

from answerdesk.core.errors import InvalidInput
from answerdesk.core.settings import Settings
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.sandbox import errors, values
from answerdesk.knowledge.ingestion.sandbox.confinement import OUT_OF_TIME
from answerdesk.knowledge.ingestion.sandbox.connection import (
    ChildDied,
    Children,
    Connection,
    Refused,
)
from answerdesk.knowledge.ingestion.sandbox.frames import Call, Fault, FrameTooLong, Limits
from answerdesk.knowledge.ingestion.sandbox.lanes import Lanes, MustMakeWay
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.types import QA_MEDIA_TYPE

T = TypeVar("T")

_PREPARE: Final = "answerdesk.knowledge.ingestion.sandbox.operations:prepare"
_HEAD: Final[Any] = tuple[str, str]
_CHUNKS: Final[Any] = tuple[ChunkDraft, ...]

_PATIENCE: Final = 2.0
"""Wall-clock time that a waiting caller is kept, as a multiple of a document's processor time."""
_LEAST_PATIENCE: Final = 20.0
_WALL: Final = 24.0
"""Wall-clock limit for reading, as a multiple of a document's processor time."""
_DEATHS: Final = 2
"""After this many dead children, the document is held to be the cause."""
_KILLINGS: Final = 3
"""The same for children killed by something else, which may have chosen the wrong ones."""
_AFTER_KILLING_SECONDS: Final = 0.5
"""Pause before the next attempt, times the deaths so far: the shortage may be over by then."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """A function that the child runs on a document's bytes, and its result type.

    `function` is "module:name". Its arguments after the bytes are strings. `values` must know the
    result type and every type that it names.
    """

    function: str
    result: type[T]


class ParsingProcess:
    """Reads documents in confined child processes, which start on demand.

    One per event loop; `close` ends the children.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        processes: int = 1,
        idle_seconds: float = 30.0,
        wait_seconds: float = 120.0,
        python: str = sys.executable,
    ) -> None:
        """Take how many documents are read in parallel, not counting one slow document.

        An idle child ends after `idle_seconds`; a document waits at most `wait_seconds`.
        """
        self._limits = limits or Limits()
        self._lanes = Lanes(processes, self._limits.quick_seconds, wait_seconds)
        self._children = Children(self._limits, processes, idle_seconds, python)
        self.readings = 0
        """How many documents have been read, or found to be unreadable."""

    @classmethod
    def of(cls, settings: Settings) -> "ParsingProcess":
        seconds = settings.parse_seconds
        limits = Limits(
            seconds=seconds,
            wall_seconds=max(Limits().wall_seconds, seconds * _WALL),
            memory_mb=settings.parse_memory_mb,
            most_answer_bytes=max(Limits().most_answer_bytes, 3 * settings.max_file_bytes),
        )
        return cls(limits, processes=settings.parsing_processes)

    @property
    def patience(self) -> float:
        """Seconds of wall-clock time that a caller may be kept waiting for a document's result.

        A document that takes too much processor time fails within that time, unless other processes
        keep the machine busy.
        """
        return max(self._limits.seconds * _PATIENCE, _LEAST_PATIENCE)

    @property
    def pids(self) -> frozenset[int]:
        return frozenset(child.pid for child in self._children.all)

    async def prepare(
        self,
        content: bytes,
        media_type: str,
        name: str,
        *,
        patience: float | None = None,
    ) -> PreparedDocument:
        """Read a document and split it into chunks, as `ingestion.prepare.prepare` does.

        Raises UnreadableDocument, ParsingStopped or ParsingUnavailable; the last also after
        `patience` seconds.
        """
        if media_type == QA_MEDIA_TYPE:
            # JSON that Answerdesk itself wrote.
            return await prepare_in_thread(content, media_type, name)
        call = Call(_PREPARE, (media_type, name))
        parts = await self._run(_Work(call, content, name, (_HEAD, _CHUNKS)), patience)
        return self._document(parts, name)

    async def run(
        self,
        operation: Operation[T],
        content: bytes,
        *arguments: str,
        name: str,
        patience: float | None = None,
    ) -> T:
        """Run a function on a document; errors call the document `name`.

        Raises the function's InvalidInput, ParsingStopped or ParsingUnavailable; the last also
        after `patience` seconds.
        """
        call = Call(operation.function, arguments)
        parts = await self._run(_Work(call, content, name, (operation.result,)), patience)
        if len(parts) != 1:
            raise errors.crashed(name, self._limits.memory_mb)
        return cast("T", parts[0])

    async def run_and_prepare(
        self, operation: Operation[T], content: bytes, *arguments: str, name: str
    ) -> tuple[T, PreparedDocument | None]:
        """Like `run`, with a function that yields its result and then any parts of the document."""
        kinds = (operation.result, _HEAD, _CHUNKS)
        call = Call(operation.function, arguments)
        first, *parts = await self._run(_Work(call, content, name, kinds), None) or (None,)
        if first is None:
            raise errors.crashed(name, self._limits.memory_mb)
        return cast("T", first), self._document(parts, name) if parts else None

    async def close(self) -> None:
        """End the children; documents being read fail with ParsingUnavailable."""
        await self._children.close()

    def _document(self, parts: list[Any], name: str) -> PreparedDocument:
        match parts:
            case [(str(title), str(language)), *lists]:
                drafts = tuple(draft for drafts in lists for draft in drafts)
                return PreparedDocument(title, language, drafts)
        raise errors.crashed(name, self._limits.memory_mb)

    async def _run(self, work: "_Work", patience: float | None) -> list[Any]:
        """Return the parts of the result."""
        try:
            async with asyncio.timeout(patience):
                parts = await self._in_turn(work)
        except TimeoutError as error:
            raise errors.machine_busy() from error
        except InvalidInput:
            self.readings += 1
            raise
        self.readings += 1
        _log.debug("document_read", operation=work.call.operation, size=len(work.content))
        return parts

    async def _in_turn(self, work: "_Work") -> list[Any]:
        """Return the parts of the result; a document that had to make way starts again."""
        try:
            async with self._lanes.quick_place() as place:
                reading = asyncio.create_task(self._read(work))
                try:
                    await place.wait_for(reading, work.used)
                finally:
                    if not reading.done():
                        reading.cancel()
                        await asyncio.wait({reading})
                return reading.result()
        except MustMakeWay:
            async with self._lanes.slow_place():
                return await self._read(work)

    async def _read(self, work: "_Work") -> list[Any]:
        """Return the parts of the result; tries again a few times if a child dies."""
        limits = self._limits
        for deaths in range(1, _KILLINGS + 1):
            try:
                return await self._attempt(work)
            except FrameTooLong as error:
                raise errors.too_much(work.name, limits.most_answer_bytes) from error
            except Refused as refused:
                raise self._told(refused.fault, work.name) from refused
            except ChildDied as error:
                if self._children.is_closed:
                    raise errors.is_stopping() from error
                if error.number == OUT_OF_TIME:
                    raise errors.timed_out(work.name, limits.seconds) from error
                _log.warning(
                    "document_reader_died", operation=work.call.operation, signal=error.number
                )
                if error.number == signal.SIGKILL:
                    await asyncio.sleep(_AFTER_KILLING_SECONDS * deaths)
                elif deaths >= _DEATHS:
                    break
        raise errors.crashed(work.name, limits.memory_mb)

    async def _attempt(self, work: "_Work") -> list[Any]:
        """Return the parts of the result.

        Raises what `Connection.call` raises, and ParsingStopped or ParsingUnavailable if reading
        takes too long. Exceeding the wall-clock limit alone only means that a later attempt may
        succeed.
        """
        child = work.child = await self._children.take()
        parts: list[Any] = []
        kinds = work.each_kind()
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                await child.call(
                    work.call,
                    work.content,
                    lambda part: parts.append(values.load(next(kinds), part)),
                )
        except TimeoutError as error:
            if (child.used_seconds or 0) >= self._limits.seconds:
                # It has disabled the timer that should have ended it.
                raise errors.timed_out(work.name, self._limits.seconds) from error
            raise errors.machine_busy() from error
        finally:
            self._children.put_back(child)
        return parts

    def _told(self, fault: Fault, name: str) -> InvalidInput:
        """Return the error for a child's fault."""
        if fault.code == "parsing_out_of_memory":
            return errors.out_of_memory(name, self._limits.memory_mb)
        if fault.code in ("parsing_too_deep", "parsing_crashed"):
            _log.warning("document_reader_failed", code=fault.code, where=fault.where)
            return (
                errors.too_deep(name)
                if fault.code == "parsing_too_deep"
                else errors.crashed(name, self._limits.memory_mb)
            )
        if fault.code == UnreadableDocument.code and fault.reason is not None:
            return UnreadableDocument(fault.message, reason=cast("Any", fault.reason))
        return InvalidInput(fault.message, code=fault.code)


@dataclass(slots=True)
class _Work:
    """One document's work, and the child that does it.

    `kinds` are the types of the result's parts; further parts have the last type.
    """

    call: Call
    content: bytes
    name: str
    kinds: tuple[type[Any], ...]
    child: Connection | None = None

    def each_kind(self) -> Iterator[type[Any]]:
        """Yield the type of each part, without end."""
        yield from self.kinds
        while True:
            yield self.kinds[-1]

    def used(self) -> float | None:
        """Return the processor time that its child has used; 0 before it has a child.

        None if the child's time is unknown.
        """
        return 0.0 if self.child is None else self.child.used_seconds
