"""What the first start makes: who may do what, and where it may lie."""

import os
import stat

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from answerdesk.core.postgres import EmbeddedPostgres
from tests.core.postgres.crew import Place


def as_runtime(server: EmbeddedPostgres, **changes: str) -> psycopg.Connection[tuple[object, ...]]:
    arguments = server.conninfo(user=server.runtime_user, password=server.runtime_password)
    return psycopg.connect(**{**arguments, **changes}, autocommit=True)  # type: ignore[arg-type]


def as_admin(server: EmbeddedPostgres) -> psycopg.Connection[tuple[object, ...]]:
    arguments = server.conninfo(user=server.admin_user, password=server.admin_password)
    return psycopg.connect(**arguments, autocommit=True)


def test_nobody_enters_without_the_password(place: Place) -> None:
    with EmbeddedPostgres.start(place.data_dir) as server:
        for user in (server.admin_user, server.runtime_user):
            for password in ("", "wrong"):
                arguments = server.conninfo(user=user, password=password)
                with pytest.raises(psycopg.OperationalError, match="password"):
                    psycopg.connect(**arguments)


def test_the_runtime_role_owns_nothing_and_can_make_nothing(place: Place) -> None:
    with EmbeddedPostgres.start(place.data_dir) as server, as_runtime(server) as connection:
        for statement in (
            "CREATE TABLE note (id int)",
            "CREATE TEMPORARY TABLE note (id int)",
            "CREATE SCHEMA mine",
            "CREATE DATABASE mine",
            "CREATE ROLE mine",
            "SELECT pg_read_file('postgresql.conf')",
            "SELECT rolpassword FROM pg_authid",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, oid"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert role is not None
        assert role[:5] == (False,) * 5
        owned = connection.execute(
            "SELECT count(*) FROM pg_shdepend WHERE refobjid = %s AND deptype = 'o'", (role[5],)
        ).fetchone()
        assert owned == (0,)


def test_the_runtime_role_enters_only_its_own_database(place: Place) -> None:
    with EmbeddedPostgres.start(place.data_dir) as server:
        for dbname in ("postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                as_runtime(server, dbname=dbname)


def test_the_first_start_makes_the_database_and_later_ones_keep_it(new_place: Place) -> None:
    umask = os.umask(0)
    try:
        server = EmbeddedPostgres.start(new_place.data_dir)
    finally:
        os.umask(umask)
    with server, as_admin(server) as connection:
        assert_closed_to_others(new_place)
        passwords = (server.admin_password, server.runtime_password)
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with EmbeddedPostgres.start(new_place.data_dir) as server, as_admin(server) as connection:
        assert (server.admin_password, server.runtime_password) == passwords
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        database = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
        assert database == ("UTF8", "b", "C.UTF-8")
        assert connection.execute("SELECT '[3,4]'::vector <-> '[0,0]'").fetchone() == (5.0,)
        assert connection.execute("SELECT upper('äé')").fetchone() == ("ÄÉ",)


def assert_closed_to_others(place: Place) -> None:
    assert stat.S_IMODE(place.folder.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.folder.cluster.stat().st_mode) == 0o700
    for path in place.folder.root.iterdir():
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_nothing_listens_on_the_network(place: Place) -> None:
    with EmbeddedPostgres.start(place.data_dir) as server, as_admin(server) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == (".",)
        methods = connection.execute("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules")
        assert methods.fetchall() == [("local", "scram-sha-256")]
        verifiers = connection.execute(
            "SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL"
            " AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'"
        )
        assert verifiers.fetchone() == (0,)


@pytest.mark.parametrize(
    "name",
    ["a folder with spaces, a comma and 'quotes\"", "ünïcödé-数据-📁", "b" * 100 + "/" + "c" * 99],
    ids=["punctuation", "unicode", "200 characters"],
)
async def test_any_folder_name_works(place: Place, name: str) -> None:
    moved = place.parent / name
    moved.parent.mkdir(exist_ok=True)
    place.data_dir.rename(moved)
    try:
        with EmbeddedPostgres.start(moved) as server:
            with as_runtime(server) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
            arguments = server.conninfo(user=server.runtime_user, password=server.runtime_password)
            engine = create_async_engine("postgresql+psycopg://", connect_args={**arguments})
            async with engine.connect() as async_connection:
                assert await async_connection.scalar(text("SELECT 1")) == 1
            await engine.dispose()
    finally:
        moved.rename(place.data_dir)


def test_a_lost_runtime_password_is_replaced(place: Place) -> None:
    lost = place.folder.runtime_password.read_text().strip()
    place.folder.runtime_password.unlink()
    with EmbeddedPostgres.start(place.data_dir) as server:
        assert server.runtime_password != lost
        with as_runtime(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_log_is_bounded_and_names_no_values(place: Place) -> None:
    place.folder.log.write_text("old line\n" * 600_000)
    with EmbeddedPostgres.start(place.data_dir) as server:
        with as_admin(server) as connection:
            connection.execute("DROP TABLE IF EXISTS person")
            connection.execute("CREATE TABLE person (email text UNIQUE)")
            connection.execute("INSERT INTO person VALUES ('ada@example.org')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('ada@example.org')")
        with pytest.raises(psycopg.OperationalError):
            as_runtime(server, password="wrong")
    log = place.folder.log.read_text()
    assert "starting PostgreSQL" in log
    assert "ada@example.org" not in log
    assert len(log) < 10_000
    assert place.folder.old_log.stat().st_size < 1_000_000


def test_a_closed_handle_gives_no_address(place: Place) -> None:
    server = EmbeddedPostgres.start(place.data_dir)
    server.close()
    server.close()
    with pytest.raises(RuntimeError, match="closed"):
        server.conninfo(user="u", password="p")
    with pytest.raises(RuntimeError, match="closed"):
        server.ensure_running()
