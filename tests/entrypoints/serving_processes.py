"""`answerdesk serve` with several processes, and what becomes of them."""

import json
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests import warm
from tests.conftest import Desk
from tests.entrypoints.installation import PROGRAM, Installation
from tests.waiting import PATIENCE, attempts

_SECONDS = 90.0


class ServingProcesses:
    """A running parent; `told` is what it said when all of its children served."""

    def __init__(self, desk: Installation, *arguments: str) -> None:
        self.desk = desk
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # Lives as long as the server.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = warm.start(
            [PROGRAM, "serve", "--port", "0", "--json", *arguments],
            env=desk.environment,
            cwd=desk.data_dir.parent,
            stdout=self._output,
            stderr=self._errors,
        )

    def wait_until_ready(self) -> "ServingProcesses":
        for _ in attempts(_SECONDS):
            if self.output or self.process.poll() is not None:
                break
        assert self.process.poll() is None, self.errors
        assert self.output, self.errors
        return self

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.output)
        return told

    @property
    def url(self) -> str:
        return str(self.told["url"])

    @property
    def port(self) -> int:
        return httpx.URL(self.url).port or 0

    @property
    def output(self) -> str:
        return _text(self._output)

    @property
    def errors(self) -> str:
        return _text(self._errors)

    @property
    def records(self) -> list[dict[str, Any]]:
        """What was logged."""
        return [json.loads(line) for line in self.errors.splitlines()]

    def logged(self, event: str) -> list[dict[str, Any]]:
        return [record for record in self.records if record["event"] == event]

    def children(self) -> list[int]:
        """The process ids of the children, oldest first: the first one does due work."""
        children = psutil.Process(self.process.pid).children()
        return [child.pid for child in sorted(children, key=lambda one: one.create_time())]

    def wait_for_replacements(self, number: int) -> None:
        """Wait until so many children were replaced since the start."""
        for _ in attempts(_SECONDS):
            if len(self.logged("process_replaced")) >= number:
                return
        raise AssertionError(self.errors)

    def owner(self) -> httpx.Client:
        key = (self.desk.data_dir / "owner.key").read_text(encoding="ascii").strip()
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE)

    def project_about_numbers(self) -> str:
        with self.owner() as owner, httpx.Client(base_url=self.url, timeout=PATIENCE) as visitor:
            project = Desk(owner, visitor)
            project.add_text("Numbers", "Number seven is lucky. Number three is holy.")
            return project.project_id

    def stop(self) -> int:
        """Ask the parent to end, and return its status."""
        self.process.terminate()
        return self.process.wait(_SECONDS)


@contextmanager
def serving_processes(desk: Installation, *arguments: str) -> Iterator[ServingProcesses]:
    """Serve until the block ends, and see to it that nothing is left whatever happens in it."""
    server = ServingProcesses(desk, *arguments)
    try:
        yield server.wait_until_ready()
        if server.process.poll() is None:
            assert server.stop() == 0, server.errors
    finally:
        left = server.children() if server.process.poll() is None else []
        server.process.kill()
        assert wait_for_end(left), "children outlive their parent"


def wait_for_end(pids: list[int]) -> bool:
    """Wait until none of the processes lives; tell whether that was so in time."""
    return any(not any(psutil.pid_exists(pid) for pid in pids) for _ in attempts(_SECONDS))


def database_runs(data_dir: Path) -> bool:
    """Tell whether the embedded database of a data folder runs."""
    cluster = str(data_dir / "postgres" / "cluster")
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["name"] == "postgres" and process.info["cwd"] == cluster:
            return True
    return False


class Knocking(threading.Thread):
    """Connects to a port again and again; `refused` counts the times that nobody listened."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._stopped = threading.Event()
        self.knocks = 0
        self.refused = 0

    def run(self) -> None:
        while not self._stopped.wait(0.005):
            self.knocks += 1
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE):
                    pass
            except ConnectionRefusedError:
                self.refused += 1

    def stop(self) -> None:
        self._stopped.set()
        self.join(30)


def kill(pid: int) -> None:
    """Kill a process as the system does that has no memory left."""
    os.kill(pid, signal.SIGKILL)
    time.sleep(0)


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())
