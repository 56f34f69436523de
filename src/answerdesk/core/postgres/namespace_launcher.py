"""Enters a new user namespace and becomes another program: `UID GID PROGRAM ARGUMENT…`.

It runs as a script in a bare interpreter, so it imports nothing of ours. It needs its own process,
because the kernel allows only a single-threaded process to enter a user namespace.
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000  # linux/sched.h
EXIT_FORBIDDEN = 125


def main(inner_uid: int, inner_gid: int, command: list[str]) -> None:
    """Replace this process by `command`; the caller appears as `inner_uid` and `inner_gid`."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), "unshare")
    # The kernel accepts a group mapping from an unprivileged process only after the process has
    # given up changing its groups.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inner_uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{inner_gid} {outer_gid} 1")
    os.execv(command[0], command)  # noqa: S606 - the caller is our own supervisor.


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    except OSError as error:
        sys.stderr.write(f"user namespace: {error}\n")
        sys.exit(EXIT_FORBIDDEN)
