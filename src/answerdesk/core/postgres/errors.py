"""What can keep the embedded PostgreSQL from running, each with what to do about it.

The tree:

EmbeddedPostgresUnavailable
├── PlatformNotSupported   no binaries for this machine
├── NamespaceForbidden     root, and the machine forbids user namespaces
├── WrongOwner             the data folder belongs to another user
├── FolderUnusable         something else is in the way, or files are missing
├── VersionMismatch        the data was written by another version of PostgreSQL
├── ServerFailed           initdb or the server failed; the message ends with its log
└── StartTimedOut          the server did not respond in time
"""

from typing import ClassVar

from answerdesk.core.errors import Unavailable


class EmbeddedPostgresUnavailable(Unavailable):
    """The embedded PostgreSQL cannot run; the message says why and what to do."""

    code = "embedded_postgres"
    retriable: ClassVar[bool] = False


class PlatformNotSupported(EmbeddedPostgresUnavailable):
    """There are no PostgreSQL binaries for this machine, or it is not Linux."""

    code = "embedded_postgres_platform"


class NamespaceForbidden(EmbeddedPostgresUnavailable):
    """This process is root, PostgreSQL refuses root, and user namespaces are forbidden here."""

    code = "embedded_postgres_namespace"


class WrongOwner(EmbeddedPostgresUnavailable):
    """The data folder belongs to a different user from the one running this process."""

    code = "embedded_postgres_owner"


class FolderUnusable(EmbeddedPostgresUnavailable):
    """The data folder contains something that is not ours, or lacks something that is."""

    code = "embedded_postgres_folder"


class VersionMismatch(EmbeddedPostgresUnavailable):
    """The data folder was written by another major version of PostgreSQL."""

    code = "embedded_postgres_version"


class ServerFailed(EmbeddedPostgresUnavailable):
    """A PostgreSQL program failed; the message ends with its last output."""

    code = "embedded_postgres_failed"


class StartTimedOut(EmbeddedPostgresUnavailable):
    """The server was not reachable in time; the same call may succeed later."""

    code = "embedded_postgres_timeout"
    retriable: ClassVar[bool] = True
