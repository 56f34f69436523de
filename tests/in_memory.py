"""Temporary files in memory, where there is room: a run lays out and fills hundreds of databases.

On a disk that costs more than to start them. What guards against the loss of power is not lost:
nothing here survives a run anyway, and what tests kill is a process.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - A folder of our own in it.
_PREFIX: Final = "ad-tests-"
"""Short, since sockets lie below, whose paths are bounded."""
_WORKER_BYTES: Final = 1 << 30
_YOUNG_SECONDS: Final = 60.0
"""A folder as young may belong to a run that has not locked it yet."""
_OUTSIDE: Final = "OUTSIDE_TMPDIR"


def work_in_memory(workers: int) -> Callable[[], None]:
    """Have this process and those it starts put temporary files in memory; return what ends that.

    A TMPDIR that is set stays, and so does the disk if memory has no room for so many workers.
    """
    if "TMPDIR" in os.environ or _room() < workers * _WORKER_BYTES:
        return lambda: None
    _remove_forgotten()
    outside = tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_MEMORY))
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)
    os.environ.update({"TMPDIR": str(folder), _OUTSIDE: outside})
    tempfile.tempdir = None

    def end() -> None:
        _remove(folder)
        os.close(held)
        for name in ("TMPDIR", _OUTSIDE):
            del os.environ[name]
        tempfile.tempdir = None

    return end


def lasting_folder() -> Path:
    """Return the folder for temporary files that outlive a run."""
    return Path(os.environ.get(_OUTSIDE) or tempfile.gettempdir())


def _room() -> int:
    """Return how many bytes fit, 0 where there is no such file system."""
    try:
        space = os.statvfs(_MEMORY)
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    [available] = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
    return min(space.f_bavail * space.f_frsize, available * 1024)


def _remove(folder: Path) -> None:
    """Remove a folder with everything in it, also what a test has closed to its owner."""
    for parent, names, _ in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                with suppress(OSError):  # Somebody else is removing it.
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_forgotten() -> None:
    """Remove what killed runs have left."""
    for folder in _MEMORY.glob(f"{_PREFIX}*"):
        try:
            about = folder.stat()
            if about.st_uid != os.getuid() or time.time() - about.st_mtime < _YOUNG_SECONDS:
                continue
            held = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # Another run is removing it.
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # Its run goes on.
        else:
            _remove(folder)
        finally:
            os.close(held)
