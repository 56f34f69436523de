"""An installation in this process, whose parts a test uses by themselves; no worker runs."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from answerdesk.bootstrap import Application, running
from answerdesk.core.settings import Settings
from tests.ready_database import lay_ready_database


@pytest.fixture
async def application() -> AsyncIterator[Application]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = lay_ready_database(Path(folder))
        async with running(Settings(data_dir=data_dir, embedder="fake")) as application:
            yield application
