"""What a process takes from itself before it reads anything: memory, time, files, the network.

A measure that a system does not have is left out, and not named among those that hold.

A seccomp filter needs no privilege and no namespace, and holds for root as well. It lists what is
forbidden, not what is allowed: what libraries call changes with each of their versions, and a list
of everything that they may need would break documents. See seccomp(2), prctl(2).
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from signal import SIGKILL
from typing import Final

from answerdesk.knowledge.ingestion.sandbox.frames import Options

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2

_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1  # EPERM

# Instructions of the kernel's packet filter.
_LOAD: Final = 0x20
_JUMP_IF_EQUAL: Final = 0x15
_JUMP_IF_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
# Where the filter finds what it looks at.
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_THIRD_ARGUMENT: Final = 32

_X32: Final = 0x40000000
"""Numbers from here are those of a second interface to the same calls."""

# socket connect accept sendto sendmsg bind listen socketpair accept4 sendmmsg · clone fork vfork
# execve execveat clone3 · kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open
# pidfd_send_signal pidfd_getfd · ptrace process_vm_readv process_vm_writev · setrlimit · unshare
# setns mount bpf perf_event_open userfaultfd io_uring_setup keyctl add_key request_key
# open_by_handle_at
_FORBIDDEN: Final = {
    "x86_64": (
        0xC000003E,
        302,  # prlimit64
        (
            *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307),
            *(56, 57, 58, 59, 322, 435),
            *(62, 200, 234, 129, 297, 434, 424, 438),
            *(101, 310, 311),
            160,
            *(272, 308, 165, 321, 298, 323, 425, 250, 248, 249, 304),
        ),
    ),
    "aarch64": (
        0xC00000B7,
        261,
        (
            *(198, 203, 202, 206, 211, 200, 201, 199, 242, 269),
            *(220, 221, 281, 435),
            *(129, 130, 131, 138, 240, 434, 424, 438),
            *(117, 270, 271),
            164,
            *(97, 268, 40, 280, 241, 282, 425, 219, 217, 218, 265),
        ),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def die_with_parent() -> bool:
    """Have the kernel kill this process when the one that started it dies."""
    return _prctl(_PR_SET_PDEATHSIG, int(SIGKILL))


def forbid_system_calls() -> bool:
    """Have the kernel refuse the calls above from now on; return whether it does."""
    known = _FORBIDDEN.get(platform.machine())
    if known is None:
        return False
    filter_bytes = _filter(*known)
    buffer = ctypes.create_string_buffer(filter_bytes, len(filter_bytes))
    program = _Program(len(filter_bytes) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) and _prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)
    )


def _filter(architecture: int, change_limits: int, forbidden: tuple[int, ...]) -> bytes:
    """Return the filter as the kernel reads it; each step is code, value, and where to go."""
    steps: list[tuple[int, int, str, str]] = [
        # A call through another architecture's interface has other numbers: refuse all of them.
        (_LOAD, _ARCHITECTURE, "", ""),
        (_JUMP_IF_EQUAL, architecture, "", "refuse"),
        (_LOAD, _NUMBER, "", ""),
        (_JUMP_IF_AT_LEAST, _X32, "refuse", ""),
        *((_JUMP_IF_EQUAL, number, "refuse", "") for number in forbidden),
        # To read limits is allowed: the third argument, where new ones are, is null then.
        (_JUMP_IF_EQUAL, change_limits, "", "allow"),
        (_LOAD, _THIRD_ARGUMENT, "", ""),
        (_JUMP_IF_EQUAL, 0, "", "refuse"),
        (_LOAD, _THIRD_ARGUMENT + 4, "", ""),
        (_JUMP_IF_EQUAL, 0, "", "refuse"),
        (_RETURN, _ALLOW, "", ""),
        (_RETURN, _REFUSE, "", ""),
    ]
    ends = {"allow": len(steps) - 2, "refuse": len(steps) - 1}
    return b"".join(
        # A jump counts from the next step.
        struct.pack("=HBBI", code, *(ends.get(to, at + 1) - at - 1 for to in (yes, no)), value)
        for at, (code, value, yes, no) in enumerate(steps)
    )


def _prctl(*arguments: object) -> bool:
    try:
        call = ctypes.CDLL(None, use_errno=True).prctl
        return int(call(*arguments, *(0,) * (5 - len(arguments)))) == 0
    except (OSError, AttributeError):
        return False


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
