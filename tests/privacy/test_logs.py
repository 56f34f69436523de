"""No log has anybody's address or number, whatever a library's message quotes."""

import json
import subprocess
import sys

import pytest

_LOGGING = """
import logging, structlog
from answerdesk.core.telemetry import configure_logging
configure_logging("info", {style!r})
log = structlog.get_logger("test")
log.info("arrived", path="/v1/x", who={{"mail": ["ann@example.com"]}}, project="{project}")
logging.getLogger("library").warning("Refused: call %s", "+49 30 1234567")
try:
    raise ValueError("4111 1111 1111 1111 is no name")
except ValueError:
    log.exception("failed", milliseconds=12.345678901)
"""
_PROJECT = "proj_0198c0de0000700080000000000000d7"


@pytest.mark.parametrize("style", ["json", "console"])
def test_addresses_and_numbers_are_left_out(style: str) -> None:
    code = _LOGGING.format(style=style, project=_PROJECT)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    log = done.stderr
    for gone in ("ann@example.com", "1234567", "4111"):
        assert gone not in log
    for placeholder in ("[e-mail]", "[phone]", "[card]"):
        assert placeholder in log
    for stays in (_PROJECT, "/v1/x", "12.345678901", "ValueError"):
        assert stays in log
    if style == "json":
        assert [json.loads(one)["level"] for one in log.splitlines()] == [
            *("info", "warning", "error"),
        ]
