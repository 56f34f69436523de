"""The parent of several processes, whatever these do."""

import subprocess
import sys

import pytest

_BEGINNING = """
import asyncio, os, signal, sys
from answerdesk.core.errors import DomainError
from answerdesk.core.telemetry import configure_logging
from answerdesk.entrypoints.cli.supervisor import Supervisor
configure_logging("error", "json")
"""
_CRASHING = """
def run(parent):
    if parent.place == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    parent.tell_ready("ready")
    parent.run(asyncio.sleep(600), asyncio.new_event_loop)
try:
    Supervisor(2, run, announce=print, sockets=[]).run()
except DomainError as error:
    print(error.code, error.message)
"""
_FAILING = """
def run(parent):
    raise DomainError(f"{parent.place} cannot", code="cannot")
try:
    Supervisor(3, run, announce=print, sockets=[]).run()
except DomainError as error:
    print(error.code, error.message)
"""
_TIDYING = """
def run(parent):
    async def work():
        try:
            await asyncio.sleep(600)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.5)
            os.write(1, b"%d tidied up\\n" % parent.place)  # One write: two share the pipe.
    parent.tell_ready("all are ready")
    parent.run(work(), asyncio.new_event_loop)
def announce(text):
    print(text, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
sys.exit(Supervisor(2, run, announce=announce, sockets=[]).run())
"""


def _run(program: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _BEGINNING + program, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("place", ["1", "2"])
def test_a_child_that_dies_at_each_start_is_given_up(place: str) -> None:
    [told] = _run(_CRASHING, place)
    assert told.startswith(f"process_ends Process {place} of 2 ended by signal 9 ")
    assert "fewer processes" in told


def test_what_the_first_cannot_start_for_is_told_and_no_other_is_started() -> None:
    assert _run(_FAILING) == ["cannot 1 cannot"]


def test_children_that_stop_are_not_disturbed_by_further_signals() -> None:
    announced, *tidied = _run(_TIDYING)
    assert announced == "all are ready"
    assert sorted(tidied) == ["1 tidied up", "2 tidied up"]
