"""A data folder and the commands that people run on it, each in a process of its own.

`run` and `serving` start them warm, `begin` as people do.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from answerdesk.core.postgres import EmbeddedPostgres
from tests import warm
from tests.ready_database import lay_ready_database
from tests.waiting import PATIENCE

PROGRAM = Path(sys.executable).with_name("answerdesk")
_SECONDS = 240


@dataclass(frozen=True)
class Done:
    """How a command ended and what it wrote."""

    status: int
    output: str
    errors: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that it wrote to standard output."""
        value: dict[str, Any] = json.loads(self.output)
        return value

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines that it wrote."""
        return [json.loads(line) for line in self.output.splitlines()]

    def ok(self) -> "Done":
        """Return it if it succeeded."""
        assert self.status == 0, self
        return self


class Installation:
    """One data folder; `run` is the command line on it."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(data_dir.parent),
            "ANSWERDESK_DATA_DIR": str(data_dir),
            "ANSWERDESK_EMBEDDER": "fake",
            "ANSWERDESK_DEMO": "0",
            **environment,
        }

    def run(
        self,
        *arguments: str | Path | bytes,
        given: bytes = b"",
        around: Sequence[str] = (),
        environment: dict[str, str] | None = None,
    ) -> Done:
        """Run a command to its end, with `given` as its standard input, by the program `around`."""
        env = {**self.environment, **(environment or {})}
        command = [*around, PROGRAM, *arguments]
        folder = self.data_dir.parent
        if around:
            ended = subprocess.run(
                command,
                input=given,
                capture_output=True,
                env=env,
                cwd=folder,
                timeout=_SECONDS,
                check=False,
            )
        else:
            ended = warm.run(command, env=env, cwd=folder, given=given, timeout=_SECONDS)
        done = Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
        assert "Traceback" not in done.errors, done.errors
        return done

    def begin(self, *arguments: str | Path, **streams: Any) -> subprocess.Popen[bytes]:
        """Start a command and return its process."""
        return subprocess.Popen(
            [PROGRAM, *arguments],
            stdin=streams.get("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            cwd=self.data_dir.parent,
        )

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[dict[str, Any]]:
        """Serve on a free port for as long as the block lasts; gives what the server says."""
        reads, writes = os.pipe()
        with tempfile.TemporaryFile() as errors, os.fdopen(reads, "rb") as output:
            process = warm.start(
                [PROGRAM, "serve", "--port", "0", "--json", *arguments],
                env=self.environment,
                cwd=self.data_dir.parent,
                stdout=writes,
                stderr=errors,
            )
            os.close(writes)
            line = output.readline()
            try:
                assert line, _text(errors)
                yield json.loads(line)
            finally:
                process.send_signal(signal.SIGTERM if line else signal.SIGKILL)
                status = process.wait(PATIENCE)
            assert status == 0, _text(errors)


def _text(written: IO[bytes]) -> str:
    written.seek(0)
    return written.read().decode()


def end(process: subprocess.Popen[bytes], number: signal.Signals) -> Done:
    """Send a signal to a process and return how it ended."""
    if process.poll() is None:
        process.send_signal(number)
    output, errors = process.communicate(timeout=PATIENCE)
    return Done(process.returncode, output.decode(), errors.decode())


@contextmanager
def installation(**environment: str) -> Iterator[Installation]:
    """Make an empty installation. Its database runs all the time, which makes commands faster."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        made = Installation(Path(folder) / "data", **environment)
        with EmbeddedPostgres.start(lay_ready_database(made.data_dir)):
            yield made


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write text files, with the folders that they lie in."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def wait_until(condition: Any, seconds: float = PATIENCE) -> None:
    """Wait until `condition()` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def documents(sources: Sequence[dict[str, Any]]) -> list[str]:
    """Return the documents of sources as JSON shows them."""
    return [str(source["document"]) for source in sources]
