"""Restricts a process before it reads anything: memory, time, files, network.

A measure that the system doesn't support is skipped, and not named among those in force.

A seccomp filter needs no privilege and no namespace, and applies to root as well. It lists what is
forbidden, not what is allowed: which calls libraries make changes with every version, and a list of
all calls that they may need would break the reading of documents. See seccomp(2), prctl(2).
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from collections.abc import Mapping
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
_JUMP_IF_ANY: Final = 0x45
_RETURN: Final = 0x06
# Offsets of the fields that the filter reads.
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_SECOND_ARGUMENT: Final = 24
_THIRD_ARGUMENT: Final = 32

_TO_CHANGE: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
"""Flags with which opening a file creates or empties it, or leads to writing."""

_X32: Final = 0x40000000
"""Call numbers from here on belong to a second interface to the same calls."""

# socket connect accept sendto sendmsg bind listen socketpair accept4 sendmmsg · clone fork vfork
# execve execveat clone3 · kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open
# pidfd_send_signal pidfd_getfd · ptrace process_vm_readv process_vm_writev · setrlimit · unshare
# setns mount bpf perf_event_open userfaultfd io_uring_setup keyctl add_key request_key
# open_by_handle_at openat2 · creat mknod mkdir rmdir link symlink unlink rename truncate chmod
# fchmod chown fchown lchown utime utimes futimesat and their forms for folders · setxattr
# removexattr and their forms. Before these come the calls whose arguments decide: prlimit64, open.
_FORBIDDEN: Final = {
    "x86_64": (
        0xC000003E,
        {"limits": 302, "open": 2, "openat": 257},
        (
            *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307),
            *(56, 57, 58, 59, 322, 435),
            *(62, 200, 234, 129, 297, 434, 424, 438),
            *(101, 310, 311),
            160,
            *(272, 308, 165, 321, 298, 323, 425, 250, 248, 249, 304, 437),
            *(85, 133, 259, 83, 258, 84, 86, 265, 88, 266, 87, 263, 82, 264, 316, 76),
            *(90, 91, 268, 452, 92, 93, 94, 260, 132, 235, 261, 280),
            *(188, 189, 190, 197, 198, 199),
        ),
    ),
    "aarch64": (
        0xC00000B7,
        {"limits": 261, "openat": 56},
        (
            *(198, 203, 202, 206, 211, 200, 201, 199, 242, 269),
            *(220, 221, 281, 435),
            *(129, 130, 131, 138, 240, 434, 424, 438),
            *(117, 270, 271),
            164,
            *(97, 268, 40, 280, 241, 282, 425, 219, 217, 218, 265, 437),
            *(33, 34, 35, 36, 37, 38, 276, 45, 52, 53, 452, 54, 55, 88),
            *(5, 6, 7, 14, 15, 16),
        ),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def die_with_parent() -> bool:
    """Have the kernel kill this process when its parent dies."""
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


def _filter(architecture: int, looked_at: Mapping[str, int], forbidden: tuple[int, ...]) -> bytes:
    """Return the filter as the kernel reads it; each step is code, value, and both jump targets.

    `looked_at` are the calls whose arguments decide.
    """
    steps: list[tuple[int, int, str, str]] = [
        # Another architecture's interface has other call numbers: refuse all of them.
        (_LOAD, _ARCHITECTURE, "", ""),
        (_JUMP_IF_EQUAL, architecture, "", "refuse"),
        (_LOAD, _NUMBER, "", ""),
        (_JUMP_IF_AT_LEAST, _X32, "refuse", ""),
        *((_JUMP_IF_EQUAL, number, "refuse", "") for number in forbidden),
        *((_JUMP_IF_EQUAL, number, call, "") for call, number in looked_at.items()),
        (_RETURN, _ALLOW, "", ""),
        # Files are opened for reading only.
        (_LOAD, _SECOND_ARGUMENT, "", ""),
        (_JUMP_IF_ANY, _TO_CHANGE, "refuse", "allow"),
        (_LOAD, _THIRD_ARGUMENT, "", ""),
        (_JUMP_IF_ANY, _TO_CHANGE, "refuse", "allow"),
        # Reading limits is allowed: the third argument, which points to new limits, is then null.
        (_LOAD, _THIRD_ARGUMENT, "", ""),
        (_JUMP_IF_EQUAL, 0, "", "refuse"),
        (_LOAD, _THIRD_ARGUMENT + 4, "", ""),
        (_JUMP_IF_EQUAL, 0, "", "refuse"),
        (_RETURN, _ALLOW, "", ""),
        (_RETURN, _REFUSE, "", ""),
    ]
    from_end = {"open": 10, "openat": 8, "limits": 6, "allow": 2, "refuse": 1}
    ends = {name: len(steps) - places for name, places in from_end.items()}
    return b"".join(
        # Jumps are relative to the next step.
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
"""All measures; a child names those in force."""

OUT_OF_TIME: Final = signal.SIGPROF
"""The signal that kills a process whose processor time is used up."""

_DESCRIPTORS: Final = 32


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies; exit now if it is already dead."""
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def confine(options: Options) -> tuple[str, ...]:
    """Deny this process everything that reading doesn't need; return the measures in force."""
    limits = {
        "memory": (resource.RLIMIT_AS, options.memory),
        "files": (resource.RLIMIT_FSIZE, 0),
        "descriptors": (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        "core": (resource.RLIMIT_CORE, 0),
        # It doesn't bind root; the forbidden system calls do.
        "processes": (resource.RLIMIT_NPROC, 0),
    }
    held = [name for name, (limit, most) in limits.items() if _limit(limit, most)]
    # After the limits: from now on not even root can change them.
    if forbid_system_calls():
        held.append("system_calls")
    return tuple(held)


def end_after(processor_seconds: float) -> None:
    """Have the kernel kill this process after this much more processor time; 0 means never.

    Python handles no signal while C code runs, so the kernel must do it. OUT_OF_TIME tells the
    parent.
    """
    # Override inherited signal settings.
    signal.signal(OUT_OF_TIME, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {OUT_OF_TIME})
    signal.setitimer(signal.ITIMER_PROF, processor_seconds)


def _limit(limit: int, most: int) -> bool:
    try:
        resource.setrlimit(limit, (most, most))
    except (OSError, ValueError):
        return False
    return True
