"""Starts, shares and stops one PostgreSQL server per data folder.

Every user of the server holds `users.lock` in shared mode. Whoever starts or stops it holds
`start.lock`, briefly. A leaving user who can take `users.lock` exclusively was the last, and stops
the server. Locks end with their process, so after a `kill -9` of all users the server stays, and
the next start takes it over.
"""

import asyncio
import os
import secrets
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psycopg
import structlog

from answerdesk.core.disk import DiskFull, is_full, says_full
from answerdesk.core.errors import Unavailable
from answerdesk.core.postgres.access import (
    MAINTENANCE_DATABASE,
    Access,
    ConnectArguments,
)
from answerdesk.core.postgres.cluster import (
    ADMIN_USER,
    DATABASE,
    RUNTIME_USER,
    ensure_database,
    ensure_extension,
    ensure_runtime_role,
    make_cluster,
    write_settings,
)
from answerdesk.core.postgres.errors import FolderUnusable, ServerFailed, StartTimedOut
from answerdesk.core.postgres.folder import Binaries, Folder, locate_binaries
from answerdesk.core.postgres.namespace import check_namespace, needs_namespace
from answerdesk.core.postgres.process import (
    FileLock,
    end_orphans,
    open_postmaster,
    postmaster_ready,
    remove_remains,
    spawn_server,
    stop_server,
)

_POLL_SECONDS = 0.01
_STOP_SECONDS = 30.0
_ORPHAN_SECONDS = 2.0


