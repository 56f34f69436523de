"""How this process reaches the server: through the socket in its folder, with a password."""

import os
from typing import TypedDict

import psycopg

from answerdesk.core.postgres.cluster import ADMIN_USER
from answerdesk.core.postgres.errors import FolderUnusable
from answerdesk.core.postgres.folder import Folder

MAINTENANCE_DATABASE = "postgres"
_PORT = 5432  # Names the socket, `.s.PGSQL.5432`; nothing listens on the network.
_SOCKET_PATH_BYTES = 107  # unix(7): sun_path holds 108, the last of them NUL.


class ConnectArguments(TypedDict):
    """Keyword arguments of `psycopg.connect`, and SQLAlchemy's `connect_args` for it."""

    host: str
    port: int
    user: str
    password: str
    dbname: str


class Access:
    """Connects to a folder's server; `open` once the data directory exists, `close` at the end."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._cluster_fd: int | None = None
        self.admin_password = ""

    def open(self) -> None:
        """Open the data directory and read the superuser's password; may be repeated."""
        if self._cluster_fd is None:
            self._cluster_fd = os.open(
                self._folder.cluster, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
            )
        self.admin_password = self._folder.password(self._folder.admin_password)

    def close(self) -> None:
        """Release the data directory; may be repeated."""
        cluster_fd, self._cluster_fd = self._cluster_fd, None
        if cluster_fd is not None:
            os.close(cluster_fd)

    def arguments(self, *, user: str, password: str, dbname: str) -> ConnectArguments:
        """Return how to connect, via `/proc/self/fd/…` if the path itself cannot be used."""
        if self._cluster_fd is None:
            raise RuntimeError("This EmbeddedPostgres is closed.")
        host = str(self._folder.cluster)
        if not _usable(host):
            host = f"/proc/self/fd/{self._cluster_fd}"
        return ConnectArguments(host=host, port=_PORT, user=user, password=password, dbname=dbname)

    def connect(self, dbname: str) -> psycopg.Connection[tuple[object, ...]]:
        """Log in as the superuser, in autocommit."""
        arguments = self.arguments(user=ADMIN_USER, password=self.admin_password, dbname=dbname)
        return psycopg.connect(**arguments, autocommit=True, connect_timeout=5)

    def try_login(self) -> str | None:
        """Log in once; return None, or the reason for a failure that may be temporary."""
        try:
            self.connect(MAINTENANCE_DATABASE).close()
        except psycopg.OperationalError as error:
            reason = str(error).strip()
            if "password authentication failed" in reason:
                raise FolderUnusable(
                    f"The database in {self._folder.cluster} does not accept the password in"
                    f" {self._folder.admin_password}. Restore that file from a backup."
                ) from error
            return reason
        return None


def _usable(host: str) -> bool:
    try:
        socket_path = f"{host}/.s.PGSQL.{_PORT}".encode()
    except UnicodeEncodeError:
        return False  # A path may contain any bytes, but psycopg passes on text.
    # libpq treats a comma as a separator between hosts.
    return len(socket_path) <= _SOCKET_PATH_BYTES and "," not in host
