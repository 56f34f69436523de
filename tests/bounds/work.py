"""A bound on the processor time that something takes, whatever else the machine does meanwhile."""

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class TooMuchWork(AssertionError):
    """Something took more processor time than it may."""


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    """Stop what is done inside with TooMuchWork once it has taken so much processor time.

    Counts this process's time in all threads. A search for a pattern is stopped, too. The garbage
    of other tests is not collected meanwhile: it isn't this work, and can't be stopped.
    """

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise TooMuchWork(f"{what}: still at work after {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    gc.disable()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.enable()
        signal.signal(signal.SIGPROF, before)
