"""The hub on a real database: exactly once, late commits, lost connections, slow readers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text

from answerdesk.bootstrap import Application, running
from answerdesk.core.database import IS_SET, TENANT
from answerdesk.core.events import record, settled
from answerdesk.core.live import (
    Batch,
    Cursor,
    Frame,
    Live,
    Passing,
    Rendered,
    Subscription,
    Topic,
)
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, ProjectId, parse_public_id
from answerdesk.projects.events import PROJECT_CREATED, ProjectChange
from tests.accounts.people import sign_up
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE

_HELD = 4711
_WAITING = (
    "select count(*) from pg_locks where locktype = 'advisory' and mode = 'ShareLock'"
    " and not granted"
)
_KILL = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen live'"


class Numbers:
    """Renders each event as a frame with its id."""

    kind = "numbers"

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.fails = 0
        self.padding = ""
        self.pause = 0.0

    async def render(self, batch: Batch) -> Rendered:
        self.batches.append(batch)
        await asyncio.sleep(self.pause)
        if self.fails:
            self.fails -= 1
            raise ValueError("a batch that can't be rendered")
        frames = [
            Frame(
                "number",
                json.dumps({"id": one.id, "said": one.payload["project_id"]}).encode()
                + self.padding.encode(),
                one.id,
            )
            for one in batch.events
            if one.type == PROJECT_CREATED.name
        ]
        return dict.fromkeys(batch.topics, frames)

    def passing(self, message: Passing, topics: Collection[Topic]) -> Rendered:
        return {one: [Frame("passing", json.dumps(dict(message)).encode())] for one in topics}


@dataclass
class Place:
    """An account of the server, and a hub beside it, as in another process."""

    application: Application
    live: Live
    account_id: AccountId
    project_id: ProjectId
    numbers: Numbers = field(default_factory=Numbers)

    def subscription(self, after: Cursor | None = None, **fields: Any) -> Subscription:
        return Subscription(self.account_id, self.numbers, ("all",), after, **fields)

    async def cursor(self) -> Cursor:
        async with self.application.database.transaction(self.account_id) as session:
            return Cursor(await settled(session), 2**33)

    async def say(self, *words: str) -> None:
        async with self.application.database.transaction(self.account_id) as session:
            for word in words:
                payload = ProjectChange(project_id=word)
                await record(session, self.account_id, self.project_id, PROJECT_CREATED, payload)


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator[Place]:
    settings = Settings(data_dir=server.data_dir, embedder="fake", demo=False, worker=False)
    person = sign_up(server)
    made = person.client.post("/v1/projects", json={"name": "Live"}).json()["id"]
    account, project = parse_public_id("acct", person.account_id), parse_public_id("proj", made)
    assert account is not None
    assert project is not None
    async with running(settings) as application:
        live = Live(application.database, check_seconds=0.1)
        yield Place(application, live, AccountId(account), ProjectId(project))
        await live.close()


@pytest.fixture
async def place(server: Server) -> AsyncIterator[Place]:
    async with opened(server) as found:
        yield found


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110  # What it looks at sets no event.
            await asyncio.sleep(0.01)


class Reader:
    """Reads a stream in a task of its own."""

    def __init__(self, live: Live, wanted: Subscription) -> None:
        self.text = ""
        self.task = asyncio.create_task(self._read(live, wanted))

    async def _read(self, live: Live, wanted: Subscription) -> None:
        async with aclosing(live.stream(wanted)) as stream:
            async for data in stream:
                self.text += data.decode()

    @property
    def said(self) -> list[str]:
        return [
            json.loads(line.removeprefix("data: ")).get("said")
            for line in self.text.splitlines()
            if line.startswith("data: ") and '"said"' in line
        ]

    async def hears(self, text: str) -> None:
        await until(lambda: text in self.text)


async def begun(place: Place, after: Cursor | None = None, **fields: Any) -> Reader:
    """Return a reader that has begun to hear."""

    async def opening() -> list[Frame]:
        return [Frame("opening", b"{}")]

    reader = Reader(place.live, place.subscription(after, opening=opening, **fields))
    await reader.hears("event: opening")
    return reader


async def test_each_event_comes_once_to_all_and_is_rendered_once(place: Place) -> None:
    readers = [await begun(place) for _ in range(20)]
    for number in range(30):
        await place.say(f"<{number}>")
    for one in readers:
        await one.hears("<29>")
        assert one.said == [f"<{number}>" for number in range(30)]
    rendered = [event.id for batch in place.numbers.batches for event in batch.events]
    assert len(rendered) == len(set(rendered)) == 30


async def test_who_comes_amid_a_storm_misses_nothing_and_doubles_nothing(place: Place) -> None:
    after = await place.cursor()
    place.numbers.pause = 0.03  # Many come while a batch is being rendered.
    total = 60

    async def storm() -> None:
        for number in range(total):
            await place.say(f"<{number}>")

    storming = asyncio.create_task(storm())
    readers = []
    while not storming.done():
        readers.append(Reader(place.live, place.subscription(after)))
        await asyncio.sleep(0.02)
    await storming
    assert len(readers) > 3
    for one in readers:
        await one.hears(f"<{total - 1}>")
        assert one.said == [f"<{number}>" for number in range(total)]


async def test_a_late_commit_is_not_skipped(place: Place) -> None:
    reader = await begun(place)
    async with place.application.database.transaction(place.account_id) as session:
        payload = ProjectChange(project_id="<late>")
        await record(session, place.account_id, place.project_id, PROJECT_CREATED, payload)
        await place.say("<early>")
        await asyncio.sleep(0.3)
        assert reader.said == []  # Not before what has a lower id.
    await reader.hears("<early>")
    assert reader.said == ["<late>", "<early>"]


async def test_what_is_rolled_back_delays_and_loses_nothing(place: Place) -> None:
    reader = await begun(place)
    async with place.application.database.transaction(place.account_id) as session:
        payload = ProjectChange(project_id="<never>")
        await record(session, place.account_id, place.project_id, PROJECT_CREATED, payload)
        await place.say("<kept>")
        await session.rollback()
    await reader.hears("<kept>")
    assert reader.said == ["<kept>"]


async def test_whoever_waits_for_the_database_delays_no_stream(place: Place, rows: Rows) -> None:
    reader = await begun(place)
    database = place.application.database
    held = text(f"with {TENANT} select pg_advisory_xact_lock_shared({_HELD}) where {IS_SET}")

    async def wait_alone() -> None:
        await database.single(place.account_id).rows(held, {})

    async def wait_in_a_transaction() -> None:
        async with database.transaction(place.account_id) as session:
            await session.rows(held, {})

    async with database.transaction(place.account_id) as session:
        payload = ProjectChange(project_id="<told>")
        await record(session, place.account_id, place.project_id, PROJECT_CREATED, payload)
        rows("select pg_advisory_lock(%s)", _HELD)
        several = (wait_alone, wait_in_a_transaction) * 20
        waiting = [asyncio.create_task(one()) for one in several]
        # Everything but what is reserved: the transaction above has one of the connections.
        await until(lambda: rows(_WAITING)[0][0] == 5 + 9)
    await reader.hears("<told>")
    assert not any(one.done() for one in waiting)
    rows("select pg_advisory_unlock(%s)", _HELD)
    await asyncio.gather(*waiting)


async def test_a_lost_connection_loses_nothing(place: Place, rows: Rows) -> None:
    reader = await begun(place)
    await place.say("<0>")
    await reader.hears("<0>")
    for number in range(1, 4):
        await until(lambda: bool(rows(_KILL)))
        await place.say(f"<{number}>")
        await reader.hears(f"<{number}>")
    assert reader.said == [f"<{number}>" for number in range(4)]


async def test_without_notifications_news_come_by_polling(place: Place, rows: Rows) -> None:
    reader = await begun(place)
    rows(
        "update live_account set until = now() - interval '1 day' where account_id = %s"
        " returning 1",
        place.account_id,
    )
    await place.say("<unannounced>")
    await reader.hears("<unannounced>")


async def test_passing_messages_reach_the_accounts_subscribers_only(
    place: Place, server: Server
) -> None:
    async with opened(server) as other:
        ours, theirs = await begun(place), await begun(other)
        await other.live.send(other.account_id, {"kind": "theirs"})
        # From another process of the same account.
        await other.live.send(place.account_id, {"kind": "ours"})
        await ours.hears('"ours"')
        await theirs.hears('"theirs"')
        assert "theirs" not in ours.text
        assert "ours" not in theirs.text.replace("theirs", "")
        with pytest.raises(ValueError, match="at most"):
            await other.live.send(place.account_id, {"kind": "x" * 3000})


async def test_a_slow_reader_is_told_to_reload(place: Place) -> None:
    place.numbers.padding = " " * 100_000
    wanted = place.subscription(opening=None)
    async with aclosing(place.live.stream(wanted)) as slow:
        other = await begun(place)
        first = asyncio.ensure_future(anext(slow))
        await asyncio.sleep(0.3)
        await place.say("<begin>")
        async with asyncio.timeout(PATIENCE):
            await first
        for number in range(10):
            await place.say(f"<{number}>")
            await other.hears(f"<{number}>")
        rest = [data async for data in slow]
    assert rest == [b'event: reload\ndata: {"reason":"slow"}\n\n']
    assert len(other.said) == 11


async def test_a_batch_that_fails_is_tried_again_and_then_given_up(place: Place) -> None:
    reader = await begun(place)
    place.numbers.fails = 2
    await place.say("<after two failures>")
    await reader.hears("<after two failures>")
    assert len(reader.said) == 1
    place.numbers.fails = 5
    await place.say("<never>")
    await reader.hears("event: reload")
    async with asyncio.timeout(PATIENCE):
        await reader.task


async def test_ended_access_ends_the_stream(place: Place) -> None:
    ended = asyncio.Event()

    async def check() -> Frame | None:
        return Frame("ended", b"{}") if ended.is_set() else None

    reader = await begun(place, check=check)
    await place.say("<seen>")
    await reader.hears("<seen>")
    ended.set()
    await reader.hears("event: ended")
    async with asyncio.timeout(PATIENCE):
        await reader.task


async def test_nothing_is_left_when_all_have_gone(place: Place) -> None:
    readers = [await begun(place) for _ in range(5)]
    for one in readers:
        one.task.cancel()
    await asyncio.gather(*(one.task for one in readers), return_exceptions=True)
    await until(lambda: not place.live._accounts)
    assert not place.live._checks


async def test_streams_end_when_we_stop(place: Place) -> None:
    reader = await begun(place)
    await place.live.close()
    async with asyncio.timeout(PATIENCE):
        await reader.task
    assert [one async for one in place.live.stream(place.subscription())] == []


async def test_who_looks_for_themselves_is_woken(place: Place, server: Server) -> None:
    woken = asyncio.Event()
    async with opened(server) as other:
        with place.live.heeding(place.account_id, woken.set):
            await until(woken.is_set)  # It may have missed something before.
            for _ in range(3):
                await asyncio.sleep(0.2)
                woken.clear()
                await other.say("<theirs>")
                await asyncio.sleep(0.2)
                assert not woken.is_set()
                await place.say("<ours>")
                await until(woken.is_set)
