"""An installation whose processes are killed while visitors chat and a receiver misbehaves."""

import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import psutil
import psycopg

from answerdesk.core.postgres import EmbeddedPostgres
from tests import warm
from tests.conftest import Desk, Server
from tests.dialects.orac.chat import parse_frames
from tests.entrypoints.installation import PROGRAM
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, Request, answer, late, receiving

CLIENTS: Final = 8
SECONDS: Final = 2.0
"""How long a delivery waits for an answer."""
_LEASE: Final = "2"
_ENVIRONMENT: Final = {
    "ANSWERDESK_WEBHOOK_NETWORKS": "127.0.0.0/8",
    # As long a series as the kills can need; the last ones are never reached.
    "ANSWERDESK_WEBHOOK_SCHEDULE": "0,1,2,5,5,5,5,5,5,5,5,5",
    "ANSWERDESK_WEBHOOK_SECONDS": str(SECONDS),
    "ANSWERDESK_TURN_LEASE": _LEASE,
    "ANSWERDESK_FAKE_LATENCY": "0.05",
    "ANSWERDESK_VISITOR_MESSAGES_PER_MINUTE": "0",
}


class Installation:
    """A server that does no background work, a worker beside it, and their database."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(folder / "data", ANSWERDESK_WORKER="0", **_ENVIRONMENT).start()
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "ANSWERDESK_DATA_DIR": str(folder / "data"),
            "ANSWERDESK_EMBEDDER": "fake",
            "ANSWERDESK_DEMO": "0",
            "ANSWERDESK_LOG_LEVEL": "error",
            **_ENVIRONMENT,
        }
        self._closing = threading.Event()
        self._worker = self._start_worker()
        self._supervisor = threading.Thread(target=self._keep_worker, daemon=True)
        self._supervisor.start()

    def _start_worker(self) -> warm.Process:
        return warm.start([PROGRAM, "worker"], env=self._environment)

    def _keep_worker(self) -> None:
        """Start the worker again whenever it has ended, as a supervisor would."""
        while not self._closing.wait(0.2):
            if self._worker.poll() is not None:
                self._worker = self._start_worker()

    def kill_worker(self) -> None:
        """Kill the worker; another one is started."""
        self._worker.kill()

    def kill_database(self) -> None:
        """Kill PostgreSQL; the processes that use it start it again."""
        folder = str(self.server.data_dir)
        for process in psutil.process_iter(["name", "cwd"]):
            if process.info["name"] == "postgres" and str(process.info["cwd"]).startswith(folder):
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def events(self) -> Mapping[int, tuple[str, Mapping[str, Any]]]:
        """Return all events by id: type and payload."""
        return {
            number: (name, payload)
            for number, name, payload in self._rows("select id, type, payload from event")
        }

    def turn(self, message_id: str) -> list[tuple[Any, ...]]:
        """Return what became of a message: its turn's state, error and attempts."""
        question_id = UUID(message_id.removeprefix("msg_"))
        return self._rows(
            f"select state, error_code, attempt from turn where question_id = '{question_id}'"
        )

    def undelivered(self, types: Sequence[str]) -> Counter[str]:
        """Count the events of these types that have not arrived, by their delivery's state."""
        names = ", ".join(f"'{one}'" for one in types)
        found = self._rows(
            "select coalesce(d.state, 'none'), count(*) from event e"
            " left join webhook_delivery d on d.account_id = e.account_id and d.event_id = e.id"
            f" where e.type in ({names}) and d.state is distinct from 'delivered' group by 1"
        )
        return Counter(dict(found))

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        with EmbeddedPostgres.start(self.server.data_dir) as postgres:
            admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
            with psycopg.connect(**admin, autocommit=True) as connection:
                return connection.execute(statement.encode()).fetchall()

    def close(self) -> None:
        self._closing.set()
        self._supervisor.join()
        self._worker.send_signal(signal.SIGTERM)
        self._worker.wait(timeout=PATIENCE)
        self.server.stop()


