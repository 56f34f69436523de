"""The pool of children that read documents."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, Generic, TypeVar, cast

import structlog

from answerdesk.core.errors import InvalidInput
from answerdesk.core.settings import Settings
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.sandbox import errors, values
from answerdesk.knowledge.ingestion.sandbox.confinement import MEASURES
from answerdesk.knowledge.ingestion.sandbox.connection import ChildDied, Connection, Refused
from answerdesk.knowledge.ingestion.sandbox.errors import ParsingUnavailable
from answerdesk.knowledge.ingestion.sandbox.frames import FrameTooLong
from answerdesk.knowledge.ingestion.sandbox.lanes import Lanes, MustMakeWay
from answerdesk.knowledge.ingestion.sandbox.types import Call, Fault, Limits
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.types import QA_MEDIA_TYPE

T = TypeVar("T")
Read = Callable[[bytes], Any]
"""Reads one part of a result from its bytes; raises WrongShape."""

_PREPARE: Final = "answerdesk.knowledge.ingestion.sandbox.operations:prepare"
_ATTEMPTS: Final = 2
"""A child may die of what is not its document's fault, once."""
_LEAST_SHARE: Final = 0.2
"""Of the time that it had, a document whose reading got less of a processor was not read slowly:
others had the machine."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """A function that the child runs on a document's bytes, and the type of what it returns.

    `function` is "module:name". Its arguments after the bytes are strings; what it returns, and all
    that its type names, `values` must know.
    """

    function: str
    result: type[T]


class ParsingProcess:
    """Runs what reads documents in limited child processes, started when needed.

    One for each event loop; `close` ends the children.
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
        """Take how many documents are read at once, not counting one that takes long.

        A child without work ends after `idle_seconds`; a document waits `wait_seconds` at most.
        """
        self._limits = limits or Limits()
        self._lanes = Lanes(processes, self._limits.quick_seconds, wait_seconds)
        self._processes = processes
        self._idle_seconds = idle_seconds
        self._idle: list[tuple[float, Connection]] = []
        self._busy: set[Connection] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._python = python
        self._is_closed = False
        self._has_warned = False

    @classmethod
    def of(cls, settings: Settings) -> "ParsingProcess":
        """Return the pool that the settings ask for."""
        most = max(Limits().most_answer_bytes, 3 * settings.max_file_bytes)
        limits = Limits(settings.parse_seconds, settings.parse_memory_mb, most)
        return cls(limits, processes=settings.parsing_processes)

    @property
    def pids(self) -> frozenset[int]:
        """The process ids of the children."""
        return frozenset(
            child.pid for child in (*self._busy, *(one for _, one in self._idle)) if child.is_usable
        )

    async def prepare(
        self, content: bytes, media_type: str, name: str, title: str | None
    ) -> PreparedDocument:
        """Read a document and split it into chunks, as `ingestion.prepare.prepare` does.

        Raises UnreadableDocument, ParsingStopped or ParsingUnavailable.
        """
        if media_type == QA_MEDIA_TYPE:
            # Our own JSON, written by ourselves.
            return await prepare_in_thread(content, media_type, name, title)
        parts = await self._run(
            Call(_PREPARE, (media_type, name)), content, name, _part_of_document
        )
        match parts:
            case [(str(own_title), str(language)), *lists]:
                drafts = tuple(draft for drafts in lists for draft in drafts)
                return PreparedDocument(title or own_title, language, drafts)
        raise errors.crashed(name, self._limits.memory_mb)

    async def run(self, operation: Operation[T], content: bytes, *arguments: str, name: str) -> T:
        """Run a function on a document; `name` is what errors call it.

        Raises InvalidInput as the function did, ParsingStopped or ParsingUnavailable.
        """

        def read(part: bytes) -> T:
            return values.load(operation.result, part)

        parts = await self._run(Call(operation.function, arguments), content, name, read)
        if len(parts) != 1:
            raise errors.crashed(name, self._limits.memory_mb)
        return cast("T", parts[0])

    async def close(self) -> None:
        """End the children; a document that is being read is told as unavailable."""
        self._is_closed = True
        for child in (*self._busy, *(one for _, one in self._idle)):
            self._end(child)
        self._idle.clear()
        await asyncio.gather(*self._ending)

    async def _run(self, call: Call, content: bytes, name: str, read: Read) -> list[Any]:
        """Return the parts of the result; a document that has to make way begins anew."""
        try:
            async with self._lanes.quick_place() as place:
                reading = asyncio.create_task(self._read(call, content, name, read))
                try:
                    await place.wait_for(reading)
                finally:
                    if not reading.done():
                        reading.cancel()
                        await asyncio.wait({reading})
                return reading.result()
        except MustMakeWay:
            async with self._lanes.slow_place():
                return await self._read(call, content, name, read)

    async def _read(self, call: Call, content: bytes, name: str, read: Read) -> list[Any]:
        """Return the parts of the result; all attempts together have the time of one."""
        limits = self._limits
        left = limits.seconds
        for attempt in range(_ATTEMPTS):
            began = monotonic()
            try:
                return await self._attempt(call, content, read, left)
            except TimeoutError as error:
                if attempt:
                    break
                raise errors.timed_out(name, limits.seconds) from error
            except FrameTooLong as error:
                raise errors.too_much(name, limits.most_answer_bytes) from error
            except Refused as refused:
                raise self._told(refused.fault, name) from refused
            except ChildDied as error:
                if self._is_closed:
                    raise _is_stopping() from error
                left = max(left - (monotonic() - began), 0)
                _log.warning("document_reader_died", operation=call.operation)
        raise errors.crashed(name, limits.memory_mb)

    async def _attempt(self, call: Call, content: bytes, read: Read, seconds: float) -> list[Any]:
        child = await self._take()
        parts: list[Any] = []
        try:
            async with asyncio.timeout(seconds):
                await child.call(call, content, lambda part: parts.append(read(part)))
        except TimeoutError as error:
            if others_had_the_machine(child.used_seconds, seconds):
                raise errors.machine_busy() from error
            raise
        finally:
            self._put_back(child)
        return parts

    async def _take(self) -> Connection:
        child = self._take_idle()
        if child is None:
            if self._is_closed:
                raise _is_stopping()
            child = await Connection.start(self._limits, self._python)
            self._warn_of_missing(child.held)
        self._busy.add(child)
        return child

    def _warn_of_missing(self, held: tuple[str, ...]) -> None:
        missing = [measure for measure in MEASURES if measure not in held]
        if missing and not self._has_warned:
            self._has_warned = True
            _log.warning(
                "document_reader_less_confined",
                missing=missing,
                advice="This system cannot limit it so; see docs/explanation/reading-files.md.",
            )

    def _take_idle(self) -> Connection | None:
        while self._idle:
            _, child = self._idle.pop()
            if child.is_usable:
                return child
            self._end(child)
        return None

    def _put_back(self, child: Connection) -> None:
        self._busy.discard(child)
        if not child.is_usable or self._is_closed or len(self._idle) >= self._processes:
            self._end(child)
            return
        loop = asyncio.get_running_loop()
        self._idle.append((loop.time(), child))
        loop.call_later(self._idle_seconds, self._end_idle)

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

    def _told(self, fault: Fault, name: str) -> InvalidInput:
        """Return the error that a child's fault stands for."""
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


def others_had_the_machine(used: float | None, seconds: float) -> bool:
    """Say whether a child got too little of a processor in its time; not where none can tell."""
    return used is not None and used < seconds * _LEAST_SHARE


def _part_of_document(part: bytes) -> object:
    """Read a list of chunks, or the title and language that come before them."""
    kind: Any = tuple[str, str] if part.startswith(b'["') else tuple[ChunkDraft, ...]
    return values.load(kind, part)


def _is_stopping() -> ParsingUnavailable:
    return ParsingUnavailable("Answerdesk is being stopped; try again", code="parsing_stopping")
