"""Webhooks beside chats: deliveries a second, what they do to chats, and a neighbour's transaction.

    python -m benchmarks.speed.webhooks [--rate 200] [--clients 4] [--seconds 20] [--rounds 3]

Events are recorded at a steady rate, each in a transaction of its own, as chats do it; their bodies
are read from the rows. A receiver in a process of its own accepts them. Rounds with and without
deliveries alternate.
"""

import argparse
import asyncio
import json
import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any, Final
from uuid import uuid4

import httpx
import numpy as np
import psycopg

from answerdesk.core.postgres import EmbeddedPostgres
from benchmarks.report import Report, Table
from benchmarks.speed.corpora import made_up
from benchmarks.speed.load import Round, chats
from benchmarks.speed.server import Serving, fill_with, serving

BUDGET: Final = 2.0
"""Chats beside 200 deliveries a second may take so many times as long, p50."""

_PATIENCE: Final = 60.0
_HELD_SECONDS: Final = 20.0
_RECORD: Final = (
    "insert into event (account_id, project_id, type, payload)"
    " values (%s, %s, 'message.received', %s)"
)


class _Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    times: list[tuple[int, float]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.times.append((json.loads(body)["id"], time.time()))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _receive(told: Connection) -> None:
    """Receive until asked for what has come: ids of events and when, by this machine's clock."""
    times: list[tuple[int, float]] = []
    handler = type("Receiver", (_Receiver,), {"times": times})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.send(f"http://127.0.0.1:{server.server_port}/")
    while told.recv():
        told.send(list(times))
        times.clear()


class Sink:
    """The receiver's process."""

    def __init__(self, connection: Connection, url: str) -> None:
        self._connection = connection
        self.url = url

    def take(self) -> list[tuple[int, float]]:
        """Return what has come since the last call."""
        self._connection.send(True)
        times: list[tuple[int, float]] = self._connection.recv()
        return times


@contextmanager
def _sink() -> Iterator[Sink]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_receive, args=(theirs,))
    process.start()
    try:
        yield Sink(ours, ours.recv())
        ours.send(False)
    finally:
        process.join(timeout=5)
        process.kill()


