"""The parent's side of the children: start one, call it, kill it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from answerdesk.knowledge.ingestion.sandbox import values
from answerdesk.knowledge.ingestion.sandbox.confinement import MEASURES
from answerdesk.knowledge.ingestion.sandbox.errors import ParsingUnavailable, is_stopping
from answerdesk.knowledge.ingestion.sandbox.frames import (
    BrokenWire,
    Call,
    Ended,
    Fault,
    FrameTooLong,
    Kind,
    Limits,
    Options,
    Ready,
    frame,
    receive_frame,
)

_START_SECONDS: Final = 30.0
_DEATH_SECONDS: Final = 2.0
"""For which a child that has closed its pipes is waited for."""
_MOST_CALLS: Final = 500
"""After so many documents another child takes its place, whatever a reader may have leaked."""
_SMALL: Final = 64 * 1024
_READ_AT_ONCE: Final = 256 * 1024

# Finds modules where this process finds them, and nowhere else: not in the folder it is started in,
# nor where the environment points.
_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from answerdesk.knowledge.ingestion.sandbox.child import main; main(sys.argv[2])"
)


class ChildDied(Exception):
    """The child ended, or sent what is no answer, in the middle of a call.

    `number` is the signal that it died of, None where it ended otherwise or has not ended.
    """

    def __init__(self, number: int | None = None) -> None:
        super().__init__(number)
        self.number = number


class Refused(Exception):
    """The child found that there is no result; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Connection:
    """One running child; it takes one call at a time."""

    def __init__(self, process: Process, limits: Limits) -> None:
        """Take a process that has just been started."""
        self._process = process
        self._limits = limits
        self._is_spent = False
        self._is_called = False
        self.held: tuple[str, ...] = ()
        self._used_before: float | None = None
        self._used: float | None = None

    @classmethod
    async def start(cls, limits: Limits, python: str) -> "Connection":
        """Start a child by a Python of this installation, and wait until it can take a call.

        Raises ParsingUnavailable.
        """
        options = Options(
            os.getpid(),
            limits.seconds,
            limits.memory_mb * 1024 * 1024,
            limits.niceness,
            _MOST_CALLS,
        )
        paths = [path for path in sys.path if Path(path).is_absolute()]
        try:
            process = await asyncio.create_subprocess_exec(
                *(python, "-I", "-c", _START),
                *(values.dump(paths).decode(), values.dump(options).decode()),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
        except OSError as error:
            raise _unavailable(error.strerror or type(error).__name__) from error
        child = cls(process, limits)
        try:
            async with asyncio.timeout(_START_SECONDS):
                child.held = await child._ready()
        except (TimeoutError, ChildDied, FrameTooLong, values.WrongShape) as error:
            await child.close()
            raise _unavailable(
                "it ended at once" if process.returncode is not None else "it does not answer"
            ) from error
        except BaseException:
            # Waited for, or what asyncio keeps of it outlives the loop.
            await child.close()
            raise
        return child

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        """Whether it takes another call."""
        return not self._is_spent and self._process.returncode is None

    @property
    def used_seconds(self) -> float | None:
        """How much of a processor the last call took so far; None where the system tells not."""
        return self._used_so_far() if self._is_called else self._used

    def _used_so_far(self) -> float | None:
        now, before = processor_seconds(self.pid), self._used_before
        return None if now is None or before is None else now - before

    async def call(self, call: Call, content: bytes, take: Callable[[bytes], None]) -> None:
        """Call the child, and hand each part of its result to `take` as it comes.

        Raises Refused, ChildDied, or FrameTooLong for a result larger than may be. However it ends
        before the end of the result, by cancellation too, the child is killed unless it said why.
        The child is ended by the kernel when it has used up the processor time of a call.
        """
        is_whole = False
        self._is_called = True
        self._used_before = processor_seconds(self.pid)
        try:
            await self._send(call, content)
            left = self._limits.most_answer_bytes
            while not is_whole:
                kind, payload = await self._receive(left)
                left -= len(payload)
                if kind is Kind.PART:
                    take(payload)
                elif kind is Kind.END:
                    self._is_spent = values.load(Ended, payload).last
                    is_whole = True
                elif kind is Kind.FAULT:
                    fault = values.load(Fault, payload)
                    self._is_spent = fault.last
                    is_whole = True
                    raise Refused(fault)
                else:
                    raise ChildDied
        except values.WrongShape as error:
            raise ChildDied from error
        finally:
            self._is_called = False
            self._used = self._used_so_far()
            if not is_whole or self._is_spent:
                self.kill()

    def kill(self) -> None:
        """End the child and all that it may have started."""
        self._is_spent = True
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def close(self) -> None:
        """End the child, and wait until nothing is left of it."""
        self.kill()
        if not self._is_called:
            await self._discard_the_rest()
        await self._process.wait()

    async def _discard_the_rest(self) -> None:
        """Read what the child had still written.

        asyncio tells the end of a process only after that of its pipes, and does not come to the
        end of one whose answer was too long to be taken: without this, waiting has no end.
        """
        stdout = self._process.stdout
        with suppress(OSError):
            while stdout is not None and await stdout.read(_READ_AT_ONCE):
                pass

    async def _ready(self) -> tuple[str, ...]:
        kind, payload = await self._receive(_SMALL)
        if kind is not Kind.READY:
            raise ChildDied
        return values.load(Ready, payload).limits

    async def _send(self, call: Call, content: bytes) -> None:
        stdin = self._process.stdin
        if stdin is None:
            raise ChildDied
        try:
            stdin.write(frame(Kind.CALL, values.dump(call)))
            stdin.write(frame(Kind.CONTENT, content))
            await stdin.drain()
        except OSError as error:
            raise await self._death() from error

    async def _receive(self, most: int) -> tuple[Kind, bytes]:
        stdout = self._process.stdout
        if stdout is None:
            raise ChildDied
        try:
            return await receive_frame(stdout, most)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise await self._death() from error
        except BrokenWire as error:
            raise ChildDied from error

    async def _death(self) -> ChildDied:
        """Return how a child ended that talks no more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DEATH_SECONDS):
                await self._discard_the_rest()
                await self._process.wait()
        status = self._process.returncode
        return ChildDied(-status if status is not None and status < 0 else None)


def processor_seconds(pid: int) -> float | None:
    """Return how much of a processor a process has used so far; None where it cannot be told."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return None
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _environment() -> dict[str, str]:
    """Return the child's environment: nothing of ours, but where a system keeps its libraries."""
    kept = ("LD_LIBRARY_PATH", "SYSTEMROOT")
    return {
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "1",
        **{name: os.environ[name] for name in kept if name in os.environ},
    }


def _unavailable(reason: str) -> ParsingUnavailable:
    return ParsingUnavailable(
        f"The process that reads documents could not be started ({reason}); try again, and if it "
        "stays so, see whether the machine has memory left"
    )


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
            if self.is_closed:
                await child.close()
                raise is_stopping()
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
