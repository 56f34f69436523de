"""A database that is away: requests are told soon, and its return is noticed without a restart."""

import asyncio
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Desk, Server
from tests.dialects.orac.chat import ask
from tests.waiting import PATIENCE

_SOON = PATIENCE / 2
"""Seconds for what takes three on a machine that has nothing else to do."""


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        running = Server(Path(folder) / "data").start()
        try:
            yield running
        finally:
            processes = _database(running)
            running.kill()
            # A database outlives a server that was killed, and would go on writing.
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(processes, timeout=PATIENCE)


def _database(server: Server) -> list[psutil.Process]:
    folder = str(server.data_dir)
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres" and str(process.info["cwd"] or "").startswith(folder)
    ]


@contextmanager
def _frozen(server: Server) -> Iterator[None]:
    processes = _database(server)
    assert processes
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


@contextmanager
def _admin(server: Server) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        arguments = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**arguments, autocommit=True) as connection:
            yield connection


def test_a_silent_database_is_told_in_each_envelope_and_when_to_try_again(server: Server) -> None:
    with server.client(owner=True) as owner, server.client() as visitor:
        desk = Desk(owner, visitor)
        body = {"project_id": desk.project_id, "message": "Is anybody there?"}
        with _frozen(server):
            began = time.monotonic()
            orac = visitor.post("/api/chat", json=body)
            native = owner.get("/v1/projects")
            ready = visitor.get("/readyz")
            assert time.monotonic() - began < 3 * _SOON
            assert visitor.get("/healthz").status_code == 200
        assert (orac.status_code, orac.json()["code"]) == (503, "database_unavailable")
        assert (native.status_code, native.json()["code"]) == (503, "database_unavailable")
        assert ready.status_code == 503
        assert int(orac.headers["Retry-After"]) > 0
        assert int(native.headers["Retry-After"]) > 0
        # What was refused is not stored, and nothing has to be started anew.
        assert ask(visitor, desk.project_id, "Is anybody there now?").names[-1] == "done"
        assert owner.get("/v1/projects").status_code == 200


def test_many_chats_at_a_silent_database_are_all_told(server: Server) -> None:
    with server.client(owner=True) as owner, server.client() as visitor:
        project_id = Desk(owner, visitor).project_id

    async def told() -> list[int]:
        async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as client:
            bodies = [{"project_id": project_id, "message": f"Number {one}?"} for one in range(40)]
            answers = await asyncio.gather(
                *(client.post("/api/chat", json=body) for body in bodies)
            )
            return [answer.status_code for answer in answers]

    with _frozen(server):
        assert set(asyncio.run(told())) == {503}
    with server.client() as visitor:
        assert ask(visitor, project_id, "And now?").names[-1] == "done"


def test_a_slow_statement_is_waited_for(server: Server) -> None:
    with server.client(owner=True) as owner, server.client() as visitor:
        desk = Desk(owner, visitor)
        with _admin(server) as admin, admin.transaction():
            admin.execute("lock table conversation in access exclusive mode")
            answers: list[str] = []
            chat = threading.Thread(
                target=lambda: answers.extend(ask(visitor, desk.project_id, "Hello there?").names)
            )
            chat.start()
            chat.join(timeout=6)
            assert chat.is_alive()
        chat.join(timeout=PATIENCE)
        assert answers[-1:] == ["done"]


def test_a_restarted_database_is_noticed_at_the_next_request(server: Server) -> None:
    with server.client(owner=True) as owner, server.client() as visitor:
        project_id = Desk(owner, visitor).project_id
        for number in range(3):
            ask(visitor, project_id, f"Number {number}?")
        with _admin(server) as admin:
            # Every connection of the application ends, as at a restart.
            ended = admin.execute(
                "select pid, pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'answerdesk_app'"
            ).fetchall()
            gone = [[pid for pid, _ in ended]]
            deadline = time.monotonic() + PATIENCE
            while admin.execute(
                "select 1 from pg_stat_activity where pid = any(%s)", gone
            ).fetchone():
                assert time.monotonic() < deadline
                time.sleep(0.02)
        for number in range(3, 6):
            assert ask(visitor, project_id, f"Number {number}?").names[-1] == "done"
        assert owner.get("/v1/projects").status_code == 200


def test_a_crashed_database_comes_back(server: Server) -> None:
    with server.client(owner=True) as owner, server.client() as visitor:
        project_id = Desk(owner, visitor).project_id
        ask(visitor, project_id, "Number one?")
        backends = [one for one in _database(server) if one.parent() in _database(server)]
        # PostgreSQL ends all connections and recovers when one of them dies.
        os.kill(max(backend.pid for backend in backends), signal.SIGKILL)
        # Until it has noticed, what is already connected is still served.
        _, alive = psutil.wait_procs(backends, timeout=PATIENCE)
        assert alive == []
        deadline = time.monotonic() + PATIENCE
        while visitor.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert ask(visitor, project_id, "Number two?").names[-1] == "done"
