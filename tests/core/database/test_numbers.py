"""Integer numbers of things: lasting, an account's own, and random where knowing one counts."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import psycopg
import pytest

from answerdesk.accounts import repository as accounts
from answerdesk.accounts.service import forget_public_ids
from answerdesk.core.database import Database
from answerdesk.core.numbers import HIGHEST, id_of_number, numbers_of, thing_of_number
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId


@pytest.fixture(params=[True, False], ids=["with our filter", "with the database alone"])
async def database(
    postgres: EmbeddedPostgres, request: pytest.FixtureRequest
) -> AsyncIterator[Database]:
    runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
    database = Database({**runtime}, tenant_filter=request.param)
    yield database
    await database.close()


async def account(database: Database) -> AccountId:
    account_id = AccountId(uuid4())
    async with database.transaction(account_id) as session:
        await accounts.add_account(session, account_id, "Numbered")
    return account_id


async def test_numbers_are_the_accounts_own(database: Database) -> None:
    ours, theirs, thing = await account(database), await account(database), uuid4()
    async with database.transaction(ours) as session:
        (number,) = (await numbers_of(session, "item", [thing])).values()
    async with database.transaction(theirs) as session:
        assert await id_of_number(session, "item", number) is None
        assert (await numbers_of(session, "item", [thing]))[thing] != number
    async with database.transaction(ours) as session:
        assert await id_of_number(session, "agent", number) is None
        assert await id_of_number(session, "item", number) == thing
        for wrong in (0, -1, HIGHEST + 1, 2**70):
            assert await id_of_number(session, "item", wrong) is None
    assert await thing_of_number(database, "item", number) == (ours, thing)
    for wrong in (0, HIGHEST, 2**70):
        assert await thing_of_number(database, "item", wrong) is None


async def test_a_number_stays(database: Database) -> None:
    ours = await account(database)
    things = [uuid4() for _ in range(50)]

    async def numbered() -> dict[str, int]:
        async with database.transaction(ours) as session:
            numbers = await numbers_of(session, "conversation", [*things, *things])
        return {str(one): number for one, number in numbers.items()}

    first, *others = await asyncio.gather(*(numbered() for _ in range(6)))
    assert all(one == first for one in others)
    assert first == await numbered()
    assert len(set(first.values())) == len(things)


async def test_the_number_of_a_conversation_cannot_be_guessed(database: Database) -> None:
    ours = await account(database)
    things = [uuid4() for _ in range(200)]
    async with database.transaction(ours) as session:
        random = sorted((await numbers_of(session, "conversation", things)).values())
        counted = sorted((await numbers_of(session, "item", things)).values())
    assert all(1 <= one <= HIGHEST for one in random)
    assert random[-1].bit_length() > 48
    assert len({one % 1024 for one in random}) > 100
    assert counted[-1] - counted[0] < 10_000


async def test_a_forgotten_thing_has_no_number(database: Database) -> None:
    ours, theirs, thing = await account(database), await account(database), uuid4()
    async with database.transaction(ours) as session:
        (number,) = (await numbers_of(session, "conversation", [thing])).values()
    async with database.transaction(theirs) as session:
        await forget_public_ids(session, [thing])
    assert await thing_of_number(database, "conversation", number) == (ours, thing)
    async with database.transaction(ours) as session:
        await forget_public_ids(session, [thing])
    assert await thing_of_number(database, "conversation", number) is None


def test_without_a_tenant_no_row_is_seen(postgres: EmbeddedPostgres) -> None:
    runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
    with psycopg.connect(**runtime) as connection:
        assert connection.execute("select 1 from public_number limit 1").fetchall() == []
