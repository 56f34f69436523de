"""Streams that wait cost no connection, are all told, and leave nothing behind."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import psycopg
import pytest

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import parse_public_id
from tests.conftest import Desk, Server
from tests.streams import Listener, listen
from tests.waiting import PATIENCE, attempts

_AT_ONCE: Final = 50
_STREAMS: Final = (200, pytest.param(1000, marks=pytest.mark.soak))
"""Far more than connections. What each may cost is held to alike, whatever their number."""

_ANSWER_SECONDS: Final = 3600
"""The embedder's, so that no question is answered while the test looks."""

_LEASE: Final = "60"
"""Seconds, of which those who wait for another's answer wait twice as many."""

_REPEATED: Final = 100
"""Of those who say the same again, which are accepted one after the other."""

_REPEATS_WITHIN: Final = 60
"""Seconds in which the same message again is the same question."""

_POOLS: Final = 20
"""Files that the database's pools may open."""

_KILOBYTES: Final = 80
"""Of a stream, twice what is aimed for: a test is no measurement."""

_LOOKS: Final = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A server whose due work nobody does, and its database as the tables' owner sees it."""

    server: Server
    database: psycopg.Connection[tuple[Any, ...]]

    @property
    def in_use(self) -> int:
        """The connections on which a statement runs or a transaction is open."""
        statement = (
            b"select count(*) from pg_stat_activity where backend_type = 'client backend'"
            b" and pid <> pg_backend_pid() and state <> 'idle'"
        )
        (found,) = self.database.execute(statement).fetchone() or (0,)
        return int(found)

    @property
    def open_files(self) -> int:
        return int(psutil.Process(self.server.pid).num_fds())

    @property
    def memory(self) -> int:
        return int(psutil.Process(self.server.pid).memory_info().rss)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(
            Path(folder) / "data",
            ANSWERDESK_WORKER="0",
            ANSWERDESK_FAKE_LATENCY=str(_ANSWER_SECONDS),
            ANSWERDESK_TURN_LEASE=_LEASE,
        ).start()
        with EmbeddedPostgres.start(server.data_dir) as postgres:
            admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
            with psycopg.connect(**admin, autocommit=True) as database:
                yield Place(server, database)
        server.kill()


@pytest.fixture
def owner(place: Place) -> Iterator[httpx.Client]:
    with place.server.client(owner=True) as client:
        yield client


@pytest.fixture
def desk(place: Place, owner: httpx.Client) -> Iterator[Desk]:
    with place.server.client() as visitor:
        yield Desk(owner, visitor)


def _request(method: str, path: str, key: str, body: object = None) -> bytes:
    content = "" if body is None else json.dumps(body)
    return (
        f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n{content}"
    ).encode()


@asynccontextmanager
async def _listening(
    place: Place, request: bytes, first: bytes, count: int
) -> AsyncIterator[list[Listener]]:
    """Open so many streams; each has heard its first event when the block begins."""
    listeners: list[Listener] = []
    try:
        for _ in range(0, count, _AT_ONCE):
            listeners += await asyncio.gather(
                *(_opened(place, request, first) for _ in range(_AT_ONCE))
            )
        yield listeners
    finally:
        for one in listeners:
            one.close()
        await asyncio.sleep(0.1)  # The loop hangs up.


async def _opened(place: Place, request: bytes, first: bytes) -> Listener:
    """Open a stream; a busy machine's server may ask for another try, as its clients make."""
    deadline = time.monotonic() + PATIENCE
    while True:
        listener = await listen(place.server.port, request)
        try:
            await listener.hears(first, PATIENCE)
        except EOFError:
            if b" 503 " not in listener.heard[:20] or time.monotonic() > deadline:
                raise
            await asyncio.sleep(1)
        else:
            return listener


async def _warmed_up(place: Place, request: bytes, first: bytes) -> None:
    """Let the server open and load what the first streams need."""
    before = place.open_files
    async with _listening(place, request, first, _AT_ONCE):
        pass
    await _expect_nothing_left(place, before)


