"""Starts member processes and folders for them, and leaves nothing behind."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import answerdesk
from answerdesk.core.postgres.folder import Folder
from answerdesk.core.postgres.process import FileLock, open_postmaster
from tests.waiting import PATIENCE

_MEMBER = Path(__file__).with_name("member.py")
_SOURCE = Path(answerdesk.__file__).parents[1]


class Member:
    """One process that uses the server of a folder."""

    def __init__(
        self,
        data_dir: Path,
        *,
        timeout: float = PATIENCE,
        user: int | None = None,
        around: tuple[str, ...] = (),
    ) -> None:
        self._process = subprocess.Popen(
            [*around, sys.executable, str(_MEMBER), str(data_dir), str(timeout)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(_SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            start_new_session=True,
        )
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def answer(self) -> dict[str, Any]:
        """Read the next JSON object that the member says."""
        output = self._process.stdout
        assert output is not None
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self._rest:
            ready, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "the member says nothing"
            piece = os.read(output.fileno(), 65536)
            assert piece, f"the member ended with status {self._process.wait(PATIENCE)}"
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def started(self) -> str:
        """Wait until the member uses the server; return when that server started."""
        said = self.answer()
        assert "started_at" in said, said
        return str(said["started_at"])

    def refused(self, kind: str) -> str:
        """Wait until the member gives up with an error of this kind; return its message."""
        said = self.answer()
        assert said.get("error") == kind, said
        return str(said["message"])

    def say(self, line: str) -> None:
        """Send the member a command, without waiting."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def ask(self, line: str) -> dict[str, Any]:
        """Send the member a command and return what it answers."""
        self.say(line)
        return self.answer()

    def query(self, statement: str) -> list[Any]:
        """Run a statement as the superuser; return its rows."""
        rows: list[Any] = self.ask(f"query {statement}")["rows"]
        return rows

    def leave(self) -> None:
        """Let the member leave the server and end."""
        assert self.ask("leave") == {"left": True}
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(PATIENCE) == 0
        self.kill()

    def interrupt(self) -> None:
        """Do what Ctrl-C in the member's terminal does, and wait until it ended."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(PATIENCE)

    def kill(self) -> None:
        """Kill the member with no chance to leave; may be called again."""
        self._process.kill()
        self._process.wait(PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


class Place:
    """A new folder, whose servers are killed when it is removed."""

    def __init__(self, name: str = "data", *, owner: int | None = None) -> None:
        self.parent = Path(tempfile.mkdtemp(prefix="ad-"))
        self.data_dir = self.parent / name
        self.folder = Folder(self.data_dir)
        self._remembered: dict[Path, bytes] = {}
        if owner is not None:
            self.parent.chmod(0o755)
            self.data_dir.mkdir(mode=0o700)
            os.chown(self.data_dir, owner, owner)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end_server()
        shutil.rmtree(self.parent)

    def end_server(self) -> None:
        """Kill what runs here: a killed member may have left an initdb or a starting server."""
        deadline = time.monotonic() + PATIENCE
        while not self.is_stopped() and time.monotonic() < deadline:
            self.kill_postmaster()
            time.sleep(0.02)

    def remember(self) -> None:
        """Keep the files that tests damage, for `restore`."""
        folder = self.folder
        for path in (
            folder.admin_password,
            folder.cluster / "PG_VERSION",
            folder.cluster / "postgresql.auto.conf",
        ):
            self._remembered[path] = path.read_bytes()

    def restore(self) -> None:
        """Make the folder fit for the next test."""
        self.end_server()
        for path, content in self._remembered.items():
            path.write_bytes(content)
        self.folder.log.write_text("")

    def kill_postmaster(self, number: int = signal.SIGKILL) -> bool:
        """Send the server a signal; tell whether there was one."""
        pidfd = open_postmaster(self.folder)
        if pidfd is None:
            return False
        try:
            signal.pidfd_send_signal(pidfd, number)
        except ProcessLookupError:
            return False
        finally:
            os.close(pidfd)
        return True

    def is_stopped(self) -> bool:
        """Whether no process of the server lives."""
        if not self.folder.root.exists():
            return True
        lock = FileLock(self.folder.server_lock)
        try:
            return lock.try_exclusive()
        finally:
            lock.leave()

    def starts(self) -> int:
        """How often a server was started here, by its log."""
        return self.folder.log.read_text().count("LOG:  starting PostgreSQL")
