"""Brings a database to the newest version, once, however many processes start together.

Versions are written so that the release before can go on running beside the new one: add first,
remove a release later. A version that cannot get its locks within seconds gives up rather than make
everybody wait behind it.
"""

from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from answerdesk.core.database import ConnectionArguments
from answerdesk.core.disk import DiskFull, says_full
from answerdesk.core.errors import Unavailable

HEAD: Final = "0032"
"""The newest version. A test compares it with the folder of versions."""

_LOCK: Final = 0x616E7377
"""Advisory lock that one upgrade at a time holds (the letters 'answ')."""

_TABLES_WITHOUT_SELECT: Final = frozenset({"public_id"})
"""The runtime role reads these through look-up functions only."""

_FUNCTIONS: Final = (
    "account_of_key(bytea)",
    "account_of(uuid)",
    "account_to_reseal(text)",
    "accounts_of_user()",
    "accounts_with_old_deliveries(integer)",
    "conversations_past_retention(integer)",
    "conversations_with(text)",
    "forget_action_calls(integer, integer)",
    "forget_delayed_replies(integer, integer)",
    "forget_email_changes(integer)",
    "forget_kept_responses(integer)",
    "forget_message_counts()",
    "forget_notices(integer, integer)",
    "forget_public_ids(uuid[])",
    "forget_spending(integer)",
    "idle_conversations(double precision, integer)",
    "leads_past_retention(integer)",
    "next_event_id()",
    "oldest_account()",
    "reserve_spending(uuid, uuid, uuid, uuid, text, bigint, bigint, bigint, jsonb, jsonb, jsonb)",
    "search_candidates(uuid, text, text[], text, text, integer)",
    "settled_event_id()",
    "similar_terms(uuid, text)",
    "stale_reservations(double precision, integer)",
    "take_of_windows(text, jsonb)",
    "thing_of_number(text, bigint)",
    "user_by_email(text)",
    "user_of_email_change(bytea)",
    "user_of_reset(bytea)",
    "visitors_past_retention(integer)",
)
"""The reviewed functions; but for `take_of_windows` and `reserve_spending` they run as the tables'
owner. Nobody else may call them."""


def upgrade(admin: ConnectionArguments, runtime_user: str) -> None:
    """Run the missing versions as the tables' owner, then grant the runtime role its rights.

    Raises Unavailable when the database is not reachable, or not one that we can use.
    """
    try:
        with psycopg.connect(**admin, autocommit=True) as connection:
            if current_version(connection) == HEAD and _granted(connection, runtime_user):
                return
            connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
            _require_pgvector(connection)
            _run_versions(admin)
            _grant(connection, runtime_user)
    except (psycopg.OperationalError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if cause is not None and says_full(cause):
            raise DiskFull from error
        if isinstance(error, DBAPIError):
            raise
        raise Unavailable(
            f"The database cannot be reached or upgraded: {error}", code="database_unavailable"
        ) from error


def current_version(connection: psycopg.Connection[tuple[object, ...]]) -> str | None:
    """Return the version that the database is at; None before the first."""
    row = connection.execute("select to_regclass('alembic_version')::text").fetchone()
    if row is None or row[0] is None:
        return None
    version = connection.execute("select version_num from alembic_version").fetchone()
    return None if version is None else str(version[0])


def _require_pgvector(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute("create extension if not exists vector")
    row = connection.execute(
        "select extversion from pg_extension where extname = 'vector'"
    ).fetchone()
    version = str(row[0]) if row else "none"
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < (0, 8):
        raise Unavailable(
            f"pgvector 0.8 or newer is needed, found {version}: "
            "install it on the server and run `alter extension vector update`",
            code="pgvector_too_old",
        )


def _run_versions(admin: ConnectionArguments) -> None:
    # Alembic takes a third of a second to import, and most starts have nothing to upgrade.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    engine = create_engine("postgresql+psycopg://", connect_args=dict(admin), poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("set lock_timeout = '5s'")
        connection.exec_driver_sql("set statement_timeout = '10min'")
        connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()


def _granted(connection: psycopg.Connection[tuple[object, ...]], runtime_user: str) -> bool:
    """Tell whether the last step was reached for this role: `_grant` ends with this table."""
    row = connection.execute(
        "select has_table_privilege(%s, 'alembic_version', 'select')", (runtime_user,)
    ).fetchone()
    return row is not None and row[0] is True


def _grant(connection: psycopg.Connection[tuple[object, ...]], runtime_user: str) -> None:
    """Give the runtime role what it may do: rows yes, tables no."""
    role = sql.Identifier(runtime_user)
    with connection.transaction():
        connection.execute(sql.SQL("grant usage on schema public to {}").format(role))
        connection.execute(
            sql.SQL(
                "grant select, insert, update, delete on all tables in schema public to {}"
            ).format(role)
        )
        connection.execute(
            sql.SQL("grant usage on all sequences in schema public to {}").format(role)
        )
        connection.execute(
            sql.SQL("revoke insert, update, delete on alembic_version from {}").format(role)
        )
        for function in _FUNCTIONS:
            connection.execute(
                sql.SQL("grant execute on function {} to {}").format(sql.SQL(function), role)
            )
        for table in sorted(_TABLES_WITHOUT_SELECT):
            connection.execute(
                sql.SQL("revoke select, update, delete on {} from {}").format(
                    sql.Identifier(table), role
                )
            )
