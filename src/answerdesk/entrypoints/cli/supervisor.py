"""The processes of a `serve`: the parent that keeps them running, and its children.

The first child starts alone, so that the database, its tables and the demo project exist when the
others start, and an error is reported only once. A child that ends is replaced immediately; if it
keeps ending soon after its start, the pauses grow.

The parent runs no thread and no event loop, so that it can fork safely.

A socket connects it to each child, which writes JSON lines to it. The end of the stream tells the
child to stop, whether the parent closed the socket or was killed, so no child outlives its parent.
"""

import asyncio
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final, NoReturn

import structlog

from answerdesk.core.errors import DomainError
from answerdesk.entrypoints.cli.runner import DONE, FAILED, STOPPING, Fault, fault_of

_LONGEST_STOP: Final = 60
"""Seconds after which an alarm signal kills a child that was told to stop."""

READY: Final = "ready"
FAULT: Final = "fault"

Run = Callable[["Parent"], None]
"""The work of a child; returns after it was told to stop."""


class Parent:
    """The child's side of the link to its parent; `place` is the child's number, from 1."""

    def __init__(self, place: int, link: socket.socket) -> None:
        self.place = place
        self._link = link
        self._is_stopping = False

    def tell_ready(self, text: str) -> None:
        """Report that this process serves; `text` is shown to people once all do."""
        self._tell({READY: text})

    def tell_fault(self, fault: Fault) -> None:
        """Report why this process ends."""
        self._tell({FAULT: {"code": fault.code, "message": fault.message}})

    def run(
        self,
        work: Coroutine[Any, Any, None],
        loop_factory: Callable[[], asyncio.AbstractEventLoop],
    ) -> None:
        """Run `work` on a new event loop, and cancel it when told by the parent or a signal."""
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(self._until_told(work))

    async def _until_told(self, work: Coroutine[Any, Any, None]) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(work)

        def stop() -> None:
            # Only once: a terminal or a service manager signals both us and our parent, which then
            # also tells us. The parent decides whether to wait for our end.
            if self._is_stopping:
                return
            self._is_stopping = True
            loop.remove_reader(self._link)
            signal.alarm(_LONGEST_STOP)
            task.cancel()

        for one in STOPPING:
            if signal.getsignal(one) is not signal.SIG_IGN:
                loop.add_signal_handler(one, stop)
        loop.add_reader(self._link, stop)
        try:
            await task
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise

    def _tell(self, message: dict[str, object]) -> None:
        with suppress(OSError):  # The parent is gone; the closed link will stop us.
            self._link.sendall(json.dumps(message).encode() + b"\n")


def live(run: Run, parent: Parent) -> NoReturn:
    """Run a forked child and exit, without returning into the parent's code."""
    status = FAILED
    try:
        run(parent)
        status = DONE
    except KeyboardInterrupt:
        status = DONE  # The signal came before the event loop ran; the parent got it as well.
    except BaseException as error:  # noqa: BLE001 - the parent reports it, once for all children
        parent.tell_fault(fault_of(error))
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


_STEADY_SECONDS: Final = 10.0
"""A child that has served this long counts as started; its failures are reset."""

_ATTEMPTS: Final = 5
"""Failed starts in a row after which `serve` gives up, unless another child serves."""

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0

_STOP_SECONDS: Final = 65.0
"""How long children may take to stop: a little more than `_LONGEST_STOP`."""

_READ_AT_ONCE: Final = 65536

_log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Child:
    place: int
    pid: int
    link: socket.socket
    received: bytearray = field(default_factory=bytearray)
    ready_since: float | None = None
    fault: Fault | None = None
    is_mute: bool = False


