"""The side of a test: asks for a process, signals it and learns how it ended."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

MESSAGE_BYTES = 200_000
_ROOT = Path(__file__).parents[2]
_asking = threading.Lock()

Argument = str | bytes | Path


class Process:
    """A running process, with what `subprocess.Popen` has of the same names."""

    def __init__(self, pid: int, ended: IO[bytes]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = ended

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        if self.returncode is None and select.select([self._ended], [], [], 0)[0]:
            self._read()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended and return how; raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self._read()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def _read(self) -> None:
        with self._ended:
            told = self._ended.read()
        assert told, "what the processes are forked from has ended"
        self.returncode = int(told)


def start(
    arguments: Sequence[Argument],
    *,
    env: Mapping[str, str],
    cwd: Path = _ROOT,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
) -> Process:
    """Start what `python ARGUMENTS` would: `-m MODULE …` or `FILE …`."""
    ended, tells = os.pipe()
    nowhere = os.open(os.devnull, os.O_RDWR)
    streams = [
        nowhere if stream == subprocess.DEVNULL else _number(stream, number)
        for number, stream in enumerate((stdin, stdout, stderr))
    ]
    asked = {
        "arguments": [os.fsdecode(one) for one in arguments],
        "environment": dict(env),
        "folder": str(cwd),
    }
    try:
        with _asking:
            _, nursery = _nursery()
            try:
                socket.send_fds(nursery, [json.dumps(asked).encode()], [*streams, tells])
                pid = int(nursery.recv(MESSAGE_BYTES))
            except (ConnectionError, ValueError) as error:
                raise AssertionError("tests.warm.nursery has ended: it said why, above") from error
    finally:
        os.close(nowhere)
        os.close(tells)
    return Process(pid, os.fdopen(ended, "rb"))


def run(
    arguments: Sequence[Argument],
    *,
    env: Mapping[str, str],
    cwd: Path,
    given: bytes,
    timeout: float,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end, with `given` as its standard input."""
    with (
        tempfile.TemporaryFile() as stdin,
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
    ):
        stdin.write(given)
        stdin.seek(0)
        process = start(arguments, env=env, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr)
        try:
            process.wait(timeout)
        finally:
            process.kill()
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess(
            list(arguments), process.wait(), stdout.read(), stderr.read()
        )


def _number(stream: int | IO[bytes] | None, own: int) -> int:
    if stream is None:
        return own
    return stream if isinstance(stream, int) else stream.fileno()


@cache
def _nursery() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start what the processes are forked from; it ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm.nursery", str(theirs.fileno())],
            # As little as the programs get: what Python makes of its environment, they inherit.
            env={"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/")},
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    return process, ours