async def _expect_little_use(place: Place) -> None:
    """Hold that those who wait use no connection, while others are answered."""
    await asyncio.sleep(1)  # Those who came last have their own first look behind them.
    used = []
    async with httpx.AsyncClient(base_url=place.server.url, timeout=PATIENCE) as visitor:
        for _ in range(_LOOKS):
            used.append(place.in_use)
            for path in ("/healthz", "/readyz"):
                assert (await visitor.get(path)).status_code == 200
            await asyncio.sleep(0.1)
    # One looks for all of them, one renews for all of them, each now and then.
    assert max(used) <= 3, used
    assert sum(used) <= _LOOKS, used


async def _expect_nothing_left(place: Place, files: int) -> None:
    """Hold that no more files are open than before, but for what the database's pools opened."""
    for _ in attempts(PATIENCE):
        if place.open_files <= files + _POOLS:
            return
    raise AssertionError(f"{place.open_files} files are open, {files} were before")


def _queued_sync(desk: Desk) -> str:
    """Add a website; its first sync waits for a worker that there is not. Returns its path."""
    # An address, so that no name server is asked.
    body = {"kind": "site", "url": "https://93.184.215.14/"}
    added = desk.owner.post(f"{desk.path}/sources", json=body)
    assert added.status_code == 201, added.text
    source = added.json()
    return f"{desk.path}/sources/{source['id']}/syncs/{source['last_sync']['id']}"


@pytest.mark.parametrize("streams", _STREAMS)
async def test_those_who_watch_a_sync_hold_no_connection_and_are_all_told(
    place: Place, desk: Desk, streams: int
) -> None:
    sync = _queued_sync(desk)
    request = _request("GET", f"{sync}/progress", place.server.owner_key)
    await _warmed_up(place, request, b"event: progress")
    files, memory = place.open_files, place.memory
    async with _listening(place, request, b"event: progress", streams) as listeners:
        assert place.open_files >= files + streams - _POOLS
        assert (place.memory - memory) / streams < _KILOBYTES * 1000
        await _expect_little_use(place)
        assert desk.owner.post(f"{sync}/cancel").status_code == 200
        await asyncio.gather(*(one.hears(b"event: done", PATIENCE) for one in listeners))
        assert all(one.heard.count(b"event: done") == 1 for one in listeners)
        assert all(b'"state":"cancelled"' in one.heard for one in listeners)
    await _expect_nothing_left(place, files)


def _question(desk: Desk, **more: str) -> bytes:
    body = {"project_id": desk.project_id, "message": "What does the order cost?", **more}
    return _request("POST", "/api/chat", "", body)


@pytest.mark.parametrize("streams", _STREAMS)
async def test_those_who_wait_for_answers_hold_no_connection(
    place: Place, desk: Desk, streams: int
) -> None:
    request = _question(desk)
    await _warmed_up(place, request, b"event: conversation_id")
    files, memory = place.open_files, place.memory
    async with _listening(place, request, b"event: conversation_id", streams):
        assert (place.memory - memory) / streams < _KILOBYTES * 1000
        await _expect_little_use(place)
    await _expect_nothing_left(place, files)


async def test_those_who_wait_for_what_another_answers_hold_no_connection_and_are_all_told(
    place: Place, desk: Desk
) -> None:
    files = place.open_files
    first = b"event: conversation_id"
    began = time.monotonic()
    async with _listening(place, _question(desk), first, _AT_ONCE) as asking:
        conversation = json.loads(asking[0].heard.partition(b"data: ")[2].partition(b"\n")[0])
        # The same message again is the same question, which somebody is at work on.
        again = _question(desk, **conversation)
        async with _listening(place, again, first, _REPEATED) as waiting:
            await _expect_little_use(place)
            failed = _fail(place, conversation["conversation_id"])
            # On a machine that is very busy, some may have come too late to be a repetition.
            assert failed == 1 or time.monotonic() - began > _REPEATS_WITHIN
            await asyncio.gather(*(one.hears(b"event: error", PATIENCE) for one in waiting))
    await _expect_nothing_left(place, files)


def _fail(place: Place, conversation_id: str) -> int:
    """Let turns end without an answer, as another process would; return how many."""
    failed = place.database.execute(
        "update turn set state = 'failed', finished_at = now() from message"
        " where message.id = turn.question_id and message.conversation_id = %s"
        " and turn.state = 'answering'",
        [parse_public_id(CONVERSATION_PREFIX, conversation_id)],
    )
    return failed.rowcount
