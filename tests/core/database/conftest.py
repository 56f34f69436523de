"""A PostgreSQL of these tests' own, with all tables."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.migrations.upgrade import upgrade


@pytest.fixture(scope="package")
def postgres() -> Iterator[EmbeddedPostgres]:
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        admin = server.conninfo(user=server.admin_user, password=server.admin_password)
        upgrade({**admin}, server.runtime_user)
        yield server