@dataclass
class Sink:
    """What the receiver does with each request: 5 % fail, 1 % are answered too late."""

    chance: random.Random
    accepted: Counter[str] = field(default_factory=Counter)
    """How often each webhook-id was accepted in time, as far as the receiver knows."""
    bodies: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    told: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    """The bodies that were accepted, by the event's id."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> None:
        received = request.receiver.received[-1]
        with self._lock:
            # Another thread may have appended since; this one's own is the one it has read.
            received = next(
                one
                for one in reversed(request.receiver.received)
                if one.port == request.client_address[1]
            )
            self.bodies[received.id].add(received.body)
            draw = self.chance.random()
            if draw >= 0.05:
                # Whoever answers too late has taken it all the same.
                self.accepted[received.id] += 1
                self.told[received.json["id"]] = received.json
        if draw < 0.05:
            answer(500)(request)
        elif draw < 0.06:
            late(SECONDS * 1.5)(request)
        else:
            answer()(request)

    @property
    def repeated(self) -> float:
        """The share of deliveries that were accepted more than once."""
        return sum(count > 1 for count in self.accepted.values()) / max(len(self.accepted), 1)


class Client(threading.Thread):
    """A visitor who asks again and again, whatever happens, and notes what was acknowledged."""

    def __init__(self, server: Server, project_id: str, number: int) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._project_id = project_id
        self._number = number
        self.stopping = threading.Event()
        self.acknowledged: set[str] = set()
        self.sent_back: set[str] = set()
        """Those of the acknowledged that the visitor was told to send again."""

    def run(self) -> None:
        asked = 0
        while not self.stopping.is_set():
            asked += 1
            try:
                with httpx.Client(base_url=self._server.url, timeout=PATIENCE) as client:
                    self._ask(client, f"What about {self._number} and {asked}?")
            except httpx.HTTPError:
                self.stopping.wait(0.1)

    def _ask(self, client: httpx.Client, message: str) -> None:
        body = {"project_id": self._project_id, "message": message}
        received = ""
        with client.stream("POST", "/api/chat", json=body) as response:
            if response.status_code != 200:
                self.stopping.wait(0.1)
                return
            for text in response.iter_text():
                received += text
                whole = received[: received.rfind("\n\n") + 2]
                if whole and not whole.startswith(":"):
                    message_id = parse_frames(whole).frames[0][1]["message_id"]
                    self.acknowledged.add(message_id)
                    if "event: error" in whole:
                        self.sent_back.add(message_id)
        self.stopping.wait(0.05)


@contextmanager
def chaos() -> Iterator[tuple[Installation, Desk, Receiver]]:
    """Run an installation with a project, and a receiver; the test makes the trouble."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder, receiving() as receiver:
        installation = Installation(Path(folder))
        try:
            with (
                installation.server.client(owner=True) as owner,
                installation.server.client() as visitor,
            ):
                yield installation, Desk(owner, visitor), receiver
        finally:
            installation.close()


def make_trouble(installation: Installation, kills: int, database_kills: int, pause: float) -> None:
    """Kill the server and the worker in turns, and the database in between; start them again."""
    chance = random.Random(kills)
    at = {round((number + 0.5) * kills / database_kills) for number in range(database_kills)}
    for number in range(kills):
        time.sleep(pause * (0.5 + chance.random()))
        if number in at:
            installation.kill_database()
        elif number % 2:
            installation.kill_worker()
        else:
            installation.server.kill()
            installation.server.start()


def wait_until_drained(installation: Installation, types: Sequence[str], seconds: float) -> float:
    """Wait until every event of these types has arrived; return how long it took."""
    began = time.monotonic()
    for _ in attempts(seconds):
        if not installation.undelivered(types):
            return time.monotonic() - began
    raise AssertionError(f"After {seconds} s: {installation.undelivered(types)}")
