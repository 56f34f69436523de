"""Creates a PostgreSQL data directory, its settings, the database and the runtime role."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from answerdesk.core.disk import DiskFull, is_full, tells_of_full
from answerdesk.core.postgres.errors import ServerFailed, StartTimedOut
from answerdesk.core.postgres.folder import Binaries, Folder
from answerdesk.core.postgres.namespace import check_namespace, in_namespace, needs_namespace

ADMIN_USER = "answerdesk_admin"

_SETTINGS = """\
# Written by Answerdesk at each start. Settings of your own: ALTER SYSTEM, as answerdesk_admin.

# Reachable through the socket in this folder only, by those who know a password.
listen_addresses = ''
unix_socket_directories = '.'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 150  # 50 more cost 1.9 MB, and 16 processes of `serve` fit

# Durable, and small enough to share a machine of 2 cores and 1 GB with the application.
fsync = on
synchronous_commit = on
shared_buffers = '64MB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
effective_cache_size = '256MB'
random_page_cost = 1.1
huge_pages = 'off'
dynamic_shared_memory_type = 'mmap'  # /dev/shm lies outside this folder, and is small in containers
io_method = 'sync'  # no I/O worker processes
jit = off  # costs more than it saves on queries of milliseconds
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 1
autovacuum = on
autovacuum_max_workers = 2
autovacuum_naptime = 10s  # statistics soon after a project was filled
wal_level = 'replica'  # for an online base backup
max_wal_senders = 2
max_logical_replication_workers = 0  # nor the process that would launch them
min_wal_size = '32MB'
max_wal_size = '256MB'

# Nothing outlives its reason.
idle_in_transaction_session_timeout = '1min'
client_connection_check_interval = '2s'  # a query whose client was killed ends

# The log says what happens to the server. What a client's statement did wrong is told to the
# client, and neither statements nor row values are written here: they may name persons.
log_destination = 'stderr'
logging_collector = off
log_min_messages = 'error'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_checkpoints = off
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'

timezone = 'UTC'
datestyle = 'iso, mdy'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.english'
"""
_CLIENT_AUTHENTICATION = """\
# Written by Answerdesk at each start: one way in, with a password.
local all all scram-sha-256
"""


def make_cluster(
    folder: Folder, binaries: Binaries, *, server_lock_fd: int, seconds: float
) -> None:
    """Run initdb for at most `seconds`; the data directory appears complete or not at all.

    initdb inherits the server's lock, so if this process dies, the next start waits for the initdb
    that it left behind.
    """
    shutil.rmtree(folder.new_cluster, ignore_errors=True)
    folder.write_password(folder.admin_password, secrets.token_urlsafe(32))
    command = [
        str(binaries.initdb),
        f"--pgdata={folder.new_cluster}",
        f"--username={ADMIN_USER}",
        f"--pwfile={folder.admin_password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--wal-segsize=4",
        "--no-instructions",
    ]
    output, status = _run(command, folder.root, server_lock_fd, seconds)
    if status != 0:
        shutil.rmtree(folder.new_cluster, ignore_errors=True)
        if is_full(folder.root):
            raise DiskFull(folder.root)
        # The error is the same if the system allows no more namespaces and if the disk is full.
        if needs_namespace():
            check_namespace(binaries.postgres, folder.root)
        if tells_of_full(output):
            raise DiskFull(folder.root)
        raise ServerFailed(
            f"PostgreSQL could not create its data directory in {folder.root} (initdb ended with"
            f" status {status}). Check the free space and the permissions there. Its output:\n"
            f"{output[-2000:].strip()}"
        )
    folder.new_cluster.rename(folder.cluster)
    folder.sync()


def write_settings(folder: Folder) -> None:
    """Write the settings of this release; call only while no server runs."""
    for name, text in (
        ("postgresql.conf", _SETTINGS),
        ("pg_hba.conf", _CLIENT_AUTHENTICATION),
    ):
        path = folder.cluster / name
        if path.read_text(errors="replace") != text:
            unfinished = folder.cluster / f"{name}.new"
            unfinished.write_text(text)
            unfinished.chmod(0o600)
            unfinished.replace(path)


def environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs, without variables that affect them."""
    kept = {
        name: value for name, value in os.environ.items() if name in {"PATH", "LD_LIBRARY_PATH"}
    }
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _run(command: list[str], cwd: Path, lock_fd: int, seconds: float) -> tuple[str, int]:
    process = subprocess.Popen(  # noqa: S603 - our own command.
        in_namespace(command) if needs_namespace() else command,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[lock_fd],
        start_new_session=True,  # Ctrl-C in the terminal is for us to handle.
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise StartTimedOut(
                f"PostgreSQL did not finish creating its data directory in {seconds:.0f} s."
            ) from error
        raise
    return output.decode(errors="replace"), process.returncode


DATABASE = "answerdesk"
RUNTIME_USER = "answerdesk_app"

_RUNTIME_ATTRIBUTES = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


def ensure_runtime_role(
    connection: psycopg.Connection[tuple[object, ...]], password: str, *, reset: bool
) -> None:
    """Create the application's role; `reset` sets the password of an existing one.

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
        # Clients receive the errors of their statements; the log is for the server's own.
        connection.execute(
            sql.SQL("ALTER ROLE {} SET log_min_messages = 'log'").format(sql.Identifier(user))
        )


def ensure_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Create the application's database; only the runtime role and superusers may connect."""
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
