"""Each dialect keeps to its own description: schemathesis, with a key that may do everything."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from answerdesk.core.dialects import DIALECTS, Dialect
from tests.conftest import Desk, Server

_SEED: Final = "20261130"
_CHECKS: Final = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    "response_schema_conformance",
)


@pytest.fixture(scope="module")
def busy() -> Iterator[Server]:
    """A server of its own: what schemathesis does to it is nobody else's matter."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(Path(folder) / "data").start()
        with server.client(owner=True) as owner, server.client() as visitor:
            Desk(owner, visitor).add_text("Opening hours", "We are open from 7 to 18.")
        yield server
        server.stop()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("with_key", [True, False], ids=["with a key", "without"])
def test_a_dialect_sends_only_what_it_describes(
    busy: Server, tmp_path: Path, dialect: Dialect, *, with_key: bool
) -> None:
    headers = ["--header", f"Authorization: Bearer {busy.owner_key}"] if with_key else []
    # Without a key, most is refused before a boundary matters.
    phases = "examples,coverage,fuzzing" if with_key else "examples,fuzzing"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            *(f"{busy.url}/{dialect}/openapi.json", *headers, "--seed", _SEED),
            *("--checks", ",".join(_CHECKS), "--continue-on-failure", "--no-shrink", "--no-color"),
            *("--phases", phases, "--max-examples", "3"),
            *("--generation-database", "none"),
        ],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(busy.data_dir.parent / "kept")},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode != 0:
        pytest.fail(done.stdout[-12_000:] + done.stderr[-3000:], pytrace=False)
    assert "generated" in done.stdout, done.stdout[-3000:]
