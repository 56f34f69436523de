"""What a process takes from itself before it reads anything: time, memory, files, the network.

Each measure that a system does not have is left out and not named among those that hold.
"""

import os
import resource
import signal
from math import ceil
from typing import Final

from answerdesk.knowledge.ingestion.sandbox.types import Options

_DESCRIPTORS: Final = 32


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, and end it now if it has already."""
    _call_prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def confine(options: Options) -> tuple[str, ...]:
    """Take from this process what reading needs not; return what holds, by name."""
    held = [
        name
        for name, limit, most in (
            ("memory", resource.RLIMIT_AS, options.memory),
            ("files", resource.RLIMIT_FSIZE, 0),
            ("descriptors", resource.RLIMIT_NOFILE, _DESCRIPTORS),
            ("core", resource.RLIMIT_CORE, 0),
            ("processes", resource.RLIMIT_NPROC, 0),
        )
        if _limit(limit, most)
    ]
    return tuple(held)


def allow_processor_seconds(seconds: float) -> None:
    """Kill this process when it has used so much more of a processor: the parent may be stuck."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def _limit(limit: int, most: int) -> bool:
    try:
        resource.setrlimit(limit, (most, most))
    except (OSError, ValueError):
        return False
    return True


_PR_SET_PDEATHSIG: Final = 1


def _call_prctl(*arguments: int) -> bool:
    import ctypes  # noqa: PLC0415

    try:
        return int(ctypes.CDLL(None, use_errno=True).prctl(*arguments)) == 0
    except (OSError, AttributeError):
        return False
