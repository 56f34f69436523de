import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from benchmarks.data import VARIABLE
from benchmarks.registry import QUALITY, SCRIPTS, summary_of


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, env=environment
    )


def test_an_unknown_name_is_refused_with_the_names_that_there_are() -> None:
    done = _run("retreival")
    assert done.returncode == 2
    assert "no benchmark 'retreival'" in done.stderr
    assert "retrieval, answers" in done.stderr


def test_missing_data_are_said_before_anything_is_measured() -> None:
    done = _run("human_request")
    assert done.returncode == 2
    assert VARIABLE in done.stderr
    assert done.stdout == ""


def test_the_names_can_be_listed() -> None:
    done = _run("--list")
    assert done.returncode == 0
    listed = [line.split()[0] for line in done.stdout.splitlines()]
    assert listed == ["quality", *QUALITY, *SCRIPTS]


@pytest.mark.parametrize("name", list(QUALITY))
def test_a_quality_benchmark_can_be_run(name: str) -> None:
    assert callable(QUALITY[name].load().run)
    assert summary_of(name)


@pytest.mark.parametrize("name", list(SCRIPTS))
def test_a_script_is_there(name: str) -> None:
    assert find_spec(SCRIPTS[name].module) is not None