class EmbeddedPostgres:
    """This process's share in the PostgreSQL server of a data folder; created by `start`."""

    admin_user = ADMIN_USER
    runtime_user = RUNTIME_USER

    def __init__(self, folder: Folder, binaries: Binaries) -> None:
        self._folder = folder
        self._binaries = binaries
        self._guard = threading.Lock()
        self._users_lock: FileLock | None = None
        self._access = Access(folder)
        self.runtime_password = ""

    @classmethod
    def start(cls, data_dir: Path, *, timeout: float = 30.0) -> Self:
        """Start the server of `data_dir`, or join a running one; block until it responds.

        The first use creates the data directory, the database, its extension and the runtime role.
        Raises a subclass of `EmbeddedPostgresUnavailable`, or DiskFull, after at most about
        `timeout` seconds.
        """
        folder = Folder(data_dir)
        binaries = locate_binaries()
        try:
            folder.prepare()
            server = cls(folder, binaries)
            server._join(time.monotonic() + timeout)
        except OSError as error:
            if says_full(error):
                raise DiskFull(folder.root) from error
            raise FolderUnusable(
                f"The database in {folder.root} cannot be used: {error.strerror or error}"
                f" ({error.filename or 'no file named'})."
            ) from error
        return server

    @property
    def admin_password(self) -> str:
        """The password of `admin_user`, a superuser: for migrations, never to serve requests."""
        return self._access.admin_password

    def conninfo(self, *, user: str, password: str, dbname: str = DATABASE) -> ConnectArguments:
        """Return the arguments for `psycopg.connect`, or for SQLAlchemy's `connect_args`.

        A socket path that is too long for the system is given as `/proc/self/fd/…`, which is valid
        only in this process, until `close`.
        """
        return self._access.arguments(user=user, password=password, dbname=dbname)

    def ensure_running(self, *, timeout: float = 30.0) -> None:
        """Restart the server if it has ended; otherwise costs one log-in. Raises as `start`."""
        deadline = time.monotonic() + timeout
        with self._guard:
            if self._users_lock is None:
                raise RuntimeError("This EmbeddedPostgres is closed.")
            starting = self._wait_for_turn(deadline)
            try:
                self._bring_up(deadline)
            finally:
                starting.release()

    def close(self) -> None:
        """Leave; the last one to leave stops the server. May be called again."""
        with self._guard:
            users_lock, self._users_lock = self._users_lock, None
            if users_lock is None:
                return
            try:
                self._leave(users_lock)
            finally:
                users_lock.release()
                self._access.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _join(self, deadline: float) -> None:
        starting = self._wait_for_turn(deadline)
        try:
            self._users_lock = self._take_share()
            self._folder.trim_log()
            self._bring_up(deadline)
            self._ensure_contents()
        except BaseException:
            self._abandon()
            raise
        finally:
            starting.release()

    def _take_share(self) -> FileLock:
        users_lock = FileLock(self._folder.users_lock)
        # Of Answerdesk, only a holder of `start.lock` takes this exclusively: this process.
        if users_lock.try_shared():
            return users_lock
        users_lock.leave()
        raise FolderUnusable(
            f"{self._folder.users_lock} is locked by a program that is not Answerdesk."
        )

    def _wait_for_turn(self, deadline: float) -> FileLock:
        starting = FileLock(self._folder.start_lock)
        try:
            if starting.wait_exclusive(deadline):
                return starting
        except BaseException:
            starting.leave()
            raise
        starting.leave()
        raise StartTimedOut(
            f"Another process has been starting or stopping the database in {self._folder.root}"
            " for too long. Try again; if this persists, look for a process that hangs."
        )

    def _bring_up(self, deadline: float) -> None:
        """Return once a connection with the password has succeeded; `start.lock` is held."""
        started = False
        deserted_at = time.monotonic() + _ORPHAN_SECONDS
        while True:
            server_lock = FileLock(self._folder.server_lock)
            if server_lock.try_exclusive() and not self.is_alive():
                try:
                    if started:
                        self._raise_failed()
                    self._start_server(server_lock, deadline)
                finally:
                    server_lock.leave()
                started = True
            else:
                server_lock.leave()
            last_error = self._try_connect(wait_until_ready=started)
            if last_error is None:
                return
            # A server that this loop has started may not have written its number yet.
            if started or self.is_alive():
                deserted_at = time.monotonic() + _ORPHAN_SECONDS
            elif time.monotonic() >= deserted_at:
                end_orphans(self._folder)
            if time.monotonic() >= deadline:
                self._require_room()
                raise StartTimedOut(
                    f"The database in {self._folder.root} did not respond in time: {last_error}."
                    f" Its log ends with:\n{self._folder.log_tail()}"
                )
            time.sleep(_POLL_SECONDS)

    def is_alive(self) -> bool:
        """Whether a server is alive, by its process number; only reads /proc.

        If the lock is free, somebody has started it by hand; it is used nevertheless.
        """
        pidfd = open_postmaster(self._folder)
        if pidfd is None:
            return False
        os.close(pidfd)
        return True

    def _start_server(self, server_lock: FileLock, deadline: float) -> None:
        if self._folder.has_cluster():
            self._folder.password(self._folder.admin_password)
        else:
            make_cluster(
                self._folder,
                self._binaries,
                server_lock_fd=server_lock.fd,
                seconds=max(1.0, deadline - time.monotonic()),
            )
        remove_remains(self._folder)
        write_settings(self._folder)
        spawn_server(self._folder, self._binaries, server_lock_fd=server_lock.fd)

    def _raise_failed(self) -> None:
        self._require_room()
        if needs_namespace():
            check_namespace(self._binaries.postgres, self._folder.cluster)
        raise ServerFailed(
            f"PostgreSQL did not start in {self._folder.cluster}. Check the free space and memory."
            f" Its log ends with:\n{self._folder.log_tail()}"
        )

    def _require_room(self) -> None:
        """Raise DiskFull if a full disk is why the server does not start."""
        if is_full(self._folder.root):
            raise DiskFull(self._folder.root)

    def _try_connect(self, *, wait_until_ready: bool) -> str | None:
        if not self._folder.has_cluster():
            return "its data directory is being created by another process"
        if wait_until_ready and not postmaster_ready(self._folder):
            return "the server is starting"
        self._access.open()
        return self._access.try_login()

    def _ensure_contents(self) -> None:
        path = self._folder.runtime_password
        is_new = not path.exists()
        password = secrets.token_urlsafe(32) if is_new else self._folder.password(path)
        try:
            with self._access.connect(MAINTENANCE_DATABASE) as connection:
                ensure_runtime_role(connection, password, reset=is_new)
                ensure_database(connection)
            with self._access.connect(DATABASE) as connection:
                ensure_extension(connection)
        except psycopg.Error as error:
            if says_full(error):
                raise DiskFull(self._folder.root) from error
            raise ServerFailed(
                f"The database in {self._folder.root} could not be set up: {error}. Its log ends"
                f" with:\n{self._folder.log_tail()}"
            ) from error
        if is_new:
            # Last, so that an existing file always contains the role's password.
            self._folder.write_password(path, password)
        self.runtime_password = password

    def _leave(self, users_lock: FileLock) -> None:
        try:
            starting = FileLock(self._folder.start_lock)
        except FileNotFoundError:
            return  # The folder was removed; a server without its folder ends by itself.
        try:
            deadline = time.monotonic() + _STOP_SECONDS
            # A process that holds it for longer is starting the server, and so uses it.
            if starting.wait_exclusive(deadline) and users_lock.try_exclusive():
                stop_server(self._folder, deadline)
        finally:
            starting.release()

    def _abandon(self) -> None:
        """Undo a failed start: stop the server unless others use it; `start.lock` is held."""
        users_lock, self._users_lock = self._users_lock, None
        if users_lock is not None:
            if users_lock.try_exclusive():
                stop_server(self._folder, time.monotonic() + _STOP_SECONDS)
            users_lock.release()
        self._access.close()


_LOOK_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 5.0
"""Seconds between two attempts to start it."""

_log = structlog.get_logger(__name__)


async def keep_running(server: EmbeddedPostgres) -> None:
    """Restart the server whenever it has ended, until cancelled.

    It ends by itself if its disk is full or memory runs out. Every process that uses it checks; one
    at a time starts it.
    """
    told = ""
    while True:
        await asyncio.sleep(_PAUSE_SECONDS if told else _LOOK_SECONDS)
        if server.is_alive():
            told = ""
            continue
        try:
            await asyncio.to_thread(server.ensure_running)
        except (Unavailable, OSError) as error:
            if str(error) != told:
                told = str(error)
                _log.error("database_not_started", error=told)
        else:
            told = ""
            _log.warning("database_started_again")
