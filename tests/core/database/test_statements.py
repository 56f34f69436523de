"""Statements written as text go straight to the driver, and behave as all others do."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from answerdesk.accounts import repository as accounts
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId
from answerdesk.projects import service as projects


@pytest.fixture
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
    database = Database({**runtime}, pool_size=1)
    yield database
    await database.close()


async def test_errors_are_those_of_all_statements(database: Database) -> None:
    with pytest.raises(ProgrammingError, match="no_such_table"):
        async with database.transaction(None) as session:
            await session.execute(text("select 1 from no_such_table"))
    account_id = AccountId(uuid4())
    with pytest.raises(IntegrityError):
        await _write_twice(database, account_id)
    # The only connection of the pool is sound, and what came before the error is gone.
    async with database.transaction(account_id) as session:
        assert await session.scalar(text("select count(*) from account")) == 0


async def _write_twice(database: Database, account_id: AccountId) -> None:
    async with database.transaction(account_id) as session:
        await accounts.add_account(session, account_id, "Twice")
        await session.execute(
            text("insert into public_id (id, account_id) values (:id, :id), (:id, :id)"),
            {"id": account_id},
        )


async def test_it_sees_what_the_same_transaction_has_written(database: Database) -> None:
    account_id = AccountId(uuid4())
    async with database.transaction(account_id) as session:
        await accounts.add_account(session, account_id, "Ours")
        await projects.create_project(session, account_id, "First")
        row = (await session.execute(text("select name, demo from project"))).one()
        assert (row.name, row.demo) == ("First", False)
        assert tenant_of(session) == account_id
    async with database.transaction(account_id) as session:
        assert (await session.scalar(text("select name from project"))) == "First"


async def test_colons_and_percent_signs_are_taken_as_written(database: Database) -> None:
    async with database.transaction(None) as session:
        row = (
            await session.execute(
                text("select '50%' as share, :word \\:\\:text as word"), {"word": "a"}
            )
        ).one()
    assert tuple(row) == ("50%", "a")


async def test_without_an_account_there_is_no_tenant(database: Database) -> None:
    async with database.transaction(None) as session:
        with pytest.raises(LookupError):
            tenant_of(session)
