"""A full disk: how it is detected, and what is said about it.

Whatever was stored is safe. Nothing more can be stored until there is space; then work resumes.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from answerdesk.core.errors import Unavailable

LEAST_FREE: Final = 8 * 1024 * 1024
"""Bytes: below this, PostgreSQL has no space for the next two segments of its log."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_SQLSTATE: Final = "53100"
_SAID: Final = ("No space left on device", "Disk quota exceeded")
_MEGABYTE: Final = 1024 * 1024


class DiskFull(Unavailable):
    """Nothing can be stored: the disk of the database, or of the data folder, is full.

    `folder` is on that disk, if known. Only the operator is told which folder it is.
    """

    code = "disk_full"

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(
            "The disk of this installation is full, so nothing can be stored at the moment. What "
            "was stored before is safe. Its operator has to free space; then it works again by "
            "itself"
        )
        self.folder = folder

    def for_operator(self) -> str:
        """Say which disk is full, and what to do about it."""
        if self.folder is None:
            return (
                "The disk of the database server is full. Free space there, or use a larger disk; "
                "what is stored is safe, and work resumes by itself"
            )
        return (
            f"The disk with {self.folder} is full{_left(self.folder)}. Free space there, or move "
            "that folder to a larger disk; what is stored is safe"
        )


def _left(folder: Path) -> str:
    try:
        found = os.statvfs(folder)
    except OSError:
        return ""
    free = found.f_bavail * found.f_frsize / _MEGABYTE
    total = found.f_blocks * found.f_frsize / _MEGABYTE
    return f": {free:,.1f} of {total:,.0f} MB are left"


def is_full(folder: Path) -> bool:
    """Tell whether the disk that holds a folder has too little space for PostgreSQL to go on."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize < LEAST_FREE


def says_full(error: BaseException) -> bool:
    """Tell whether an error of the system or of PostgreSQL means that a disk is full."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    if isinstance(error, psycopg.Error) and error.sqlstate == _SQLSTATE:
        return True
    return isinstance(error, psycopg.Error) and tells_of_full(str(error))


def tells_of_full(text: str) -> bool:
    """Tell whether a program's output says that a disk is full."""
    return any(said in text for said in _SAID)


@contextmanager
def storing_in(folder: Path) -> Iterator[None]:
    """Raise DiskFull for a system error in the block that means that the folder's disk is full."""
    try:
        yield
    except OSError as error:
        if says_full(error):
            raise DiskFull(folder) from error
        raise
