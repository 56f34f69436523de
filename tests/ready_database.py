"""An installation's database as it is after the first start, copied instead of made each time.

To make one takes seconds, and dozens of tests want their own. Those that show how a first start
goes do without. The copies are not flushed to the disk: that guards against the loss of power, and
what the tests kill is a process.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.migrations.upgrade import upgrade
from tests.in_memory import lasting_folder

_PACKAGE = Path(__file__).parents[1] / "src" / "answerdesk"
_MADE_FROM = ("migrations", "core/postgres")
_FOLDER = "postgres"
_SETTINGS = ("fsync = off", "full_page_writes = off")


def lay_ready_database(data_dir: Path) -> Path:
    """Put a migrated database into a data folder that has none; return the folder."""
    target = data_dir / _FOLDER
    if not target.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(_template() / _FOLDER, target, symlinks=True)
    return data_dir


@contextmanager
def ready_postgres() -> Iterator[EmbeddedPostgres]:
    """Run a migrated database of its own."""
    # pytest's own folders can be too deep for a socket that other processes reach by its path.
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-") as folder,
        EmbeddedPostgres.start(lay_ready_database(Path(folder))) as server,
    ):
        yield server


@cache
def _template() -> Path:
    """Return the data folder to copy from, made by the first process of this code that asks."""
    name = f"answerdesk-ready-{os.getuid()}-{_fingerprint()}"
    folder = lasting_folder() / name
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "made"
        if not made.exists():
            # Short, since the path of the server's socket is bounded; renamed when it is whole.
            unfinished = folder / "new"
            shutil.rmtree(unfinished, ignore_errors=True)
            _make(unfinished)
            unfinished.rename(made)
    return made


def _make(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    with EmbeddedPostgres.start(data_dir) as server:
        admin = server.conninfo(user=server.admin_user, password=server.admin_password)
        upgrade(admin, server.runtime_user)
        with psycopg.connect(**admin, autocommit=True) as connection:
            for setting in _SETTINGS:
                connection.execute(f"alter system set {setting}".encode())


def _fingerprint() -> str:
    digest = hashlib.sha256(str(_PACKAGE).encode() + Path(__file__).read_bytes())
    for part in _MADE_FROM:
        for path in sorted((_PACKAGE / part).rglob("*")):
            if path.suffix in (".py", ".sql"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
