"""A server whose data folder is a small disk of its own, which a test fills and empties.

The disk is a file system in memory that only the server sees: it is mounted in a namespace of the
server's own, which any user may make where the machine allows it.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.waiting import PATIENCE

PROGRAM: Final = Path(sys.executable).with_name("answerdesk")
_ALONE: Final = ("unshare", "--user", "--map-root-user", "--mount")
_MOUNTED: Final = 'mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"'
_BLOCK: Final = 64 * 1024


def on_a_small_disk(disk: Path, size: str, *command: str | Path) -> list[str | Path]:
    """Return the command line that runs a command which sees a disk of `size` at `disk`."""
    return [*_ALONE, "sh", "-c", _MOUNTED, "sh", size, disk, *command]


def require_small_disks(disk: Path) -> None:
    """Skip the test where this machine lets nobody mount one."""
    try:
        tried = subprocess.run(
            on_a_small_disk(disk, "1m", "true"), capture_output=True, check=False, timeout=30
        )
        works = tried.returncode == 0
    except FileNotFoundError:
        works = False
    if not works:
        pytest.skip("this machine lets nobody mount a file system in a namespace of their own")


class SmallDisk:
    """`answerdesk serve` on a small disk; `folder` is the disk as it is seen from here."""

    def __init__(self, disk: Path, size: str, **environment: str) -> None:
        self._disk = disk
        self._log = (disk.parent / "server.log").open("wb+")
        self._process = subprocess.Popen(
            on_a_small_disk(disk, size, PROGRAM, "serve", "--port", "0", "--json"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**environment_on(disk), **environment},
            cwd=disk.parent,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise AssertionError(self.log())
        self.url: str = json.loads(line)["url"]
        self.folder = Path(f"/proc/{self._process.pid}/root{disk}")
        key = (self.folder / "data" / "owner.key").read_text(encoding="ascii").strip()
        self.owner = httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE
        )

    def fill(self) -> None:
        """Leave no room at all."""
        for size in (_BLOCK, 4096, 1):
            with (self.folder / "filler").open("ab", buffering=0) as filler:
                try:
                    while filler.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def empty(self) -> None:
        """Make room again."""
        (self.folder / "filler").unlink()

    def log(self) -> str:
        """Return what the server has written."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self) -> None:
        """End the server, and with it the disk."""
        self.owner.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=PATIENCE)
        self._log.close()


def environment_on(disk: Path) -> dict[str, Any]:
    """Return the environment of commands whose data lies on the disk."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(disk.parent),
        "ANSWERDESK_DATA_DIR": str(disk / "data"),
        "ANSWERDESK_EMBEDDER": "fake",
        "ANSWERDESK_DEMO": "0",
        "ANSWERDESK_VISITOR_MESSAGES_PER_MINUTE": "0",
    }