class Supervisor:
    """Runs `processes` children, each of which calls `run`, until a signal stops it.

    `announce` is called once, when all children serve, with a child's text. All listen on
    `sockets`, which stay open here, so that no connection is refused while a child is replaced.
    """

    def __init__(
        self,
        processes: int,
        run: Run,
        *,
        announce: Callable[[str], None],
        sockets: Sequence[socket.socket],
    ) -> None:
        self._processes = processes
        self._run = run
        self._announce = announce
        self._sockets = sockets
        self._children: dict[int, _Child] = {}
        self._failures = dict.fromkeys(range(1, processes + 1), 0)
        self._due: dict[int, float] = {1: 0.0}
        """When to start the child of each place that has none."""
        self._is_announced = False
        self._is_stopping = False
        self._signals: list[int] = []
        self._handlers: dict[int, Any] = {}
        self._woken, self._wakes = os.pipe()

    def run(self) -> int:
        """Start, supervise and stop the children; return the exit status.

        Raises DomainError if the children cannot be started.
        """
        # Keep memory shared with the children: the collector doesn't write to frozen objects.
        gc.collect()
        gc.freeze()
        with self._handling_signals():
            try:
                while not self._signals:
                    self._start_due()
                    self._wait(min(self._due.values(), default=None))
            finally:
                self._stop()
        return DONE

    @contextmanager
    def _handling_signals(self) -> Iterator[None]:
        for end in (self._woken, self._wakes):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)
        # Signals that are ignored, as under `nohup`, stay ignored.
        for one in STOPPING:
            if signal.getsignal(one) is not signal.SIG_IGN:
                self._handlers[one] = signal.signal(one, self._note_signal)
        self._handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield
        finally:
            self._restore_signals()

    def _restore_signals(self) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._woken)
        os.close(self._wakes)

    def _note_signal(self, number: int, _: FrameType | None) -> None:
        self._signals.append(number)

    def _start_due(self) -> None:
        now = time.monotonic()
        for place in sorted(self._due):
            if self._due[place] <= now:
                del self._due[place]
                self._start(place)

    def _start(self, place: int) -> None:
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        # Block signals until the child has dropped the parent's handlers and links.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, self._handlers)

        def run(parent: Parent) -> None:
            self._restore_signals()
            # If we kept the parent's ends open, the other children wouldn't notice its death.
            for link in (ours, *(child.link for child in self._children.values())):
                link.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self._run(parent)

        pid, refused = -1, ""
        try:
            pid = os.fork()
        except OSError as error:
            refused = error.strerror or str(error)
        if pid == 0:
            live(run, Parent(place, theirs))
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        if refused:
            ours.close()
            fault = Fault("no_more_processes", f"The system can't start another process: {refused}")
            self._note_failure(place, "before it began", fault)
            return
        ours.setblocking(False)
        self._children[place] = _Child(place, pid, ours)

    def _wait(self, until: float | None) -> None:
        """Wait for a signal, a message or the end of a child, at most until a time; handle it."""
        by_descriptor = {
            child.link.fileno(): child for child in self._children.values() if not child.is_mute
        }
        poll = select.poll()
        for descriptor in (self._woken, *by_descriptor):
            poll.register(descriptor, select.POLLIN)
        left = None if until is None else max(0.0, until - time.monotonic()) * 1000
        for descriptor, _ in poll.poll(left):
            if descriptor == self._woken:
                os.read(self._woken, _READ_AT_ONCE)
            else:
                self._read(by_descriptor[descriptor])
        for child in list(self._children.values()):
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                self._read(child)
                child.link.close()
                del self._children[child.place]
                self._ended(child, os.waitstatus_to_exitcode(status))

    def _read(self, child: _Child) -> None:
        """Read and handle a child's messages."""
        with suppress(BlockingIOError, ConnectionError):
            while received := child.link.recv(_READ_AT_ONCE):
                child.received += received
            child.is_mute = True
        *lines, rest = bytes(child.received).split(b"\n")
        child.received[:] = rest
        for line in lines:
            message = json.loads(line)
            if FAULT in message:
                child.fault = Fault(**message[FAULT])
            elif child.ready_since is None:
                child.ready_since = time.monotonic()
                self._became_ready(child, message[READY])

    def _became_ready(self, child: _Child, text: str) -> None:
        if self._is_announced:
            _log.info("process_replaced", process=child.place, pid=child.pid)
            return
        for place in range(1, self._processes + 1):
            if place not in self._children:
                self._due.setdefault(place, 0.0)
        if len(self._children) == self._processes and self._all_ready():
            self._is_announced = True
            self._announce(text)

    def _all_ready(self) -> bool:
        return all(child.ready_since is not None for child in self._children.values())

    def _ended(self, child: _Child, status: int) -> None:
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        if self._is_stopping:
            if status:
                _log_end(child.place, how, child.fault)
            return
        since = child.ready_since
        if since is not None and time.monotonic() - since >= _STEADY_SECONDS:
            self._failures[child.place] = 0
        self._note_failure(child.place, how, child.fault)

    def _note_failure(self, place: int, how: str, fault: Fault | None) -> None:
        """Schedule a new child for the place, or raise DomainError to give up."""
        self._failures[place] += 1
        failures = self._failures[place]
        if not self._is_announced and fault is not None:
            raise DomainError(fault.message, code=fault.code)
        serves = any(child.ready_since is not None for child in self._children.values())
        if failures >= _ATTEMPTS and not (self._is_announced and serves):
            raise self._gave_up(place, how, fault)
        pause = min(_FIRST_PAUSE * 2 ** (failures - 2), _LONGEST_PAUSE) if failures > 1 else 0.0
        self._due[place] = time.monotonic() + pause
        _log_end(place, how, fault, times_in_a_row=failures, started_again_in=pause)

    def _gave_up(self, place: int, how: str, fault: Fault | None) -> DomainError:
        if fault is not None:
            return DomainError(fault.message, code=fault.code)
        return DomainError(
            f"Process {place} of {self._processes} ended {how} soon after its start, {_ATTEMPTS} "
            "times in a row. Signal 9 usually means that the system ran out of memory: use fewer "
            "processes",
            code="process_ends",
        )

    def _stop(self) -> None:
        """Tell all children to stop and wait for them; a second signal kills them."""
        self._is_stopping = True
        for one in self._sockets:
            one.close()
        for child in self._children.values():
            with suppress(OSError):
                child.link.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._children and len(self._signals) < 2 and time.monotonic() < deadline:
            self._wait(deadline)
        for child in self._children.values():
            _log.warning("process_killed", process=child.place, pid=child.pid)
            os.kill(child.pid, signal.SIGKILL)
        while self._children:
            self._wait(None)
        if len(self._signals) > 1:
            number = self._signals[-1]
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)


def _log_end(place: int, how: str, fault: Fault | None, **more: float) -> None:
    error = {} if fault is None else {"error": fault.message}
    _log.warning("process_ended", process=place, how=how, **error, **more)
