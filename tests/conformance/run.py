"""Runs of schemathesis against a description that a server serves."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import Server

CHECKS: Final = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_schema_conformance", "as_others"),
)
_PHASES: Final = ("--phases", "examples,coverage,fuzzing")
_HOOKS: Final = Path(__file__).parent / "hooks.py"


def expect_conformance(
    server: Server,
    description: str,
    folder: Path,
    *arguments: str,
    credential: str | None,
    also: Mapping[str, str | None] | None = None,
    checks: tuple[str, ...] = CHECKS,
    every_case: bool = False,
) -> None:
    """Call every operation of a description, and hold each response to it.

    `also` names credentials (or none) with which one good case of each operation is sent as well.
    Configuration is read from `folder`.
    """
    headers = [] if credential is None else ["--header", f"Authorization: Bearer {credential}"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            *(f"{server.url}{description}", *headers, "--checks", ",".join(checks)),
            *("--continue-on-failure", "--no-shrink", "--no-color", "--generation-database"),
            *("none", *_PHASES, "--max-examples", "3" if every_case else "1", *arguments),
        ],
        check=False,
        cwd=folder,
        env={
            **os.environ,
            # What it works out about all characters, for two seconds, serves the next one, too.
            "HYPOTHESIS_STORAGE_DIRECTORY": str(server.data_dir.parent / "hypothesis"),
            "SCHEMATHESIS_HOOKS": str(_HOOKS),
            "CONFORMANCE_ALSO": json.dumps(also or {}),
            "CONFORMANCE_EVERY_CASE": str(int(every_case)),
        },
        capture_output=True,
        text=True,
        timeout=1800 if every_case else 900,
    )
    if done.returncode != 0:
        # What failed stands before the warnings, which are longer.
        told, _, _ = done.stdout.partition("= WARNINGS =")
        pytest.fail(told[-12_000:] + done.stderr[-3000:], pytrace=False)
    assert "No issues found" in done.stdout or " passed" in done.stdout, done.stdout[-3000:]
