"""Statements of one round trip: a tenant sees its own rows and no other's, whatever the plan."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import IS_SET, TENANT, Database, account_in, witnessed
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId

_READ = text(
    f"with {TENANT} select c.state from tenant left join lateral"
    f" (select state from conversation where account_id = :account_id and {IS_SET}) c on true"
)
_UNFILTERED = text(f"with {TENANT} select state from conversation where {IS_SET}")
_FORGOTTEN = text(f"with {TENANT} select state from conversation where account_id = :account_id")
_CHANGE = text(
    f"with {TENANT}, found as materialized (select id from conversation"
    f" where account_id = :account_id and {IS_SET} for update), changed as (update conversation"
    f" set state = 'closed' from found where account_id = :account_id"
    f" and conversation.id = found.id and {IS_SET} returning 1)"
    " select count(*) as changed from changed"
)
_ADD = text(
    f"with {TENANT}, go as materialized (select where {IS_SET}), added as (insert into conversation"
    " (account_id, id, project_id) select :other, gen_random_uuid(), :project from go returning 1)"
    " select count(*) from added"
)


@pytest.fixture
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    opened = Database(
        postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
    )
    yield opened
    await opened.close()


class Owner:
    """An account with a project and conversations."""

    def __init__(self, postgres: EmbeddedPostgres, conversations: int) -> None:
        self.account_id, self.project_id = AccountId(uuid4()), uuid4()
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute("insert into account values (%s, 'a')", (self.account_id,))
            connection.execute(
                "insert into project (account_id, id, name) values (%s, %s, 'p')",
                (self.account_id, self.project_id),
            )
            connection.execute(
                "insert into conversation (account_id, id, project_id)"
                " select %s, gen_random_uuid(), %s from generate_series(1, %s)",
                (self.account_id, self.project_id, conversations),
            )
            connection.execute("analyze")


async def test_a_statement_cannot_write_for_another_tenant(
    postgres: EmbeddedPostgres, database: Database
) -> None:
    ours, theirs = Owner(postgres, 1), Owner(postgres, 1)
    parameters = {"other": theirs.account_id, "project": theirs.project_id}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await database.single(ours.account_id).rows(_ADD, parameters)
    assert len(await database.single(theirs.account_id).rows(_READ, {})) == 1


async def test_a_part_that_forgets_the_condition_finds_nothing(
    postgres: EmbeddedPostgres, database: Database
) -> None:
    ours = Owner(postgres, 3)
    assert await database.single(ours.account_id).rows(_FORGOTTEN, {}) == []


@pytest.mark.parametrize("conversations", [1, 2000])
async def test_a_tenant_sees_and_changes_its_own_rows_alone(
    postgres: EmbeddedPostgres, database: Database, conversations: int
) -> None:
    ours, theirs = Owner(postgres, conversations), Owner(postgres, 5)
    one = database.single(ours.account_id)
    # More often than PostgreSQL makes plans of its own before it keeps one.
    for _ in range(7):
        assert len(await one.rows(_READ, {})) == conversations
        assert len(await one.rows(_UNFILTERED, {})) == conversations
        (row,) = await one.rows(_CHANGE, {})
        assert row.changed == conversations
    found = await database.single(theirs.account_id).rows(_READ, {})
    assert [row.state for row in found] == ["ai"] * 5


async def test_tenants_that_share_connections_never_meet(
    postgres: EmbeddedPostgres, database: Database
) -> None:
    owners = [Owner(postgres, count) for count in range(1, 7)]

    async def count(owner: Owner) -> int:
        return len(await database.single(owner.account_id).rows(_UNFILTERED, {}))

    counted = await asyncio.gather(*(count(owner) for owner in owners * 20))
    assert counted == list(range(1, 7)) * 20


async def test_a_statement_runs_in_a_transaction_as_well(
    postgres: EmbeddedPostgres, database: Database
) -> None:
    ours = Owner(postgres, 2)
    with pytest.raises(RuntimeError, match="back"):
        await _change_and_fail(database, ours.account_id)
    found = await database.single(ours.account_id).rows(_READ, {})
    assert [row.state for row in found] == ["ai", "ai"]


async def _change_and_fail(database: Database, account_id: AccountId) -> None:
    async with database.transaction(account_id) as session:
        (row,) = await session.rows(_CHANGE, {})
        assert row.changed == 2
        raise RuntimeError("back")


async def test_a_witness_commits_with_a_statement_or_prevents_it(
    postgres: EmbeddedPostgres, database: Database
) -> None:
    owner = Owner(postgres, 1)
    seen: list[AccountId | None] = []

    async def prevent(session: AsyncSession) -> None:
        seen.append(account_in(session))
        raise PermissionError

    with witnessed(prevent), pytest.raises(PermissionError):
        await database.single(owner.account_id).rows(_CHANGE, {})
    assert seen == [owner.account_id]
    (row,) = await database.single(owner.account_id).rows(_READ, {})
    assert row.state == "ai"
