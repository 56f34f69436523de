"""An installation's database as it is after the first start, copied instead of made each time.

To make one takes seconds, and dozens of tests want their own. Those that show how a first start
goes do without.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.migrations.upgrade import upgrade

_PACKAGE = Path(__file__).parents[1] / "src" / "answerdesk"
_MADE_FROM = ("migrations", "core/postgres")
_FOLDER = "postgres"


def lay_ready_database(data_dir: Path) -> Path:
    """Put a migrated database into a data folder that has none; return the folder."""
    target = data_dir / _FOLDER
    if not target.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(_template() / _FOLDER, target, symlinks=True)
    return data_dir


@cache
def _template() -> Path:
    """Return the data folder to copy from, made by the first process of this code that asks."""
    name = f"answerdesk-ready-{os.getuid()}-{_fingerprint()}"
    folder = Path(tempfile.gettempdir()) / name
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


def _fingerprint() -> str:
    digest = hashlib.sha256(str(_PACKAGE).encode())
    for part in _MADE_FROM:
        for path in sorted((_PACKAGE / part).rglob("*")):
            if path.suffix in (".py", ".sql"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
