"""The account's cursor skips no event, and only the account's own transactions delay it."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from answerdesk.core.database import Database
from answerdesk.core.events import EventType, Payload, consume, events_after, new_events, record
from answerdesk.core.events.types import encoded
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ProjectId
from tests.ready_database import ready_postgres


class Note(Payload):
    number: int


NOTED = EventType("note.taken", "Somebody took a note.", Note, Note(number=1))
OTHER = EventType("note.lost", "Somebody lost a note.", Note, Note(number=1))
_PATIENCE = 30.0


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    with ready_postgres() as server:
        yield server


class Tenant:
    """An account with one project, and what it records."""

    def __init__(
        self, database: Database, account_id: AccountId, project_id: ProjectId, *, at_once: bool
    ) -> None:
        self._at_once = at_once
        self.database = database
        self.account_id = account_id
        self.project_id = project_id

    async def note(self, number: int, event_type: EventType[Note] = NOTED) -> None:
        async with self.database.transaction(self.account_id) as session:
            await record(session, self.account_id, self.project_id, event_type, Note(number=number))

    async def read(self, after: int = 0, limit: int = 100) -> tuple[list[int], int]:
        if self._at_once:
            found, cursor = await new_events(
                self.database.single(self.account_id), after, limit=limit
            )
            return [one.payload["number"] for one in found], cursor
        async with self.database.transaction(self.account_id) as session:
            events, cursor = await events_after(session, after, limit=limit)
        return [one.payload["number"] for one in events], cursor

    async def jobs(self) -> list[list[int]]:
        """Return the ids of events in the jobs for consumers, in the order of the jobs."""
        async with self.database.transaction(self.account_id) as session:
            found = await session.execute(
                text(
                    "select payload->'events' from due_job"
                    " where account_id = :account_id order by id"
                ),
                {"account_id": self.account_id},
            )
            return [list(row[0]) for row in found]


class Town:
    """A database, and tenants in it."""

    def __init__(
        self, database: Database, owner: psycopg.Connection[tuple[object]], *, at_once: bool
    ) -> None:
        self._at_once = at_once
        self.database = database
        self._owner = owner

    def tenant(self) -> Tenant:
        account_id, project_id = uuid4(), uuid4()
        self._owner.execute(
            "insert into account (account_id, name, plan) values (%s, 'A', 'unlimited')",
            (account_id,),
        )
        self._owner.execute(
            "insert into project (account_id, id, name, settings) values (%s, %s, 'P', '{}')",
            (account_id, project_id),
        )
        ids = AccountId(account_id), ProjectId(project_id)
        return Tenant(self.database, *ids, at_once=self._at_once)


@pytest.fixture(params=[False, True], ids=["in a transaction", "at once"])
async def town(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[Town]:
    owner = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
    runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
    database = Database(runtime, pool_size=12)
    with psycopg.connect(**owner, autocommit=True) as connection:
        yield Town(database, connection, at_once=request.param)
    await database.close()


async def test_an_event_needs_a_tenant(town: Town) -> None:
    with pytest.raises(DBAPIError, match="needs the tenant"):
        async with town.database.transaction(None) as session:
            await session.execute(
                text(
                    "insert into event (account_id, project_id, type, payload)"
                    " values (gen_random_uuid(), gen_random_uuid(), 'x', '{}')"
                )
            )


async def test_what_is_not_committed_is_not_there_and_holds_up_its_own_account_only(
    town: Town,
) -> None:
    ours, theirs = town.tenant(), town.tenant()
    await ours.note(1)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ours.database.transaction(ours.account_id))
        await record(session, ours.account_id, ours.project_id, NOTED, Note(number=2))
        await ours.note(3)
        await theirs.note(4)
        async with asyncio.timeout(_PATIENCE):
            numbers, cursor = await ours.read()
            assert numbers == [1]
            assert (await ours.read(cursor))[0] == []
            assert (await theirs.read())[0] == [4]
    assert (await ours.read(cursor))[0] == [2, 3]


async def test_what_is_rolled_back_never_was(town: Town) -> None:
    ours = town.tenant()
    async with ours.database.transaction(ours.account_id) as session:
        await record(session, ours.account_id, ours.project_id, NOTED, Note(number=1))
        await session.rollback()
    await ours.note(2)
    assert (await ours.read())[0] == [2]


async def test_a_savepoint_that_is_rolled_back_does_not_uncover_what_is_written_after_it(
    town: Town,
) -> None:
    ours = town.tenant()
    async with ours.database.transaction(ours.account_id) as session:
        savepoint = await session.begin_nested()
        await record(session, ours.account_id, ours.project_id, NOTED, Note(number=1))
        await savepoint.rollback()
        await record(session, ours.account_id, ours.project_id, NOTED, Note(number=2))
        await ours.note(3)
        assert (await ours.read())[0] == []
    assert (await ours.read())[0] == [2, 3]


async def test_a_transaction_takes_one_lock_however_many_events_it_records(town: Town) -> None:
    ours, theirs = town.tenant(), town.tenant()
    async with ours.database.transaction(ours.account_id) as session:
        for number in range(20):
            await record(session, ours.account_id, ours.project_id, NOTED, Note(number=number))
            await theirs.note(number)
        locks = await session.scalar(
            text(
                "select count(*) from pg_locks where locktype = 'advisory'"
                " and pid = pg_backend_pid()"
            )
        )
    assert locks == 1


async def test_a_reader_beside_many_writers_skips_nothing_and_repeats_nothing(town: Town) -> None:
    ours = town.tenant()
    chance = random.Random(14)
    read: list[int] = []
    written = asyncio.Event()

    async def write(first: int) -> None:
        for number in range(first, first + 40, 2):
            async with ours.database.transaction(ours.account_id) as session:
                await asyncio.sleep(chance.random() / 100)
                for one in (number, number + 1):
                    await record(session, ours.account_id, ours.project_id, NOTED, Note(number=one))
                    await asyncio.sleep(chance.random() / 100)

    async def follow() -> None:
        cursor = 0
        while True:
            ended = written.is_set()
            numbers, cursor = await ours.read(cursor, limit=7)
            read.extend(numbers)
            if ended and not numbers:
                return

    async with asyncio.timeout(_PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(follow())
        async with asyncio.TaskGroup() as writers:
            for number in range(0, 240, 40):
                writers.create_task(write(number))
        written.set()
    assert sorted(read) == list(range(240))


async def test_consumers_get_a_job_with_the_events_they_asked_for(town: Town) -> None:
    ours, theirs = town.tenant(), town.tenant()
    async with ours.database.transaction(ours.account_id) as session:
        await consume(session, "reading", [NOTED.name])
    await theirs.note(1)
    assert await theirs.jobs() == []
    await ours.note(1, OTHER)
    assert await ours.jobs() == []
    async with ours.database.transaction(ours.account_id) as session:
        for event_type in (OTHER, NOTED):
            await record(session, ours.account_id, ours.project_id, event_type, Note(number=2))
        assert len(await ours.jobs()) == 0
    (told,) = await ours.jobs()
    async with ours.database.transaction(ours.account_id) as session:
        events, _ = await events_after(session, 0)
    assert told == [one.id for one in events if one.type == NOTED.name]
    async with ours.database.transaction(ours.account_id) as session:
        await consume(session, "reading", [])
    await ours.note(3)
    assert len(await ours.jobs()) == 1


async def test_many_events_of_one_statement_are_told_in_several_jobs(town: Town) -> None:
    ours = town.tenant()
    async with ours.database.transaction(ours.account_id) as session:
        await consume(session, "reading", [NOTED.name])
        await session.execute(
            text(
                "insert into event (account_id, project_id, type, payload)"
                " select :account_id, :project_id, :type, cast(:payload as jsonb)"
                " from generate_series(1, 250)"
            ),
            {
                "account_id": ours.account_id,
                "project_id": ours.project_id,
                "type": NOTED.name,
                "payload": encoded(Note(number=1)),
            },
        )
    jobs = await ours.jobs()
    assert [len(one) for one in jobs] == [100, 100, 50]
    assert len({event for one in jobs for event in one}) == 250