class Recorder:
    """Records events of a tenant in the database, behind the server's back."""

    def __init__(self, arguments: dict[str, Any], account_id: str, project_id: str) -> None:
        self._connection = psycopg.connect(**arguments, autocommit=True)
        self._connection.execute(
            "select set_config('answerdesk.account_id', %s, false)", (account_id,)
        )
        self._ids = (account_id, project_id)

    def record(self, payload: str) -> tuple[int, float]:
        """Record one event; return its id, and when it was committed."""
        statement = f"{_RECORD} returning id"
        row = self._connection.execute(statement, (*self._ids, payload)).fetchone()
        assert row is not None
        return row[0], time.time()

    def steadily(self, payload: str, rate: float, stop: threading.Event) -> int:
        """Record events at a rate until told to stop; return how many."""
        began, count = time.monotonic(), 0
        while not stop.is_set():
            ahead = count / rate - (time.monotonic() - began)
            if ahead > 0:
                stop.wait(ahead)
                continue
            self.record(payload)
            count += 1
        return count

    @contextmanager
    def holding(self, payload: str) -> Iterator[None]:
        """Leave a transaction open that has recorded an event."""
        with self._connection.transaction():
            self.record(payload)
            yield


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    report = Report()
    report.section("webhooks", "Deliveries to a local receiver beside chats")
    corpus = made_up(1000)
    environment = {"ANSWERDESK_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    with _sink() as sink, serving(**environment) as server:
        project = fill_with(server, corpus.texts)
        with EmbeddedPostgres.start(server.data_dir) as postgres:
            admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
            payload = _prepared(server, project, sink.url)
            account, neighbour = _accounts(admin, project)
            recorder = Recorder(dict(admin), account, project.removeprefix("proj_"))
            asked = corpus.asked()
            report.add(_beside(server, project, asked, sink, recorder, payload, arguments))
            report.add(_neighbours(Recorder(dict(admin), *neighbour), recorder, sink, payload))
    report.finish()
    return 0


def _prepared(server: Serving, project: str, url: str) -> str:
    """Create the webhook; return the payload of an event about a message that is there."""
    headers = {"Authorization": f"Bearer {server.owner_key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        asked = {"project_id": project, "message": "What does section 7 say?"}
        stream = client.post("/api/chat", json=asked).raise_for_status().text
        first = json.loads(stream.split("data: ", 1)[1].split("\n", 1)[0])
        webhook = {"url": url, "events": ["message.received"], "project_id": project}
        client.post("/v1/webhooks", json=webhook).raise_for_status()
    return json.dumps(
        {
            "conversation_id": first["conversation_id"],
            "message_id": first["message_id"],
            "author": "visitor",
        }
    )


def _accounts(admin: Any, project: str) -> tuple[str, tuple[str, str]]:  # noqa: ANN401
    """Return the project's account, and a neighbour: an account with a project."""
    neighbour = (str(uuid4()), str(uuid4()))
    with psycopg.connect(**admin, autocommit=True) as connection:
        row = connection.execute(
            "select account_id from project where id = %s", (project.removeprefix("proj_"),)
        ).fetchone()
        assert row is not None
        connection.execute(
            "insert into account (account_id, name, plan) values (%s, 'Neighbour', 'unlimited')",
            neighbour[:1],
        )
        connection.execute(
            "insert into project (account_id, id, name) values (%s, %s, 'Neighbour')", neighbour
        )
    return str(row[0]), neighbour


def _beside(
    server: Serving,
    project: str,
    questions: Iterator[str],
    sink: Sink,
    recorder: Recorder,
    payload: str,
    arguments: argparse.Namespace,
) -> Table:
    rounds: dict[bool, list[Round]] = {False: [], True: []}
    recorded = arrived = 0
    for number in range(arguments.rounds * 2):
        with_deliveries = number % 2 == 1
        sink.take()
        with _recording(recorder, payload, arguments.rate if with_deliveries else 0) as counted:
            chatting = chats(server, project, questions, arguments.clients, arguments.seconds)
            rounds[with_deliveries].append(asyncio.run(chatting))
            # What arrives once the chats are over does not count as sustained.
            arrived += len(sink.take()) if with_deliveries else 0
        recorded += counted[0]
        time.sleep(2)
    alone, beside = (sum(some[1:], some[0]) for some in rounds.values())
    seconds = arguments.seconds * arguments.rounds
    ratio = beside.percentile(50) / alone.percentile(50)
    note = f"p50 × {ratio:.2f} (budget {BUDGET:g}); {arguments.clients} clients."
    return Table(
        "Chats without and with deliveries",
        ("", "recorded/s", "delivered/s", "chats/s", "p50 ms", "p99 ms"),
        (
            ("chats alone", 0.0, 0.0, *_figures(alone)),
            ("beside deliveries", recorded / seconds, arrived / seconds, *_figures(beside)),
        ),
        (note,),
    )


def _figures(chatted: Round) -> tuple[float, float, float]:
    return chatted.rate, chatted.percentile(50), chatted.percentile(99)


@contextmanager
def _recording(recorder: Recorder, payload: str, rate: float) -> Iterator[list[int]]:
    """Record events at this rate while the block lasts; then the list has their number."""
    stop = threading.Event()
    counted: list[int] = [0]

    def work() -> None:
        counted[0] = recorder.steadily(payload, rate, stop)

    thread = threading.Thread(target=work)
    if rate:
        thread.start()
    yield counted
    stop.set()
    if rate:
        thread.join()


def _neighbours(neighbour: Recorder, ours: Recorder, sink: Sink, payload: str) -> Table:
    """Compare how soon events arrive, without and with a neighbour's open transaction."""
    alone = _delays(ours, sink, payload)
    with neighbour.holding(payload):
        beside = _delays(ours, sink, payload)
    rows = []
    for name, delays in (("nobody else", alone), ("another's transaction is open", beside)):
        p50, p99 = np.percentile(delays, (50, 99)) * 1000
        rows.append((name, len(delays), float(p50), float(p99)))
    return Table(
        "From an event's commit to its arrival, five events a second",
        ("", "events", "p50 ms", "p99 ms"),
        tuple(rows),
    )


def _delays(ours: Recorder, sink: Sink, payload: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the seconds from the commit of each of some events to its arrival."""
    sink.take()
    began, committed = time.monotonic(), {}
    while time.monotonic() - began < _HELD_SECONDS:
        number, moment = ours.record(payload)
        committed[number] = moment
        time.sleep(0.2)
    arrived: dict[int, float] = {}
    while len(arrived) < len(committed) and time.monotonic() - began < _PATIENCE:
        time.sleep(0.2)
        for number, moment in sink.take():
            arrived.setdefault(number, moment)
    return np.array([arrived[number] - committed[number] for number in committed])


if __name__ == "__main__":
    raise SystemExit(main())
