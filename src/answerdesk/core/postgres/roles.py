"""The database, its extension and the runtime role, made on first start and kept."""

import psycopg
from psycopg import sql

from answerdesk.core.postgres.cluster import ADMIN_USER

DATABASE = "answerdesk"
RUNTIME_USER = "answerdesk_app"

_RUNTIME_ATTRIBUTES = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


def ensure_runtime_role(
    connection: psycopg.Connection[tuple[object, ...]], password: str, *, reset: bool
) -> None:
    """Make the role that the application runs as; `reset` sets the password of one that exists.

    `connection` is a superuser's, in autocommit, to any database but the application's own.
    """
    role = sql.Identifier(RUNTIME_USER)
    exists = connection.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s", (RUNTIME_USER,)
    ).fetchone()
    if exists and not reset:
        return
    verb = sql.SQL("ALTER" if exists else "CREATE")
    connection.execute(
        sql.SQL("{} ROLE {} {} PASSWORD {}").format(
            verb, role, _RUNTIME_ATTRIBUTES, sql.Literal(password)
        )
    )
    for user in (ADMIN_USER, RUNTIME_USER):
        # Errors of a client's statements are told to the client; the log is the server's own.
        connection.execute(
            sql.SQL("ALTER ROLE {} SET log_min_messages = 'log'").format(sql.Identifier(user))
        )


def ensure_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make the application's database, which only the runtime role and superusers may enter."""
    exists = connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
    ).fetchone()
    if not exists:
        connection.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
                " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
            ).format(sql.Identifier(DATABASE))
        )
    for name in (DATABASE, "postgres", "template1"):
        connection.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
            sql.Identifier(DATABASE), sql.Identifier(RUNTIME_USER)
        )
    )


def ensure_extension(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make pgvector usable; `connection` is a superuser's, to the application's database."""
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
