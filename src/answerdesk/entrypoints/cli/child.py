"""One of the processes of a `serve`: what it tells its parent, and when it stops.

A socket joins the two. The child writes JSON lines to it. Its end tells the child to stop, whether
the parent has closed it on purpose or was killed: so no child outlives its parent.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, NoReturn

from answerdesk.entrypoints.cli.runner import DONE, FAILED, STOPPING, Fault, fault_of

_LONGEST_STOP: Final = 60
"""Seconds after which a child that was told to stop is ended by the system."""

READY: Final = "ready"
FAULT: Final = "fault"

Run = Callable[["Parent"], None]
"""What a child does; returns when it was told to stop."""


class Parent:
    """The process that has started this one as its child number `place`, counted from 1."""

    def __init__(self, place: int, link: socket.socket) -> None:
        self.place = place
        self._link = link
        self._is_stopping = False

    def tell_ready(self, text: str) -> None:
        """Say that this process serves, and what a person should be told when all do."""
        self._tell({READY: text})

    def tell_fault(self, fault: Fault) -> None:
        """Say why this process ends."""
        self._tell({FAULT: {"code": fault.code, "message": fault.message}})

    def run(
        self,
        work: Coroutine[Any, Any, None],
        loop_factory: Callable[[], asyncio.AbstractEventLoop],
    ) -> None:
        """Run `work` on a new event loop and cancel it when the parent, or a signal, says so."""
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(self._until_told(work))

    async def _until_told(self, work: Coroutine[Any, Any, None]) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(work)

        def stop() -> None:
            # Once: a terminal and a service manager signal us and our parent, which then tells us
            # as well. Whether to wait for the end is the parent's to decide.
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
        with suppress(OSError):  # The parent is gone; the end of the link says that as well.
            self._link.sendall(json.dumps(message).encode() + b"\n")


def live(run: Run, parent: Parent) -> NoReturn:
    """Do what this process was forked for, and end it. Nothing of the parent's goes on in it."""
    status = FAILED
    try:
        run(parent)
        status = DONE
    except KeyboardInterrupt:
        status = DONE  # It came before the event loop ran; the parent has had it as well.
    except BaseException as error:  # noqa: BLE001 - the parent tells it, once for all children
        parent.tell_fault(fault_of(error))
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
