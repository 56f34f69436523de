"""What a process takes from itself before it reads anything: memory, time, files, the network.

A measure that a system does not have is left out, and not named among those that hold.
"""

import os
import resource
import signal
from typing import Final

from answerdesk.knowledge.ingestion.sandbox.system_calls import (
    die_with_parent,
    forbid_system_calls,
)
from answerdesk.knowledge.ingestion.sandbox.types import Options

MEASURES: Final = ("memory", "files", "descriptors", "core", "processes", "system_calls")
"""All measures; a child names those that hold for it."""

OUT_OF_TIME: Final = signal.SIGPROF
"""What a process dies of that has used up its processor time."""

_DESCRIPTORS: Final = 32


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, and end it now if it has already."""
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def confine(options: Options) -> tuple[str, ...]:
    """Take from this process what reading needs not; return the names of what holds."""
    limits = {
        "memory": (resource.RLIMIT_AS, options.memory),
        "files": (resource.RLIMIT_FSIZE, 0),
        "descriptors": (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        "core": (resource.RLIMIT_CORE, 0),
        # Root is not bound by it; the forbidden system calls bind root too.
        "processes": (resource.RLIMIT_NPROC, 0),
    }
    held = [name for name, (limit, most) in limits.items() if _limit(limit, most)]
    # After the limits: from here on they cannot be changed, by root neither.
    if forbid_system_calls():
        held.append("system_calls")
    return tuple(held)


def end_after(processor_seconds: float) -> None:
    """Have the kernel end this process once it has used so much of a processor from now. 0: never.

    Python sees no signal while C code runs; the kernel does not ask Python. OUT_OF_TIME tells the
    parent of it.
    """
    # Whatever was inherited.
    signal.signal(OUT_OF_TIME, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {OUT_OF_TIME})
    signal.setitimer(signal.ITIMER_PROF, processor_seconds)


def _limit(limit: int, most: int) -> bool:
    try:
        resource.setrlimit(limit, (most, most))
    except (OSError, ValueError):
        return False
    return True
