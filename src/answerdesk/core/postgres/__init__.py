"""A PostgreSQL of our own, run from the data folder when no `DATABASE_URL` is given.

`EmbeddedPostgres.start(data_dir)` starts or joins the server of a folder; `close` leaves it.
"""

from answerdesk.core.postgres.access import ConnectArguments
from answerdesk.core.postgres.errors import (
    EmbeddedPostgresUnavailable,
    FolderUnusable,
    NamespaceForbidden,
    PlatformNotSupported,
    ServerFailed,
    StartTimedOut,
    VersionMismatch,
    WrongOwner,
)
from answerdesk.core.postgres.supervisor import EmbeddedPostgres

__all__ = [
    "ConnectArguments",
    "EmbeddedPostgres",
    "EmbeddedPostgresUnavailable",
    "FolderUnusable",
    "NamespaceForbidden",
    "PlatformNotSupported",
    "ServerFailed",
    "StartTimedOut",
    "VersionMismatch",
    "WrongOwner",
]
