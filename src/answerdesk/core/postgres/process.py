"""The server's process: find, start and stop it; and the locks that ensure there is only one.

PostgreSQL's own `postmaster.pid` names a process by its number, which another program may since
have. So the server and all its children hold `server.lock`: it is free exactly when none of them is
alive. The number is trusted only after checking the process that it names.

`flock` belongs to the open file: two handles of one process exclude each other like two processes
do, and a child that inherits the file continues to hold the lock.
"""

import fcntl
import os
import select
import signal
import subprocess
import time
from pathlib import Path

from answerdesk.core.postgres.cluster import environment
from answerdesk.core.postgres.folder import Binaries, Folder
from answerdesk.core.postgres.namespace import in_namespace, needs_namespace

_POLL_SECONDS = 0.02


class FileLock:
    """A lock on the file at `path`, which is created if missing and never removed."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @property
    def fd(self) -> int:
        """The open file, to be passed to a child that is to hold the lock, too."""
        return self._fd

    def try_shared(self) -> bool:
        """Take the lock in shared mode, without waiting."""
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Take the lock exclusively, without waiting; a shared one is upgraded or lost."""
        return self._try(fcntl.LOCK_EX)

    def wait_exclusive(self, deadline: float) -> bool:
        """Wait for the exclusive lock until `deadline` (`time.monotonic()`); tell whether held."""
        while not self.try_exclusive():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def release(self) -> None:
        """Release the lock, even if a child being started still has a copy of the file."""
        fcntl.flock(self._fd, fcntl.LOCK_UN)
        self.leave()

    def leave(self) -> None:
        """Close the file here; children that inherited the lock keep it."""
        os.close(self._fd)

    def _try(self, mode: int) -> bool:
        try:
            fcntl.flock(self._fd, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


_NUMBER_SECONDS = 5.0


def spawn_server(folder: Folder, binaries: Binaries, *, server_lock_fd: int) -> None:
    """Start the server and return immediately; it holds the lock, and outlives this process.

    It gets its own session (Ctrl-C in a terminal does not reach it) and is not a child of this
    process: an intermediate shell starts it in the background and exits.
    """
    command = [str(binaries.postgres), "-D", str(folder.cluster)]
    if needs_namespace():
        command = in_namespace(command)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    log = os.open(folder.log, flags, 0o600)
    try:
        subprocess.run(  # noqa: S603 - our own command.
            ["/bin/sh", "-c", 'exec "$@" &', "sh", *command],
            cwd=folder.root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[server_lock_fd],
            start_new_session=True,
            check=True,
        )
    finally:
        os.close(log)


def open_postmaster(folder: Folder) -> int | None:
    """Return a pidfd of this folder's running postmaster, for the caller to close; or None."""
    try:
        pid = int((folder.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        pidfd = os.pidfd_open(pid)
    except (OSError, ValueError, OverflowError):
        return None
    # The process is checked after it was opened, so the checked one gets the signal.
    if _is_server(pid, folder.cluster):
        return pidfd
    os.close(pidfd)
    return None


def postmaster_ready(folder: Folder) -> bool:
    """Whether `postmaster.pid` says that the server accepts connections."""
    try:
        lines = (folder.cluster / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def remove_remains(folder: Folder) -> None:
    """Remove what a killed server left; only while we hold `server.lock` and no server runs."""
    for name in ("postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (folder.cluster / name).unlink(missing_ok=True)


def end_orphans(folder: Folder) -> None:
    """End the children of a killed postmaster: one that is busy with a query may not notice.

    Call only when `postmaster.pid` has named no running postmaster for a while, with `start.lock`
    held.
    """
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _is_server(int(entry.name), folder.cluster):
            try:
                os.kill(int(entry.name), signal.SIGQUIT)
            except ProcessLookupError:
                continue


def stop_server(folder: Folder, deadline: float) -> bool:
    """Shut the server down fast (open transactions roll back); tell whether it ended in time.

    `start.lock` is held. A server that has just started may not have written its number yet, so a
    missing number is trusted only if `server.lock` is free as well, or after some seconds.
    """
    numberless_until = min(deadline, time.monotonic() + _NUMBER_SECONDS)
    while True:
        pidfd = open_postmaster(folder)
        if pidfd is not None:
            return _shut_down(pidfd, deadline)
        if _is_free(folder.server_lock):
            return True
        if time.monotonic() >= numberless_until:
            return False
        time.sleep(_POLL_SECONDS)


def _shut_down(pidfd: int, deadline: float) -> bool:
    try:
        signal.pidfd_send_signal(pidfd, signal.SIGINT)
        return _wait_for_end(pidfd, deadline)
    except ProcessLookupError:
        return True
    finally:
        os.close(pidfd)


def _is_free(path: Path) -> bool:
    lock = FileLock(path)
    try:
        return lock.try_exclusive()
    finally:
        lock.leave()


def _wait_for_end(pidfd: int, deadline: float) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))


def _is_server(pid: int, cluster: Path) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        program = (process / "exe").readlink().name
        return program.startswith("postgres") and (process / "cwd").samefile(cluster)
    except OSError:
        return False
