"""Advisory file locks that die with their holder, so none is ever stale.

`flock` belongs to the open file: two handles of one process exclude each other like two processes
do, and a child that inherits the file holds the lock on.
"""

import fcntl
import os
import time
from pathlib import Path

_POLL_SECONDS = 0.02


class FileLock:
    """A lock on the file at `path`, which is created if missing and never removed."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @property
    def fd(self) -> int:
        """The open file, to be passed to a child that shall hold the lock too."""
        return self._fd

    def try_shared(self) -> bool:
        """Take the lock together with others, without waiting."""
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Take the lock alone, without waiting; a shared one held here is upgraded or lost."""
        return self._try(fcntl.LOCK_EX)

    def wait_exclusive(self, deadline: float) -> bool:
        """Take the lock alone, waiting until `deadline` (`time.monotonic()`); tell whether held."""
        while not self.try_exclusive():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def release(self) -> None:
        """Give the lock up, also where a child just being started still has a copy of the file."""
        fcntl.flock(self._fd, fcntl.LOCK_UN)
        self.leave()

    def leave(self) -> None:
        """Close the file here; the lock lives on with children it was passed to."""
        os.close(self._fd)

    def _try(self, mode: int) -> bool:
        try:
            fcntl.flock(self._fd, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
