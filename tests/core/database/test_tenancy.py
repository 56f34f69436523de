"""Tenants are kept apart twice: by our filter, and by the database alone."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts import repository as accounts
from answerdesk.core.database import ConnectionArguments, Database
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.migrations.upgrade import HEAD, current_version, upgrade
from answerdesk.projects import repository as project_rows
from answerdesk.projects import service as projects


def _admin(server: EmbeddedPostgres) -> ConnectionArguments:
    return {**server.conninfo(user=server.admin_user, password=server.admin_password)}


def _runtime(server: EmbeddedPostgres) -> ConnectionArguments:
    return {**server.conninfo(user=server.runtime_user, password=server.runtime_password)}


@pytest.fixture(params=[True, False], ids=["with our filter", "with the database alone"])
async def database(
    postgres: EmbeddedPostgres, request: pytest.FixtureRequest
) -> AsyncIterator[Database]:
    database = Database(_runtime(postgres), tenant_filter=request.param)
    yield database
    await database.close()


@pytest.fixture
async def two(database: Database) -> tuple[AccountId, AccountId]:
    """Two accounts with a project each."""
    found = []
    for name in ("Ours", "Theirs"):
        account_id = AccountId(uuid4())
        async with database.transaction(account_id) as session:
            await accounts.add_account(session, account_id, name)
            await projects.create_project(session, account_id, name)
        found.append(account_id)
    return found[0], found[1]


async def test_a_tenant_sees_its_own_rows_only(
    database: Database, two: tuple[AccountId, AccountId]
) -> None:
    ours, theirs = two
    async with database.transaction(ours) as session:
        assert [project.name for project in await projects.list_projects(session)] == ["Ours"]
    async with database.transaction(theirs) as session:
        (foreign,) = await projects.list_projects(session)
    async with database.transaction(ours) as session:
        assert await project_rows.get(session, ProjectId(foreign.id)) is None


async def test_without_a_tenant_nothing_is_seen(
    database: Database, two: tuple[AccountId, AccountId]
) -> None:
    async with database.transaction(None) as session:
        for table in await _tenant_tables(session):
            assert (await session.execute(text(f"select 1 from {table} limit 1"))).all() == []


async def test_the_filter_alone_holds_too(
    postgres: EmbeddedPostgres, two: tuple[AccountId, AccountId]
) -> None:
    past_row_security = Database(_admin(postgres))
    async with past_row_security.transaction(two[0]) as session:
        assert [project.name for project in await projects.list_projects(session)] == ["Ours"]
    await past_row_security.close()


async def test_a_row_of_another_tenant_cannot_be_written(
    database: Database, two: tuple[AccountId, AccountId]
) -> None:
    ours, theirs = two
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(ours) as session:
            await projects.create_project(session, theirs, "Intruder")


async def test_the_tenant_ends_with_the_transaction(
    database: Database, two: tuple[AccountId, AccountId]
) -> None:
    async with database.transaction(two[0]) as session:
        await projects.list_projects(session)
    async with database.transaction(None) as session:
        assert (await session.execute(text("select 1 from project limit 1"))).all() == []


async def test_concurrent_transactions_keep_their_tenants(
    database: Database, two: tuple[AccountId, AccountId]
) -> None:
    async def names(account_id: AccountId) -> list[str]:
        async with database.transaction(account_id) as session:
            await asyncio.sleep(0.001)
            return [project.name for project in await projects.list_projects(session)]

    seen = await asyncio.gather(*(names(two[number % 2]) for number in range(40)))
    assert seen == [["Ours"], ["Theirs"]] * 20


async def test_an_error_leaves_nothing_behind(
    database: Database, two: tuple[AccountId, AccountId]
) -> None:
    with pytest.raises(RuntimeError, match="half way"):
        await _create_and_fail(database, two[0])
    async with database.transaction(two[0]) as session:
        assert [project.name for project in await projects.list_projects(session)] == ["Ours"]


async def _create_and_fail(database: Database, account_id: AccountId) -> None:
    async with database.transaction(account_id) as session:
        await projects.create_project(session, account_id, "Half")
        raise RuntimeError("half way")


async def _tenant_tables(session: AsyncSession) -> list[str]:

    rows = await session.execute(
        text(
            "select table_name from information_schema.columns"
            " where table_schema = 'public' and column_name = 'account_id'"
            " and table_name not in ('public_id', 'due_job')"
        )
    )
    tables = [row.table_name for row in rows]
    assert len(tables) >= 15
    return tables


def test_every_table_with_an_account_is_isolated(postgres: EmbeddedPostgres) -> None:
    """Tables that are no tenant's are listed here with the reason, and no others exist."""
    not_tenants = {
        "alembic_version": "the schema's version",
        "public_id": "ids and whose they are, read before a tenant is known, by function only",
        "due_job": "work of all accounts, seen by every worker; holds ids only",
        "installation_key": "salted fingerprints of the keys that all nodes share",
        "rate_window": "names, times and numbers; a name holds ids and hashes only",
    }
    a_persons = {"app_user", "email_change", "password_reset"}
    with psycopg.connect(**_admin(postgres)) as connection:
        tables = connection.execute(
            "select c.relname, c.relrowsecurity, exists (select 1 from pg_policy p"
            " where p.polrelid = c.oid), exists (select 1 from pg_attribute a"
            " where a.attrelid = c.oid and a.attname = 'account_id' and a.attnotnull)"
            " from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert not_tenants.keys() <= {name for name, *_ in tables}
    for name, secured, has_policy, has_account in tables:
        if name not in not_tenants:
            belongs = has_account or name in a_persons
            assert (secured, has_policy, belongs) == (True, True, True), name


def test_the_runtime_role_owns_nothing_and_sees_through_nothing(
    postgres: EmbeddedPostgres,
) -> None:
    with psycopg.connect(**_admin(postgres)) as connection:
        role = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
            " where rolname = %s",
            (postgres.runtime_user,),
        ).fetchone()
        owned = connection.execute(
            "select relname from pg_class where pg_get_userbyid(relowner) = %s",
            (postgres.runtime_user,),
        ).fetchall()
    assert role == (False, False, False, False)
    assert owned == []
    with psycopg.connect(**_runtime(postgres), autocommit=True) as connection:
        for forbidden in (
            "select * from public_id",
            "drop table project",
            "alter table project disable row level security",
            "create table mine (id int)",
            "set role answerdesk_admin",
            "delete from alembic_version",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden.encode())


def test_the_newest_version_is_the_one_that_upgrade_knows(postgres: EmbeddedPostgres) -> None:
    versions = Path(__file__).parents[3] / "src/answerdesk/migrations/versions"
    assert max(path.name[:4] for path in versions.glob("[0-9]*.py")) == HEAD
    with psycopg.connect(**_admin(postgres)) as connection:
        assert current_version(connection) == HEAD
    # Doing it again changes nothing.
    upgrade(_admin(postgres), postgres.runtime_user)


def test_processes_that_start_together_upgrade_once() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        asyncio.run(_upgrade_together(server))
        with psycopg.connect(**_admin(server)) as connection:
            assert current_version(connection) == HEAD


async def _upgrade_together(server: EmbeddedPostgres) -> None:
    await asyncio.gather(
        *(asyncio.to_thread(upgrade, _admin(server), server.runtime_user) for _ in range(4))
    )
