"""What a server with its database costs while it is under load, and what the load itself costs."""

import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.conftest import Server


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time until a moment, and the server's memory then, in bytes."""

    at: float
    server: float
    database: float
    load: float
    memory: int

    @classmethod
    def by(cls, server: Server) -> "Spent":
        """Look at a server, its own database, and this process."""
        process = psutil.Process(server.pid)
        return cls(
            at=time.monotonic(),
            server=_seconds(process),
            database=sum(map(_seconds, _database(server.data_dir))),
            load=_seconds(psutil.Process()),
            memory=int(process.memory_info().rss),
        )

    def told(self, before: "Spent", messages: int) -> str:
        """Say what was spent since then, in cores and for each message."""
        wall = self.at - before.at
        parts = {
            "server": self.server - before.server,
            "database": self.database - before.database,
            "load": self.load - before.load,
        }
        return "; ".join(
            f"{name} {spent / wall:.2f} of a core, {1000 * spent / max(messages, 1):.1f} ms each"
            for name, spent in parts.items()
        )


def _seconds(process: psutil.Process) -> float:
    """Return its time, and that of its children that have ended: a server's former backends."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    ended = times.children_user + times.children_system if process.name() == "postgres" else 0.0
    return float(times.user + times.system + ended)


def _database(data_dir: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["name", "cwd"]):
        folder = process.info["cwd"]
        if process.info["name"] == "postgres" and folder and data_dir in Path(folder).parents:
            found.append(process)
    return found
